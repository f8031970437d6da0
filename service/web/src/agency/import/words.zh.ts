export const zh = { title: '导入' }

export type Words = typeof zh
