// Where records come from by themselves: how often, what is shown first, and what is asked of the service.
import { api, ask, newKey, type Schemas } from '../../shared/api'

export type Feed = Schemas['Feed']

export const rhythms = [600, 3600, 21600, 86400, 604800] as const
/** The words for so many seconds, and their number. */
export function rhythm(seconds: number): [string, { n: number }] {
  const unit = ([['days', 86400], ['hours', 3600], ['minutes', 60], ['seconds', 1]] as const).find(([, size]) => seconds % size === 0) ?? (['seconds', 1] as const)
  return [`settings.feeds.${unit[0]}`, { n: seconds / unit[1] }]
}

const query = (agency: string) => (agency ? { agency } : {})
const header = () => ({ 'Idempotency-Key': newKey() })

export interface Wish {
  agency: string // '': one's own
  address: string
  kind: string // as loads name it: "need"
  every_s: number
  options: { paging: string; items: string; next: string; parameter: string }
}

function optionsOf(wish: Wish) {
  const { paging, ...cursor } = wish.options
  const said = (text: string) => text.trim() || null
  const inner = paging === 'cursor' ? { items: said(cursor.items), next: said(cursor.next), parameter: said(cursor.parameter) } : { items: null, next: null, parameter: null }
  return { paging: said(paging), ...inner }
}

export const add = (wish: Wish): Promise<Feed> =>
  ask(api.POST('/v1/feeds', { params: { query: query(wish.agency), header: header() }, body: { address: wish.address.trim(), kind: wish.kind, every_s: wish.every_s, options: optionsOf(wish) } }))

export const change = (feed: Feed, wish: Wish): Promise<Feed> =>
  ask(api.PUT('/v1/feeds/{feed}', { params: { path: { feed: feed.feed_id }, query: query(feed.agency), header: header() }, body: { every_s: wish.every_s, options: optionsOf(wish) } }))

/** Looked at at once; one that was turned off is in use again. */
export const look = (feed: Feed): Promise<Feed> => ask(api.PUT('/v1/feeds/{feed}', { params: { path: { feed: feed.feed_id }, query: query(feed.agency), header: header() }, body: {} }))

export const end = (feed: Feed) => ask(api.POST('/v1/feeds/{feed}/off', { params: { path: { feed: feed.feed_id }, query: query(feed.agency), header: header() }, body: {} as never }))

/** Of the same kind and address what is in use, else what was last; those in use first. */
export function standing(feeds: readonly Feed[]): Feed[] {
  const used = feeds.filter((one) => !one.off_at)
  const same = (one: Feed, other: Feed) => one.agency === other.agency && one.kind === other.kind && one.address === other.address
  const ended = feeds.filter((one, i) => one.off_at && !used.some((other) => same(one, other)) && !feeds.slice(i + 1).some((other) => same(one, other)))
  return [...used, ...ended]
}
