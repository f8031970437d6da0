export const zh = { title: 'official' }

export type Words = typeof zh
