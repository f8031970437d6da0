export const zh = {
  title: '今日',
  lede: '等着本机构处理的事，按一下数字即可逐件办理：审核线索、跟进答复、修改拒收的行。',
  nothing: '眼下没有要办的事。',
  toImport: '导入新的专利或需求',
  what: { leads_to_review: '条线索待审', answers_to_follow: '家企业的答复待跟进', refused_rows: '行拒收待修改', dead_letters: '次推送未能送达', needs_ending: '项需求将在 {days} 天内到期' },
  how: { leads_to_review: '按键盘即可逐条审核', answers_to_follow: '企业感兴趣，尚无合同', refused_rows: '改好即可导入', dead_letters: '看看是什么原因', needs_ending: '问问企业是否还需要' },
  heads: { enterprise: '企业', patent: '专利', channel: '渠道', attempts: '次数', when: '时间', error: '原因' },
  noDead: '没有未送达的推送。',
  noEnding: '近期没有到期的需求。',
}

export type Words = typeof zh
