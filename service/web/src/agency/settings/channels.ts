// Where an enterprise receives pushes: what each channel asks for, which rows stand for today, and what is asked of the service.
import { api, ask, newKey, type Schemas } from '../../shared/api'

export type Channel = Schemas['Channel']
export type Endpoint = Schemas['EndpointList']['items'][number]
export type Tested = Schemas['ChannelTested']

export const channels: readonly Channel[] = ['wecom', 'dingtalk', 'feishu', 'email', 'webhook']

/** What is asked for beside the address. WeCom's robots have neither. */
export const asks: Record<Channel, { secret: 'needed' | 'may' | 'none'; keyword: boolean }> = {
  webhook: { secret: 'needed', keyword: false },
  wecom: { secret: 'none', keyword: false },
  dingtalk: { secret: 'may', keyword: true },
  feishu: { secret: 'may', keyword: true },
  email: { secret: 'none', keyword: false },
}

export interface Offer {
  uscc: string
  agency: string // '': one's own
  channel: Channel
  address: string
  secret: string
  keyword: string
}

const query = (agency: string) => (agency ? { agency } : {})

function bodyOf(offer: Offer) {
  const { secret, keyword } = asks[offer.channel]
  return {
    address: offer.address.trim(),
    ...(secret !== 'none' && offer.secret.trim() ? { secret: offer.secret.trim() } : {}),
    ...(keyword && offer.keyword.trim() ? { keyword: offer.keyword.trim() } : {}),
  }
}

export const save = (offer: Offer) =>
  ask(api.PUT('/v1/endpoints/{uscc}/{channel}', { params: { path: offer, query: query(offer.agency), header: { 'Idempotency-Key': newKey() } }, body: bodyOf(offer) }))

/** A webhook's new secret; the one so far signs beside it for a day. */
export const roll = (offer: Offer) =>
  ask(api.POST('/v1/endpoints/{uscc}/{channel}/roll', { params: { path: offer, query: query(offer.agency), header: { 'Idempotency-Key': newKey() } }, body: { secret: offer.secret.trim() } as never }))

export const tryOffer = (offer: Offer): Promise<Tested> => ask(api.POST('/v1/endpoint-tests', { params: { query: query(offer.agency) }, body: { channel: offer.channel, ...bodyOf(offer) } }))

export const tryRow = (row: Endpoint): Promise<Tested> =>
  ask(api.POST('/v1/endpoint-tests', { params: { query: query(row.agency) }, body: { channel: row.channel, enterprise_uscc: row.uscc } }))

export function turn(row: Endpoint, on: boolean) {
  const params = { path: { uscc: row.uscc, channel: row.channel }, query: query(row.agency), header: { 'Idempotency-Key': newKey() } }
  const body = {} as never
  return on ? ask(api.POST('/v1/endpoints/{uscc}/{channel}/on', { params, body })) : ask(api.POST('/v1/endpoints/{uscc}/{channel}/off', { params, body }))
}

/** One row for each enterprise and channel: what is in use, else what was last. They come in the order of making. */
export function standing(rows: readonly Endpoint[]): Endpoint[] {
  const last = new Map<string, Endpoint>()
  for (const row of rows) {
    const place = `${row.agency} ${row.uscc} ${row.channel}`
    if (last.get(place)?.disabled_at !== null) last.set(place, row)
  }
  return [...last.values()]
}

/** A secret that a webhook can be signed with: 32 random bytes. */
export function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}
