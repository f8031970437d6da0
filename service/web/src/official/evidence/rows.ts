// The rows behind a number, page by page, and what is odd about them.
import type { Schemas } from '../../shared/api'
import { api, ask } from '../../shared/api'
import type { Moment } from '../moment'
import { decidableOf, sameKey } from '../metrics'

export type Row = Schemas['EvidenceRow']
export type Oddity = Schemas['OddityList']['items'][number]
export type Show = 'counted' | 'left-out' | 'odd' | 'all'
export const shows: Show[] = ['counted', 'left-out', 'odd', 'all']
export interface Page {
  items: Row[]
  next: string | null
}

const pageRows = 50
const oddPage = 1000 // rows looked through at a time for those that are odd

/** A row's name among all of a number. */
export function nameOf(row: Row): string {
  return `${row.agency ?? ''}\t${row.key}`
}

/** The oddities that a row stands in. */
export function odditiesOf(metric: string, row: Row, oddities: Oddity[]): Oddity[] {
  const of = decidableOf(metric, row.key)
  if (!of) return []
  return oddities.filter((one) => one.rows.some((link) => link.kind === of.kind && (link.agency === null || link.agency === row.agency) && sameKey(of.kind, link.key, of.key)))
}

async function page(policy: string, metric: string, moment: Moment, show: 'counted' | 'left-out' | undefined, after: string | undefined, limit: number): Promise<Page> {
  const query = { agency: moment.agency, as_of: moment.as_of, known_at: moment.known_at, show, after, limit }
  return (await ask(api.GET('/v1/evidence/{policy}/{metric}', { params: { path: { policy, metric }, query } }))) as Page
}

// Oddities name few rows; the number's pages are looked through for them, whatever they are counted as, until a page of them is there.
async function oddRows(policy: string, metric: string, moment: Moment, after: string | undefined, oddities: Oddity[]): Promise<Page> {
  const found: Row[] = []
  if (!oddities.some((one) => one.rows.some((link) => decidableOf(metric, link.key)?.kind === link.kind))) return { items: [], next: null }
  let next: string | null | undefined = after
  do {
    const came: Page = await page(policy, metric, moment, undefined, next ?? undefined, oddPage)
    found.push(...came.items.filter((row) => odditiesOf(metric, row, oddities).length > 0))
    next = came.next
  } while (next && found.length < pageRows)
  return { items: found, next: next ?? null }
}

export async function readPage(policy: string, metric: string, moment: Moment, show: Show, after: string | undefined, oddities: Oddity[]): Promise<Page> {
  if (show === 'odd') return oddRows(policy, metric, moment, after, oddities)
  return page(policy, metric, moment, show === 'all' ? undefined : show, after, pageRows)
}

/** Decides on rows, which may be of several agencies and kinds: one question for each. Answers how many were decided and how many wait. */
export async function decideOn(metric: string, rows: Row[], said: { verdict: 'accept' | 'reject' | 'withdraw'; reason: string; effective: string }, key: () => string): Promise<{ decided: number; waiting: number }> {
  const groups = new Map<string, { agency: string; kind: string; keys: Set<string> }>()
  for (const row of rows) {
    const of = decidableOf(metric, row.key)
    if (!of || !row.agency) continue
    const name = `${row.agency}\t${of.kind}`
    const group = groups.get(name) ?? { agency: row.agency, kind: of.kind, keys: new Set<string>() }
    group.keys.add(of.key)
    groups.set(name, group)
  }
  const sum = { decided: 0, waiting: 0 }
  for (const { agency, kind, keys } of groups.values()) {
    const answer = await ask(api.POST('/v1/decisions', { params: { query: { agency }, header: { 'Idempotency-Key': key() } }, body: { ...said, kind, keys: [...keys] } }))
    sum.decided += answer.keys.length
    sum.waiting += answer.waiting?.length ?? 0
  }
  return sum
}
