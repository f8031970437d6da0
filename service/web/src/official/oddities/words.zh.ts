export const zh = {
  title: '异常',
  lede: '只提示，不评判：任何数字都不因此改变。看过之后请写一句缘由。',
  unseen: '只看未看过的',
  anyRule: '全部规则',
  rule: '规则',
  rows: '有关记录（{count}）',
  seen: '{by} 于 {at} 看过：{reason}',
  reason: '看过之后的一句话',
  mark: '记为看过',
  several: '涉及多家',
  from: '界限：{number}',
  none: '没有异常。',
  moreRows: '还有 {count} 条',
}

export type Words = typeof zh
