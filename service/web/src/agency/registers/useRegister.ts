// One register's list: what is asked, the pages that came, and the next one when somebody comes near the end.
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { api, ask, type Problem } from '../../shared/api'
import { keep, kept } from '../../shared/kept'
import { tell } from '../../shared/useAsk'
import { registers, type Kind, type Row } from './kinds'

const page = 100

export interface Asked {
  words: string
  filters: Record<string, string>
}

interface Page {
  items: Row[]
  next: string | null
  found_by?: 'engine'
}

/** The parameters of the list and of its workbook. */
export function queryOf(kind: Kind, asked: Asked, columns: readonly string[]): Record<string, string> {
  const known = registers[kind].filters.map((filter) => filter.field)
  const filters = Object.entries(asked.filters).filter(([name, value]) => known.includes(name) && value)
  const own = columns.filter((name) => name !== 'recorded_at' && name !== 'held_since')
  return { ...Object.fromEntries(filters), ...(asked.words.trim() ? { q: asked.words.trim() } : {}), columns: own.join(',') }
}

export function exportAddress(kind: Kind, asked: Asked, columns: readonly string[]): string {
  return `./v1/${kind}:export?${new URLSearchParams({ ...queryOf(kind, asked, columns), columns: columns.filter((name) => name !== 'recorded_at').join(',') })}`
}

/** The columns that somebody chose for a kind; they stay in this browser. */
export function useColumns(kind: Ref<Kind>) {
  const chosen = shallowRef<readonly string[]>([])
  const read = () => {
    const said = kept(`columns.${kind.value}`)?.split(',').filter((name) => registers[kind.value].columns.includes(name))
    chosen.value = said?.length ? said : registers[kind.value].first
  }
  watch(kind, read, { immediate: true })
  const toggle = (name: string) => {
    const wanted = registers[kind.value].columns.filter((one) => (one === name ? !chosen.value.includes(one) : chosen.value.includes(one)))
    if (!wanted.length) return
    chosen.value = wanted
    keep(`columns.${kind.value}`, wanted.join(','))
  }
  return { chosen, toggle }
}

export function useRegister(kind: Ref<Kind>, asked: Ref<Asked>, columns: Ref<readonly string[]>) {
  const rows = shallowRef<Row[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const byEngine = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let latest = 0

  async function fetchPage(after: string | null) {
    const mine = ++latest
    busy.value = true
    try {
      const query = { ...queryOf(kind.value, asked.value, columns.value), limit: page, ...(after ? { after } : {}) }
      const came = (await ask(api.GET('/v1/{records}', { params: { path: { records: kind.value }, query: query as never } }))) as unknown as Page
      if (mine !== latest) return
      rows.value = after ? [...rows.value, ...came.items] : came.items
      next.value = came.next
      byEngine.value = came.found_by === 'engine'
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = tell(error)
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  const more = () => {
    if (next.value && !busy.value) void fetchPage(next.value)
  }
  const again = () => fetchPage(null)
  return { rows, next, busy, byEngine, problem, more, again, whole: computed(() => !next.value) }
}
