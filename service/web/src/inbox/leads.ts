// What a lead says in plain words: out of what the service tells, with nothing made up.
import type { Schemas } from '../shared/api'
import { day, today, wanYuan, yuan } from '../shared/format'

export type Push = Schemas['Push']
export type Story = Schemas['PushStory']
/** What is told of a right, pushed or looked up. */
export type Facts = Pick<Push, 'patent' | 'patent_type' | 'owners' | 'legal_status' | 'legal_status_date' | 'offer' | 'open_licence'>
type Say = (key: string, named?: Record<string, unknown>) => string

/** Newest and best first: by day, and within a day by fit. */
export function inOrder(pushes: readonly Push[]): Push[] {
  const days = new Map(pushes.map((push) => [push, day(push.created_at)]))
  return [...pushes].sort((a, b) => days.get(b)!.localeCompare(days.get(a)!) || b.fit - a.fit || a.push_id.localeCompare(b.push_id))
}

function some(words: string[]): string {
  return [...new Set(words)].slice(0, 4).join('、')
}

/** One sentence why: what the need names and the patent covers; else the words that weigh most; else the class. */
export function why(push: Push, say: Say): string {
  const need = push.need_title
  const covered = (push.aspects ?? []).filter((aspect) => aspect.covered).map((aspect) => aspect.text)
  if (covered.length) return say('why.aspects', { need, what: some(covered) })
  const terms = push.reasons.filter((reason) => reason.kind !== 'class').map((reason) => reason.text)
  if (terms.length) return say('why.terms', { need, what: some(terms) })
  const classes = push.reasons.map((reason) => reason.title ?? reason.text)
  return classes.length ? say('why.class', { need, what: some(classes) }) : say('why.none', { need })
}

export function owner(push: Pick<Push, 'owners'>): string {
  return (push.owners ?? []).join('、') || '—'
}

export function status(push: Pick<Push, 'legal_status' | 'legal_status_date'>, say: Say): string {
  const words = say(`status.${push.legal_status ?? 'unknown'}`)
  return push.legal_status_date ? `${words}（${day(push.legal_status_date)}）` : words
}

function offer(push: Facts) {
  return push.offer?.valid_to && push.offer.valid_to < today() ? null : push.offer
}

/** What the owner asks, while it is asked; "" where nothing was said. */
export function price(push: Facts, say: Say): string {
  const fen = offer(push)?.price_fen
  return fen ? say('wan', { amount: wanYuan(fen) }) : ''
}

export function modes(push: Facts, say: Say): string {
  return (offer(push)?.mode ?? []).map((mode) => say(`mode.${mode}`)).join('、')
}

/** Classes by what they are called; of those whose title is not known the section at least: "人类生活必需 A43D25/06、A43D25/20". */
export function classes(story: Story, say: Say): { title: string; chinese: boolean; symbols: string }[] {
  const byTitle = new Map<string, { chinese: boolean; symbols: string[] }>()
  for (const { symbol, title } of story.classes) {
    const name = title ?? (/^[A-H]/.test(symbol) ? say(`section.${symbol[0]}`) : '')
    const held = byTitle.get(name) ?? { chinese: !!title, symbols: [] }
    byTitle.set(name, held)
    held.symbols.push(symbol)
  }
  return [...byTitle].map(([title, { chinese, symbols }]) => ({ title, chinese, symbols: symbols.join('、') }))
}

export function licence(push: Facts): string {
  const terms = push.open_licence
  return terms && !(terms.valid_to && terms.valid_to < today()) ? (terms.fee_terms ?? '') : ''
}

export function isOpened(push: Push): boolean {
  return push.events.some((event) => event.event === 'opened' || event.event === 'answered')
}

export interface Happening {
  at: string
  text: string
}

/** Steps of the agency's follow-up, without what the contract itself tells better. */
function steps(story: Story): Story['steps'] {
  const told = { contract: story.deals.length > 0, registered: story.deals.some((deal) => deal.registration_date) }
  return story.steps.filter((step) => !(step.stage in told && told[step.stage as keyof typeof told]))
}

/** What happened since, oldest first. */
export function happenings(push: Push, story: Story, say: Say): Happening[] {
  const opened = push.events.find((event) => event.event === 'opened')
  return [
    { at: push.created_at, text: say('story.sent') },
    ...(opened ? [{ at: opened.at, text: say('story.opened') }] : []),
    ...story.answers.map((one) => ({ at: one.at, text: say('story.answered', { answer: say(`answer.${one.answer}`) }) })),
    ...story.resumed.map((at) => ({ at, text: say('story.resumed') })),
    ...steps(story).map((step) => ({ at: step.at, text: say(`story.step.${step.stage}`) })),
    ...story.deals.map((deal) => ({ at: deal.contract_date, text: say('story.deal', { mode: say(`mode.${deal.mode}`), amount: yuan(deal.amount_fen) }) })),
    ...story.deals.flatMap((deal) => (deal.registration_date ? [{ at: deal.registration_date, text: say('story.registered') }] : [])),
  ].sort((a, b) => day(a.at).localeCompare(day(b.at)))
}
