// Taps that are not lost: each is kept in this browser until the service has said what became of it, and sent again while the line is
// bad. Each has an Idempotency-Key of its own, so that what arrived although no answer came is done once. Nothing in them is secret.
import { computed, ref } from 'vue'
import { api, ask, newKey, Problem } from '../shared/api'
import type { paths } from '../generated/schema'
import { keep, kept } from '../shared/kept'
import { findSession, goToSignIn, session } from '../shared/session'

type Because = NonNullable<NonNullable<paths['/v1/feedback']['post']['requestBody']>['content']['application/json']['because']>
export type Answer = { lead: string; answer: 'interested' | 'not_fit' | 'stop'; because?: Because }
export type Tap = { key: string; of: string; at: string } & (
  | { kind: 'answer'; body: Answer }
  | { kind: 'opened'; push: string }
  | { kind: 'need'; need: string; lang: 'zh' | 'en'; body: { text: string } }
  | { kind: 'close'; need: string }
  | { kind: 'resume' }
  | { kind: 'wishes'; body: { weekly_limit: number | null; quiet: string | null } }
)
type Said = Tap extends infer One ? (One extends Tap ? Omit<One, 'key' | 'of' | 'at'> : never) : never
export interface Refused {
  tap: Tap
  problem: Problem
}

const store = 'inbox.taps'
const all = ref<Tap[]>(read())
export const refused = ref<Refused[]>([])
/** Those of the enterprise that sits here: on a shared device others' wait for themselves. */
export const taps = computed(() => all.value.filter((tap) => tap.of === me()))
const done = new Map<string, (answer: unknown) => void>()
let sending = false
let again: ReturnType<typeof setTimeout> | undefined
let wait = 2000

function me(): string {
  return session.value?.enterprise?.uscc ?? ''
}

function read(): Tap[] {
  try {
    const found: unknown = JSON.parse(kept(store) ?? '[]')
    return Array.isArray(found) ? found : []
  } catch {
    return []
  }
}

// Another tab may have sent, or added: what is kept is the truth.
function change(how: (taps: Tap[]) => Tap[]): void {
  all.value = how(read())
  keep(store, JSON.stringify(all.value))
}

/** Whether a push's opening is on its way. */
export function isOpening(push: string): boolean {
  return taps.value.some((one) => one.kind === 'opened' && one.push === push)
}

/** Keeps a tap and sends it as soon as that goes; `then` is told what the service answered, while this page lasts. */
export function tap(said: Said, then?: (answer: never) => void): void {
  const one = { ...said, key: newKey(), of: me(), at: new Date().toISOString() } as Tap
  if (then) done.set(one.key, then as (answer: unknown) => void)
  change((taps) => [...taps, one])
  wait = 2000
  void send()
}

function send1(one: Tap): Promise<unknown> {
  const header = { 'Idempotency-Key': one.key }
  switch (one.kind) {
    case 'answer':
      return ask(api.POST('/v1/feedback', { params: { header }, body: one.body }))
    case 'opened':
      return ask(api.POST('/v1/pushes/{push}/opened', { params: { header, path: { push: one.push } }, body: {} }))
    case 'need':
      return ask(api.PUT('/v1/own/needs/{need}', { params: { header, path: { need: one.need }, query: { lang: one.lang } }, body: one.body }))
    case 'close':
      return ask(api.POST('/v1/own/needs/{need}/close', { params: { header, path: { need: one.need } }, body: {} }))
    case 'resume':
      return ask(api.POST('/v1/own/resume', { params: { header }, body: {} }))
    case 'wishes':
      return ask(api.PUT('/v1/own/wishes', { params: { header }, body: one.body }))
  }
}

/** What to do about a failure: the same again later, after another look at the session, or never. */
export function verdict(problem: Problem): 'later' | 'session' | 'never' {
  if (problem.status === 401 || problem.kind === 'csrf') return 'session'
  if (!problem.status || problem.status >= 500 || problem.status === 429 || problem.kind === 'idempotency-key-in-use') return 'later'
  return 'never'
}

function later(): void {
  clearTimeout(again)
  again = setTimeout(send, wait)
  wait = Math.min(wait * 2, 60_000)
}

async function lookAtSession(): Promise<boolean> {
  if (await findSession().catch(() => session.value)) return true
  goToSignIn()
  return false
}

function failed(one: Tap, error: unknown): 'later' | 'session' | 'never' {
  if (!(error instanceof Problem)) throw error
  const what = verdict(error)
  if (what === 'never') {
    refused.value = [...refused.value, { tap: one, problem: error }]
    forget(one)
  }
  return what
}

function forget(one: Tap): void {
  change((taps) => taps.filter((other) => other.key !== one.key))
}

async function sendAll(): Promise<void> {
  let looked = false
  for (let one = taps.value[0]; one; one = taps.value[0]) {
    try {
      const answer = await send1(one)
      forget(one)
      done.get(one.key)?.(answer)
    } catch (error) {
      const what = failed(one, error)
      if (what === 'session' && (looked || !(await lookAtSession()))) return
      if (what === 'later') return later()
      looked = what === 'session'
    }
  }
  wait = 2000
}

export async function send(): Promise<void> {
  if (sending || !taps.value.length) return
  sending = true
  try {
    await sendAll()
  } finally {
    sending = false
  }
}

export function keepSending(): void {
  addEventListener('online', () => void send())
  addEventListener('storage', () => (all.value = read()))
  document.addEventListener('visibilitychange', () => document.hidden || void send())
  void send()
}
