export const zh = {
  brand: '专利桥',
  language: 'English',
  theme: { label: '明暗', auto: '随系统', light: '浅色', dark: '深色' },
  signOut: '退出',
  retry: '重试',
  loading: '载入中…',
  invented: '虚构',
  inventedLong: '虚构的演示数据，不计入任何真实统计',
  skip: '跳到正文',
  pages: '页面',
  close: '关闭',
  cancel: '取消',
  problem: {
    offline: '连不上服务，请检查网络后重试。',
    unauthorized: '登录已结束，请重新登录。',
    forbidden: '您的账号无权进行此操作。',
    'not-found': '没有找到。',
    conflict: '与他人的更改相冲突，请刷新后再看。',
    precondition: '这条记录刚被他人改过，请刷新后再改。',
    'too-many': '请求过多，请稍候再试。',
    unavailable: '数据库暂时不可用，请稍后再试。',
    internal: '服务出错，原因已写入日志。',
    other: '未能完成。',
  },
}

export type SharedWords = typeof zh
