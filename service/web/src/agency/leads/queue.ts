// The leads to look through, a page at a time, and which one is being looked at.
import { computed, ref, shallowRef } from 'vue'
import { api, ask, type Problem, type Schemas } from '../../shared/api'
import { tell } from '../../shared/useAsk'

export type Lead = Schemas['Lead']
export type LeadState = Lead['state']

const PAGE = 50

export function useQueue() {
  const items = shallowRef<Lead[]>([])
  const at = ref(0)
  const next = ref<string | null>(null)
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const asked = { state: 'proposed' as LeadState, need: '' }
  const current = computed(() => items.value[at.value] ?? null)
  let latest = 0

  async function fetchPage(after: string | undefined) {
    const mine = ++latest
    busy.value = true
    try {
      const query = { state: asked.state, limit: PAGE, ...(asked.need ? { need: asked.need } : {}), ...(after ? { after } : {}) }
      const page = await ask(api.GET('/v1/leads', { params: { query } }))
      if (mine !== latest) return
      items.value = after ? [...items.value, ...page.items] : page.items
      next.value = page.next
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = tell(error)
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  async function look(state: LeadState, need: string) {
    asked.state = state
    asked.need = need
    at.value = 0
    items.value = []
    await fetchPage(undefined)
  }

  async function more() {
    if (next.value && !busy.value) await fetchPage(next.value)
  }

  function go(place: number) {
    at.value = Math.max(0, Math.min(place, items.value.length - 1))
    if (at.value >= items.value.length - 5) void more()
  }

  /** The next one that nobody has decided on, or simply the next. */
  function goOn() {
    const open = items.value.findIndex((lead, i) => i > at.value && lead.state === 'proposed')
    go(open < 0 ? at.value + 1 : open)
  }

  function change(lead: string, to: Partial<Lead>) {
    items.value = items.value.map((one) => (one.lead === lead ? { ...one, ...to } : one))
  }

  return { items, at, current, next, busy, problem, look, more, go, goOn, change }
}

export type Queue = ReturnType<typeof useQueue>
