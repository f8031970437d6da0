// What codes of reasons mean: one table for commands, workbooks and pages, asked for once.
import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, ask } from '../shared/api'

const table = shallowRef<Record<string, { zh: string; en: string }>>({})
let asked = false

async function fetchWords(): Promise<void> {
  try {
    table.value = (await ask(api.GET('/v1/words'))).items
  } catch {
    asked = false // the codes themselves are shown; the next page asks again
  }
}

/** word(code) in the reader's language; the code itself where the table has none. both({zh, en}) likewise. */
export function useWording() {
  const { locale } = useI18n()
  const language = () => (locale.value === 'zh' ? 'zh' : 'en')
  if (!asked) {
    asked = true
    void fetchWords()
  }
  const word = (code: string) => table.value[code]?.[language()] ?? code
  const both = (of: { zh: string; en: string } | null | undefined) => of?.[language()] ?? ''
  return { word, both }
}
