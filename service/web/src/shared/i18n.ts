// Words: Chinese first, English complete. Each page brings its own beside the shared ones; the type of the Chinese words makes
// a missing English one an error of compilation.
import { createI18n } from 'vue-i18n'
import { en } from './words.en'
import { zh } from './words.zh'
import { keep, kept } from './kept'

export type Language = 'zh' | 'en'

export function makeI18n<Words extends object>(own: { zh: Words; en: Words }) {
  const locale: Language = kept('language') === 'en' ? 'en' : 'zh'
  const i18n = createI18n({
    legacy: false,
    locale,
    fallbackLocale: 'zh',
    messages: { zh: { ...zh, ...own.zh }, en: { ...en, ...own.en } } as never,
  })
  document.documentElement.lang = htmlLanguage(locale)
  return i18n
}

function htmlLanguage(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}

export function rememberLanguage(language: Language): void {
  keep('language', language)
  document.documentElement.lang = htmlLanguage(language)
}
