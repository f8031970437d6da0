import type { Words } from './words.zh'

export const en: Words = { title: 'Today' }
