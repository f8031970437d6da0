// The board's stages, and what moving a card says to the service.
import { api, ask, askWhole, newKey, type Schemas } from '../../shared/api'

export type Card = Schemas['FollowUp']
export type Stage = Schemas['FollowStage']

export const stages: readonly Stage[] = ['interested', 'contact', 'visit', 'offer', 'contract', 'registered']
export const everyStage: readonly Stage[] = [...stages, 'ended']

export interface Step {
  stage?: Stage
  due?: string | null
  deal?: string | null
  note?: string | null
}

/** Keeps a step; with the tag of the state that was looked at, only if nobody else has changed it since. */
export async function keepStep(lead: string, step: Step, tag?: string | null): Promise<Card> {
  const header = { 'Idempotency-Key': newKey(), ...(tag ? { 'If-Match': tag } : {}) }
  return ask(api.PUT('/v1/follow-ups/{lead}', { params: { path: { lead }, header }, body: step as never }))
}

/** One card with its steps, and the tag of its state. */
export async function readCard(lead: string): Promise<{ card: Card; tag: string | null }> {
  const answer = await askWhole(api.GET('/v1/follow-ups/{lead}', { params: { path: { lead } } }))
  return { card: answer.data as Card, tag: answer.response.headers.get('ETag') }
}

/** The cards of each column, as they came. */
export function columnsOf(cards: Card[], shown: readonly Stage[]): { stage: Stage; cards: Card[] }[] {
  return shown.map((stage) => ({ stage, cards: cards.filter((card) => card.stage === stage) }))
}
