export const zh = {
  title: '登录',
  lede: '运营机构、企业与主管部门从这里进入各自的工作台。',
  name: '账号',
  password: '密码',
  code: '动态验证码',
  codeHelp: '仅在账号启用了动态验证码时填写',
  go: '登录',
  wrong: '账号、密码或验证码不对。',
  wait: '失败次数过多，请等待 {seconds} 秒后再试。',
  change: { title: '设置新密码', lede: '这个密码别人也知道。设置只有您知道的新密码后即可开始。', next: '新密码（至少 10 个字符）', again: '再输一次', differ: '两次输入不一致。', go: '保存并进入' },
  noAccount: '企业请使用推送或邀请里的链接进入；机构人员请向本机构的管理员要账号。',
}

export type Words = typeof zh
