export const zh = { title: '台账' }

export type Words = typeof zh
