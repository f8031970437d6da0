export const zh = { title: '跟进' }

export type Words = typeof zh
