export const zh = { title: '设置' }

export type Words = typeof zh
