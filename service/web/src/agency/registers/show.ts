// A value of a record as somebody reads it, and what one version of it changed.
import { minute, yuan } from '../../shared/format'
import type { Row } from './kinds'
import { zh } from './words.zh'

export interface Words {
  has: (key: string) => boolean
  say: (key: string) => string
}

const coded = new Set(['type', 'legal_status', 'kind', 'state', 'cooperation', 'channels', 'mode'])
const moments = new Set(['recorded_at', 'first_recorded_at'])

export function fieldName(field: string, words: Words): string {
  return words.has(`registers.field.${field}`) ? words.say(`registers.field.${field}`) : field
}

function plain(field: string, value: unknown, words: Words): string {
  if (typeof value === 'boolean') return words.say(value ? 'registers.yes' : 'registers.no')
  if (typeof value === 'number') return field.endsWith('_fen') ? yuan(value) : String(value)
  const said = String(value)
  if (moments.has(field)) return minute(said)
  if (coded.has(field) && words.has(`registers.value.${said}`)) return words.say(`registers.value.${said}`)
  return said
}

const order = Object.keys(zh.field)
const place = (field: string) => (order.indexOf(field) + order.length + 1) % (order.length + 1) // what has no name of its own comes last

function inOrder(entries: [string, unknown][]): [string, unknown][] {
  return entries.sort(([one], [other]) => place(one) - place(other))
}

function group(value: Row, words: Words): string {
  return inOrder(Object.entries(value))
    .filter(([, one]) => one !== null && one !== '')
    .map(([name, one]) => `${fieldName(name, words)} ${show(name, one, words)}`)
    .join(' · ')
}

/** In one line, or (a list of groups) a line each. */
export function show(field: string, value: unknown, words: Words): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value))
    return value.map((one) => show(field, one, words)).join(value.some((one) => typeof one === 'object') ? '\n' : '、')
  if (typeof value === 'object') return group(value as Row, words)
  return plain(field, value, words)
}

const hidden = new Set(['kind_of_record', 'patent_id', 'need_id', 'enterprise_id', 'history', 'links', 'agency', 'extra', 'documents', 'family', 'invented',
  'abstract_en', 'provenance', 'batch_id', 'change_seq', 'name_key', 'key', 'merged_into', 'agency_id', 'expert_id', 'institution_id'])

/** The fields of a record that have a value, the most telling first; what the agency keeps beside them last. */
export function fieldsOf(record: Row): [string, unknown][] {
  const own = inOrder(Object.entries(record).filter(([name, value]) => !hidden.has(name) && value !== null && value !== ''))
  return [...own, ...Object.entries((record.extra as Row | undefined) ?? {})]
}

export interface Change {
  at: string
  fields: { field: string; before: unknown; after: unknown }[]
}

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
const empty = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0)

/** What each version changed in the one before, the newest first. Versions are what was stored earlier, oldest first. */
export function changesOf(versions: Row[], now: Row): Change[] {
  const after = [...versions.slice(1), now]
  return versions
    .map((before, i) => ({ before, state: after[i] ?? now }))
    .map(({ before, state }) => ({
      at: String(state.recorded_at ?? ''),
      fields: Object.keys(before) // what only the newest shows beside its row was no change
        .concat(Object.keys(state).filter((field) => !(field in before) && state !== now))
        .filter((field) => !hidden.has(field) && !moments.has(field) && !same(before[field], state[field]))
        .filter((field) => !(empty(before[field]) && empty(state[field])))
        .map((field) => ({ field, before: before[field], after: state[field] })),
    }))
    .filter((change) => change.fields.length > 0)
    .reverse()
}
