export const zh = { title: 'inbox' }

export type Words = typeof zh
