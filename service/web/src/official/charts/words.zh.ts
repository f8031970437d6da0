export const zh = { title: '图表' }

export type Words = typeof zh
