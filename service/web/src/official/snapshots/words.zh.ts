export const zh = { title: '快照与核验' }

export type Words = typeof zh
