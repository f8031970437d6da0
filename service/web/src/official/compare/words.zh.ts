export const zh = { title: '两日对比' }

export type Words = typeof zh
