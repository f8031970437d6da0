// The calendar's words, in the page's language only; with them on which day its week begins.
import { shallowRef } from 'vue'
import type { Language as Words } from 'element-plus/es/locale'

const fetched = {
  zh: async () => (await Promise.all([import('element-plus/es/locale/lang/zh-cn.mjs'), import('dayjs/locale/zh-cn')]))[0].default,
  en: async () => undefined, // Element Plus brings them with it
}
export const words = shallowRef<Words | undefined>()

export async function calendarWords(language: string = document.documentElement.lang): Promise<void> {
  words.value = await fetched[language.startsWith('zh') ? 'zh' : 'en']()
}
