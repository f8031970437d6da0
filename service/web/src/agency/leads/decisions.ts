// What somebody decides on a lead is sent at once, and held by the service for some seconds, in which it can be taken back (see
// docs/decisions.md): closing the browser loses nothing, and a second person sees at once what the first one decided.
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { api, ask, newKey, Problem, type Schemas } from '../../shared/api'
import { tell } from '../../shared/useAsk'
import type { Lead, Queue } from './queue'

export const UNDO_S = 10

export interface Undoable {
  leads: readonly Lead[] // as they were; none: many at once, which the list does not know
  count: number
  state: 'accepted' | 'rejected'
  decidedAt: string
  key: string
}

/** What somebody else had decided before. */
export interface Overtaken {
  lead: string
  state: Lead['state']
  who: string
  when: string
  reason: string
  same: boolean
}

type Reviewed = Schemas['Reviewed']

export function useDecisions(queue: Queue, counted: () => void) {
  const undoable = shallowRef<Undoable | null>(null)
  const left = ref(0)
  const said = ref<'' | 'done' | 'late'>('')
  const overtaken = shallowRef<Overtaken | null>(null)
  const problem = shallowRef<Problem | null>(null)
  let timer: ReturnType<typeof setInterval> | undefined
  const working = new Set<string>()

  function stop() {
    clearInterval(timer)
    undoable.value = null
  }

  function offerUndo(what: Undoable) {
    stop()
    said.value = ''
    undoable.value = what
    const end = performance.now() + UNDO_S * 1000
    left.value = UNDO_S
    timer = setInterval(() => {
      left.value = Math.max(0, Math.ceil((end - performance.now()) / 1000))
      if (left.value === 0) stop()
    }, 200)
  }

  /** Somebody else was first: what they decided; where that can't be read, what went wrong is said instead. */
  async function lookAgain(lead: Lead, same: boolean) {
    const now = await ask(api.GET('/v1/leads/{lead}', { params: { path: { lead: lead.lead } } })).catch((error) => void (problem.value = tell(error)))
    if (!now) return
    queue.change(lead.lead, now)
    overtaken.value = {
      lead: lead.lead,
      state: now.state,
      who: now.decided_by ?? '',
      when: now.decided_at ?? '',
      reason: now.decision_reason ?? '',
      same,
    }
  }

  function taken(lead: Lead, answer: Reviewed, hold: boolean) {
    const state = answer.verdict === 'accept' ? 'accepted' : 'rejected'
    queue.change(lead.lead, {
      state: answer.state ?? state,
      decided_by: answer.decided_by ?? null,
      decided_at: answer.decided_at ?? null,
      decision_reason: answer.decision_reason ?? null,
    })
    if (hold && answer.decided_at) offerUndo({ leads: [lead], count: 1, state, decidedAt: answer.decided_at, key: newKey() })
    counted()
  }

  /** Sent once however often it is pressed; what another one decided meanwhile stands. */
  async function decide(lead: Lead, verdict: 'accept' | 'reject', reason: string | null) {
    if (working.has(lead.lead)) return
    working.add(lead.lead)
    overtaken.value = null
    problem.value = null
    const hold = lead.state === 'proposed'
    const options = {
      params: { path: { lead: lead.lead }, header: { 'Idempotency-Key': newKey() } },
      body: { ...(reason ? { reason } : {}), ...(hold ? { hold } : {}) },
    }
    try {
      const answer = await ask(
        verdict === 'accept' ? api.POST('/v1/leads/{lead}/accept', options) : api.POST('/v1/leads/{lead}/reject', options),
      )
      if (answer.already) await lookAgain(lead, true)
      else {
        taken(lead, answer, hold)
        if (queue.current.value?.lead === lead.lead) queue.goOn()
      }
    } catch (error) {
      const why = tell(error)
      if (why.status === 409) await lookAgain(lead, false)
      else problem.value = why
    } finally {
      working.delete(lead.lead)
    }
  }

  async function undo() {
    const what = undoable.value
    if (!what) return
    stop()
    try {
      await ask(
        api.POST('/v1/leads/take-back', { params: { header: { 'Idempotency-Key': what.key } }, body: { decided_at: what.decidedAt } }),
      )
      for (const lead of what.leads) queue.change(lead.lead, lead)
      const place = queue.items.value.findIndex((lead) => lead.lead === what.leads[0]?.lead)
      if (place >= 0) queue.go(place)
      said.value = 'done'
      counted()
    } catch (error) {
      const why = tell(error)
      if (why.status === 409) said.value = 'late'
      else problem.value = why
    }
  }

  onBeforeUnmount(stop)
  return { undoable, left, said, overtaken, problem, decide, undo, offerUndo }
}
