// Words: Chinese first, English complete. Each page brings its own beside the shared ones; the type of the Chinese words makes
// a missing English one an error of compilation. The words of the other language are fetched by whoever asks for it.
import { createI18n } from 'vue-i18n'
import { en } from './words.en'
import { zh } from './words.zh'
import { keep, kept } from './kept'
import { tellLook } from './look'

export type Language = 'zh' | 'en'
type Fetch<Words> = () => Promise<Words>

const shared = { zh, en }
/** Puts a language on the page, once its words are here. */
let put: (language: Language) => Promise<void>

export async function makeI18n<Words extends object>(own: { zh: Fetch<Words>; en: Fetch<Words> }) {
  const locale: Language = kept('language') === 'en' ? 'en' : 'zh'
  const wordsOf = async (language: Language) => ({ ...shared[language], ...(await own[language]()) })
  const i18n = createI18n({ legacy: false, locale, fallbackLocale: locale, messages: { [locale]: await wordsOf(locale) } as never })
  put = async (language) => {
    i18n.global.setLocaleMessage(language, (await wordsOf(language)) as never)
    i18n.global.locale.value = language as never
  }
  document.documentElement.lang = htmlLanguage(locale)
  return i18n
}

function htmlLanguage(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}

/** Throws where its words can't be fetched: then all stays as it is. */
export async function changeLanguage(language: Language): Promise<void> {
  await put(language)
  keep('language', language)
  document.documentElement.lang = htmlLanguage(language)
  tellLook()
}
