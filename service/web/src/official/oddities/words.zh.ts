export const zh = { title: '异常' }

export type Words = typeof zh
