export const zh = {
  title: '今日',
  lede: '等着本机构处理的事，按一下数字即可逐件办理：审核线索、跟进答复、修改拒收的行。',
  nothing: '眼下没有要办的事。',
  toImport: '导入新的专利或需求',
  what: { leads_to_review: '条线索待审', answers_to_follow: '家企业的答复待跟进', refused_rows: '行拒收待修改', dead_letters: '次推送未能送达', needs_ending: '项需求将在 {days} 天内到期' },
  how: { leads_to_review: '按键盘即可逐条审核', answers_to_follow: '到了约定的日子，或还没有安排下一步', refused_rows: '改好即可导入', dead_letters: '看原因，重发', needs_ending: '问问企业是否还需要' },
  again: '已重新排队 {n} 条，马上发送。', refused: { channel_off: '没有重发：{names} 的渠道未启用，请先在设置中启用或重新登记。', stopped: '没有重发：{names} 已表示不再接收。' },
  times: '{n} 条', sendAll: '全部重发（{n}）', send: '重发', toChannels: '去设置渠道', channelOff: '渠道未启用', tries: '试过 {n} 次', said: '对方原话：', someOf: '显示最近 {n} 条，共 {all} 条。',
  deadTitle: '未能送达的推送',
  noDead: '没有未送达的推送。',
  noEnding: '近期没有到期的需求。',
}

export type Words = typeof zh
