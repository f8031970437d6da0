// What the pages need of vue-i18n, in its place (vite.config.ts): words by their path, names filled in, the language changed at once.
// vue-i18n with its compiler of messages would be a quarter of all that the inbox fetches; no message of ours needs it.
import { inject, ref, type App, type Ref } from 'vue'

type Words = { readonly [name: string]: string | Words }
type Named = Record<string, unknown>
interface Composer {
  t: (path: string, named?: Named) => string
  te: (path: string) => boolean
  locale: Ref<string>
  setLocaleMessage: (language: string, words: Words) => void
}
interface Options {
  locale: string
  fallbackLocale: string
  messages: Record<string, Words>
}

const place = Symbol('words')

function find(words: Words | undefined, path: string): string | undefined {
  let found: string | Words | undefined = words
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || !(name in found)) return undefined
    found = found[name]
  }
  return typeof found === 'string' ? found : undefined
}

/** "{n} of {all}" with what is named; a name that nobody gave is nothing. */
export function fill(text: string, named: Named = {}): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name] ?? ''))
}

export function createI18n({ locale: first, fallbackLocale, messages }: Options) {
  const locale = ref(first)
  const global: Composer = {
    locale,
    setLocaleMessage: (language, words) => void (messages[language] = words),
    te: (path) => find(messages[locale.value], path) !== undefined,
    t: (path, named) => fill(find(messages[locale.value], path) ?? find(messages[fallbackLocale], path) ?? path, named),
  }
  return { global, install: (app: App) => void app.provide(place, global) }
}

export function useI18n(): Composer {
  return inject<Composer>(place)!
}
