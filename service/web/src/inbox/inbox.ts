// What the pages of the inbox share: the leads that were read, page after page, and the reasons that can be given.
import { computed, ref, shallowRef } from 'vue'
import { api, ask, type Problem, type Schemas } from '../shared/api'
import { tell } from '../shared/useAsk'
import { inOrder, type Push } from './leads'
import { taps, type Answer } from './taps'

const read = shallowRef<Push[]>([])
export const next = ref<string | null>(null)
export const loaded = ref(false)
export const problem = shallowRef<Problem | null>(null)
export const reasons = shallowRef<Schemas['Because']['items']>([])
export const leads = computed(() => inOrder(read.value))

let busy = false

/** The first page, or with `more` the one behind those that are here. */
export async function load(more = false): Promise<void> {
  if (busy) return
  busy = true
  try {
    const query = { limit: 50, ...(more && next.value ? { after: next.value } : {}) }
    const page = await ask(api.GET('/v1/pushes', { params: { query } }))
    read.value = more ? [...read.value, ...page.items] : page.items
    next.value = page.next ?? null
    loaded.value = true
    problem.value = null
  } catch (error) {
    problem.value = tell(error)
  } finally {
    busy = false
  }
}

/** One lead as it is now, in place of what was read before. */
export async function refresh(push: string): Promise<Push> {
  const fresh = await ask(api.GET('/v1/pushes/{push}', { params: { path: { push } } }))
  read.value = read.value.map((one) => (one.push_id === push ? fresh : one))
  return fresh
}

export function known(push: string): Push | undefined {
  return read.value.find((one) => one.push_id === push)
}

export async function loadReasons(): Promise<void> {
  if (reasons.value.length) return
  try {
    reasons.value = (await ask(api.GET('/v1/because'))).items
  } catch (error) {
    tell(error) // without them "not for us" can still be said
  }
}

/** The answer to a lead that is on its way. */
export function pendingAnswer(lead: string): Answer | null {
  const last = taps.value.filter((tap) => tap.kind === 'answer' && tap.body.lead === lead).pop()
  return last?.kind === 'answer' ? last.body : null
}
