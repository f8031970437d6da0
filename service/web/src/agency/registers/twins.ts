// Rows that a load refused because they lack a credit code, and that bear a known organisation's name: the same one, or another?
import { api, ask, newKey, type Schemas } from '../../shared/api'

export type Twin = Schemas['ReviewList']['items'][number]

export const find = async (all: boolean): Promise<Twin[]> => (await ask(api.GET('/v1/reviews', { params: { query: all ? { all: 'true' } : {} } }))).items

export async function say(id: string, verdict: 'accept' | 'reject' | 'undo', uscc?: string): Promise<void> {
  const params = { path: { review: id }, header: { 'Idempotency-Key': newKey() } }
  if (verdict === 'accept') await ask(api.POST('/v1/reviews/{review}/accept', { params, body: uscc ? { uscc } : {} }))
  else if (verdict === 'reject') await ask(api.POST('/v1/reviews/{review}/reject', { params, body: {} as never }))
  else await ask(api.POST('/v1/reviews/{review}/undo', { params, body: {} as never }))
}
