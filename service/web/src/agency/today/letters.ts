// Pushes that could not be delivered, by what went wrong.
import { api, ask, newKey, type Schemas } from '../../shared/api'

export type Letter = Schemas['DeadLetter']
export interface Cause {
  code: string
  trouble: Letter['trouble']
  letters: Letter[]
}

/** The most frequent cause first; those of one cause stay in their order. */
export function causesOf(letters: readonly Letter[]): Cause[] {
  const causes = new Map<string, Cause>()
  for (const letter of letters) {
    const cause = causes.get(letter.trouble.code) ?? { code: letter.trouble.code, trouble: letter.trouble, letters: [] }
    cause.letters.push(letter)
    causes.set(cause.code, cause)
  }
  return [...causes.values()].sort((one, other) => other.letters.length - one.letters.length)
}

export const find = () => ask(api.GET('/v1/dead-letters', { params: { query: { limit: 1000 } } }))

export interface Done {
  back: number
  refused: { enterprise: string; why: 'channel_off' | 'stopped' }[]
}

/** Puts these back to be sent; an administrator's may be of several agencies. */
export async function sendAgain(letters: readonly Letter[]): Promise<Done> {
  const done: Done = { back: 0, refused: [] }
  for (const agency of new Set(letters.map((one) => one.agency))) {
    const ids = letters.filter((one) => one.agency === agency).map((one) => one.outbox_id)
    const said = await ask(api.POST('/v1/dead-letters/replay', { params: { query: { agency }, header: { 'Idempotency-Key': newKey() } }, body: { letters: ids } }))
    done.back += said.put_back
    done.refused.push(...said.refused)
  }
  return done
}
