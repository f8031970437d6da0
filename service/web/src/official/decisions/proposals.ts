// What waits for a second official: on records, and on a policy's parameters.
import type { Schemas } from '../../shared/api'
import { api, ask, newKey } from '../../shared/api'

export type ParameterDecision = {
  clause: string
  parameter: string
  verdict: 'set' | 'withdraw'
  value?: unknown
  state: 'decided' | 'proposed'
  by: string
  reason: string
  effective: string
  at: string
}
type OnRecord = Schemas['ProposalList']['items'][number]

export interface Waiting {
  id: string
  kind: string // of record, or "parameter"
  what: string
  agency: string
  verdict: 'accept' | 'reject' | 'withdraw' | 'set'
  value?: unknown
  by: string
  reason: string
  effective: string
  at: string
  agree: (reason: string) => Promise<boolean> // true: it holds now
}

/** Proposals on parameters with no decision on the same parameter behind them; of the same words by the same person, the last. */
export function openProposals(all: ParameterDecision[]): ParameterDecision[] {
  const name = (one: ParameterDecision) => `${one.clause}/${one.parameter}`
  return all.filter((one, i) => {
    const later = all.slice(i + 1).filter((other) => name(other) === name(one))
    const again = (other: ParameterDecision) => other.by === one.by && other.verdict === one.verdict && other.effective === one.effective && JSON.stringify(other.value) === JSON.stringify(one.value)
    return one.state === 'proposed' && !later.some((other) => other.state === 'decided' || again(other))
  })
}

function ofRecord(one: OnRecord): Waiting {
  const agree = async (reason: string) => {
    const body = { verdict: one.verdict, kind: one.kind, keys: [one.key], reason, effective: one.effective }
    const answer = await ask(api.POST('/v1/decisions', { params: { query: { agency: one.agency }, header: { 'Idempotency-Key': newKey() } }, body }))
    return !answer.waiting?.length
  }
  return { id: one.proposal_id, kind: one.kind, what: one.key, agency: one.agency, verdict: one.verdict, by: one.proposed_by, reason: one.reason, effective: one.effective, at: one.proposed_at, agree }
}

function ofParameter(policy: string, one: ParameterDecision): Waiting {
  const agree = (reason: string) => decideParameter(policy, { ...one, reason })
  const what = `${one.clause}${one.clause ? '/' : ''}${one.parameter}`
  return { id: `${what} ${one.at}`, kind: 'parameter', what, agency: '', verdict: one.verdict, value: one.value, by: one.by, reason: one.reason, effective: one.effective, at: one.at, agree }
}

/** True: it holds; false: it waits for a second official. */
export async function decideParameter(policy: string, one: Pick<ParameterDecision, 'clause' | 'parameter' | 'verdict' | 'value' | 'reason' | 'effective'>): Promise<boolean> {
  const body = {
    verdict: one.verdict,
    ...(one.clause ? { clause: one.clause } : {}),
    parameter: one.parameter,
    ...(one.verdict === 'set' ? { value: one.value } : {}),
    reason: one.reason,
    effective: one.effective,
  }
  const answer = await ask(api.POST('/v1/parameters/{policy}', { params: { path: { policy }, header: { 'Idempotency-Key': newKey() } }, body: body as never }))
  return !answer.waiting
}

export async function readWaiting(policy: string): Promise<Waiting[]> {
  const [records, parameters] = await Promise.all([ask(api.GET('/v1/decisions/waiting')), ask(api.GET('/v1/parameters/{policy}', { params: { path: { policy } } }))])
  return [...records.items.map(ofRecord), ...openProposals(parameters.items as ParameterDecision[]).map((one) => ofParameter(policy, one))]
}
