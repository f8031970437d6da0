export const zh = { title: '数字背后' }

export type Words = typeof zh
