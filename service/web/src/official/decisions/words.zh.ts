export const zh = { title: '审核决定' }

export type Words = typeof zh
