export const zh = { title: 'agency' }

export type Words = typeof zh
