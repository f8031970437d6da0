export const zh = { title: '今日' }

export type Words = typeof zh
