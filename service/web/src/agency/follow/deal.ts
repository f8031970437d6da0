// A deal as the count needs it, and whether it counts.
import { api, ask, newKey, type Schemas } from '../../shared/api'
import type { Card } from './stages'

export interface DealForm {
  contract_number: string
  mode: string
  contract_date: string
  amount: string // yuan
  registration_number: string
  registration_date: string
  seller: string
  seller_uscc: string
  buyer: string
  buyer_uscc: string
  right: string
  right_type: string
  affiliated: '' | 'yes' | 'no'
  led: '' | 'yes' | 'no'
  implemented_division: string
  implemented_date: string
}

export const modes = ['assignment', 'exclusive_licence', 'sole_licence', 'ordinary_licence', 'open_licence'] as const
export const rightTypes = ['invention', 'utility_model', 'design', 'overseas_invention', 'other'] as const

export function emptyForm(card: Card): DealForm {
  return {
    contract_number: '', mode: 'ordinary_licence', contract_date: '', amount: '', registration_number: '', registration_date: '', seller: '', seller_uscc: '',
    buyer: card.enterprise, buyer_uscc: card.enterprise_uscc, right: card.patent, right_type: 'invention', affiliated: '', led: 'yes',
    implemented_division: '', implemented_date: '',
  }
}

type Stored = Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const said = (value: unknown): '' | 'yes' | 'no' => (value === true ? 'yes' : value === false ? 'no' : '')

/** A deal that is stored, to be changed. Of several rights the first stands in the form; all stay. */
export function formOf(deal: Stored, card: Card): DealForm {
  const party = (name: string) => (deal[name] ?? {}) as Stored
  const right = ((deal.rights as Stored[] | undefined) ?? [])[0] ?? {}
  return {
    ...emptyForm(card),
    ...Object.fromEntries(['contract_number', 'mode', 'contract_date', 'registration_number', 'registration_date', 'implemented_division', 'implemented_date'].map((name) => [name, text(deal[name])])),
    amount: typeof deal.amount_fen === 'number' ? (deal.amount_fen / 100).toFixed(2) : '',
    seller: text(party('seller').name), seller_uscc: text(party('seller').uscc), buyer: text(party('buyer').name), buyer_uscc: text(party('buyer').uscc),
    right: text(right.number), right_type: text(right.type) || 'invention', affiliated: said(deal.affiliated), led: said(deal.led_by_agency),
  }
}

/** Yuan as somebody types them into whole fen; null: no amount. */
export function fenOf(amount: string): number | null {
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(amount.replace(/[,，\s]/g, ''))
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

export function recordOf(form: DealForm, before: Stored | null): Stored {
  const others = ((before?.rights as Stored[] | undefined) ?? []).slice(1)
  const record: Stored = {
    contract_number: form.contract_number.trim(), mode: form.mode, contract_date: form.contract_date, amount_fen: fenOf(form.amount),
    rights: [{ type: form.right_type, office: 'CN', number: form.right.trim() }, ...others],
    seller: { name: form.seller.trim(), ...(form.seller_uscc.trim() ? { uscc: form.seller_uscc.trim() } : {}) },
    buyer: { name: form.buyer.trim(), ...(form.buyer_uscc.trim() ? { uscc: form.buyer_uscc.trim() } : {}) },
  }
  const optional: [string, unknown][] = [
    ['registration_number', form.registration_number.trim()], ['registration_date', form.registration_date], ['implemented_division', form.implemented_division.trim()],
    ['implemented_date', form.implemented_date], ['affiliated', form.affiliated && form.affiliated === 'yes'], ['led_by_agency', form.led && form.led === 'yes'],
  ]
  for (const [name, value] of optional) if (value !== '') record[name] = value
  return record
}

export async function keepDeal(form: DealForm, before: Stored | null): Promise<void> {
  const header = { 'Idempotency-Key': newKey() }
  const path = { records: 'deals', key: form.contract_number.trim() }
  await ask(api.PUT('/v1/{records}/{key}', { params: { path, header }, body: recordOf(form, before) as never }))
}

export async function readDeal(number: string): Promise<Stored> {
  return (await ask(api.GET('/v1/{records}/{key}', { params: { path: { records: 'deals', key: number } } }))) as unknown as Stored
}

export interface Verdict {
  asOf: string
  row: Schemas['EvidenceRow'] | null
}

/** What the tracker says of a contract: its row among those behind the number of deals. */
export async function verdictOf(number: string, agency: string): Promise<Verdict> {
  const figures = await ask(api.GET('/v1/track', { params: { query: { agency } } }))
  let after: string | null = null
  do {
    const query: { agency: string; limit: number; after?: string } = { agency, limit: 1000, ...(after ? { after } : {}) }
    const page: Schemas['EvidencePage'] = await ask(api.GET('/v1/evidence/{policy}/{metric}', { params: { path: { policy: figures.policy, metric: 'deals' }, query } }))
    const row = page.items.find((one) => one.key === number)
    if (row) return { asOf: figures.as_of, row }
    after = page.next
  } while (after)
  return { asOf: figures.as_of, row: null }
}
