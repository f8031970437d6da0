export const zh = { title: '政策进度' }

export type Words = typeof zh
