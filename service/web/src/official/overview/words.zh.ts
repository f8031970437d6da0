export const zh = { title: '总览' }

export type Words = typeof zh
