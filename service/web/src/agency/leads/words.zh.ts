export const zh = { title: '线索审核' }

export type Words = typeof zh
