export const zh = {
  title: '设置',
  tab: { people: '人员', keys: '接口密钥', channels: '推送渠道', limits: '推送上限', feeds: '自动来源' },
  none: '没有。',
  agency: '机构代码',
  yes: '是',
  no: '否',
  people: {
    name: '姓名（登录名）', role: '角色', signedIn: '最近登录', never: '从未', state: '状态', inUse: '在用', off: '停用', removed: '已删除', totp: '动态码', sessions: '登录中',
    add: '添加人员', added: '{name} 的初始密码（只显示这一次，首次登录须更改）：', newPassword: '重发密码', disable: '停用', enable: '恢复', signOut: '全部退出', do: '操作',
    enterprise_uscc: '企业信用代码', wrong: '名称或角色有误。',
  },
  role: { administrator: '管理员', agency_manager: '机构负责人', agency_clerk: '机构经办', official: '主管部门', enterprise: '企业' },
  keys: { name: '名称', id: '编号', last: '最近使用', ends: '到期', make: '新建密钥', made: '密钥（只显示这一次）：', revoke: '吊销', revoked: '已吊销', help: '供本机构自己的程序调用接口，有效期一年。' },
  channels: {
    help: '企业除站内以外接收推送的地方。地址和密钥加密保存，保存后不再显示；每次更改和测试都有记录可查。',
    helpClerk: '企业除站内以外接收推送的地方。由机构负责人设置；地址和密钥加密保存，这里不显示。',
    none: '尚未设置渠道，推送只发到企业的站内收件箱。', enterprise: '企业', channel: '渠道', address: '地址', state: '状态', failures: '连续失败 {n} 次', off: '已自动停用：{why}', offByHand: '已停用', good: '在用',
    hold: '暂停至 {at}', oldSecret: '旧密钥并用至 {at}', add: '添加渠道', change: '更改', turnOff: '停用', turnOn: '启用', save: '保存', test: '测试', testFirst: '先发一条测试', testing: '等待对方答复…',
    find: '按名称或统一社会信用代码找企业', noneFound: '没有找到这家企业，请先导入。', keyword: '关键词（机器人安全设置要求时填写）', makeSecret: '生成密钥', handOver: '请把这串密钥交给企业，用来核对签名；保存后不再显示。',
    onlySecret: '只换密钥，地址不变；旧密钥继续并用 24 小时', again: '地址和密钥须重新填写：原来的已加密，无法取出。',
    addressOf: {
      wecom: '群机器人地址（https://qyapi.weixin.qq.com/…key=…）', dingtalk: '群机器人地址（https://oapi.dingtalk.com/…access_token=…）', feishu: '群机器人地址（https://open.feishu.cn/…/hook/…）',
      email: '邮箱地址', webhook: '企业系统的接收地址（https://…）',
    },
    secretOf: { webhook: '签名密钥（whsec_ 开头）', robot: '加签密钥（机器人安全设置开启加签时填写）' },
    taken: { accepted: '企业的系统已收到测试消息。', sent: '平台已接收测试消息，请在群里或邮箱里看看是否到达。' },
    notTaken: '没有送达：{why}。', took: '用时 {s} 秒', said: '对方原话：', noPush: '测试消息不是推送，不计入任何统计。',
  },
  limits: {
    help: '每家企业每周最多推送多少条、何时免打扰。企业自己也可以在其页面更改。', search: '企业名称或统一社会信用代码', enterprise: '企业', weekly: '每周上限', quiet: '免打扰（如 22:00-08:00）',
    save: '保存', saved: '已保存 {name}。',
  },
  feeds: {
    help: '系统按时自动读取的来源，新的内容自动导入。地址可能含有口令，保存后只显示主机名；服务器上的文件夹由系统管理员用命令 patbridge feed 登记。',
    helpClerk: '系统按时自动读取的来源，新的内容自动导入。由机构负责人设置。', none: '尚未设置自动来源。',
    kind: '读到的是', url: '网址（https 开头）', every: '多久读一次', each: '每 {time}一次', nextAt: '下次 {at}', days: '{n} 天', hours: '{n} 小时', minutes: '{n} 分钟', seconds: '{n} 秒',
    off: '已停用', failures: '连续失败 {n} 次', notYet: '还没有读过', add: '添加来源', change: '更改', end: '停用', begin: '重新启用', look: '现在读取', asked: '已通知，稍后会读取。', save: '保存',
    atOnce: '保存后马上读取一次。', paging: '分页', pages: { none: '一次全部给出', link: '按 Link 头翻页', cursor: '按游标翻页（JSON）' },
    cursor: { items: '记录所在的字段', next: '下一页游标所在的字段', parameter: '传游标的参数' },
    came: { loaded: '有新内容，已导入', same: '没有变化', refused: '部分行被拒收', later: '未读成，稍后再试', off: '已停用' },
  },
}

export type Words = typeof zh
