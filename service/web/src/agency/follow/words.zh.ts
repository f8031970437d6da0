export const zh = {
  title: '跟进',
  stage: { interested: '感兴趣', contact: '已联系', visit: '已走访', offer: '已报价', contract: '已签约', registered: '已登记', ended: '已终止' },
}

export type Words = typeof zh
