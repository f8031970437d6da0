// Kinds of records as files bring them, and which one a file is.
import { api, ask, type Schemas } from '../../shared/api'

export type Preview = Schemas['Preview']

export const kinds = [
  'patents', 'needs', 'enterprises', 'experts', 'institutions', 'deals', 'declared-pushes', 'open-licences', 'loans', 'sales', 'events',
  'navigation-projects', 'attorneys', 'cases', 'clients', 'platform-reviews',
] as const
export type Plural = (typeof kinds)[number]

/** "declared-pushes" -> "declared_push", as batches and mappings name a kind. */
export function singular(plural: Plural): string {
  const name = plural.replace(/-/g, '_')
  return name.replace(/(push|branch)es$/, '$1').replace(/s$/, '')
}

export function pluralOf(kind: string): Plural | undefined {
  return kinds.find((plural) => singular(plural) === kind)
}

const types: Record<string, string> = {
  csv: 'text/csv',
  txt: 'text/csv',
  tsv: 'text/tab-separated-values',
  xml: 'application/xml',
  json: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  ndjson: 'application/x-ndjson',
}
const book = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The media type by which the service reads a file; it looks at the bytes, too. */
export function typeOf(name: string): string {
  return types[name.split('.').pop()?.toLowerCase() ?? ''] ?? book
}

/** What openapi-fetch is asked with for a file as it is. */
export function asBody(file: File) {
  return { body: file as unknown as string, bodySerializer: (body: unknown) => body as BodyInit, headers: { 'Content-Type': typeOf(file.name) } }
}

export function previewOf(file: File, plural: Plural, lang: 'zh' | 'en'): Promise<Preview> {
  return ask(api.POST('/v1/{records}:preview', { params: { path: { records: plural }, query: { lang } }, ...asBody(file) }))
}

const words: readonly [RegExp, Plural][] = [
  [/专利清单|patent/i, 'patents'],
  [/需求|need/i, 'needs'],
  [/申报推送|declared/i, 'declared-pushes'],
  [/专家|expert/i, 'experts'],
  [/服务机构|institution/i, 'institutions'],
  [/开放许可|licen/i, 'open-licences'],
  [/质押|贷款|loan/i, 'loans'],
  [/成交|合同|deal/i, 'deals'],
  [/企业|高企|enterprise/i, 'enterprises'],
  [/销售|sale/i, 'sales'],
  [/活动|event/i, 'events'],
  [/代理师|attorney/i, 'attorneys'],
  [/案例|case/i, 'cases'],
  [/客户|client/i, 'clients'],
  [/专利|发明/i, 'patents'],
]

/** How well a preview fits: columns that were recognised, and rows that were not refused. */
export function score(preview: Preview): number {
  const known = preview.columns.filter((column) => column.field).length
  const rows = preview.records.length + preview.refusals.length
  return known / Math.max(preview.columns.length, 1) + (rows ? (2 * preview.records.length) / rows : 0)
}

const TRIED: readonly Plural[] = ['patents', 'needs', 'enterprises', 'deals', 'experts', 'institutions']
const SMALL = 2 << 20

/** The kind that a file most likely is: by its name, else by which kind knows most of its columns (small files alone). */
export async function guess(file: File, lang: 'zh' | 'en'): Promise<Plural> {
  const named = words.find(([pattern]) => pattern.test(file.name))
  if (named) return named[1]
  if (file.size > SMALL) return 'patents'
  let best: Plural = 'patents'
  let most = -1
  for (const plural of TRIED) {
    const points = await previewOf(file, plural, lang).then(score, () => -1)
    if (points > most) [best, most] = [plural, points]
  }
  return best
}

interface FieldSchema {
  title?: string
  required?: string[]
  type?: string
  items?: FieldSchema
  properties?: Record<string, FieldSchema>
}
let described: Promise<Record<string, FieldSchema>> | null = null

/** Fields of money are filled from columns in yuan or in fen; which, a column's number alone does not say. */
const units = [['yuan', '元 CNY'], ['fen', '分 fen']] as const

function inUnits(field: Field): Field[] {
  if (!field.name.endsWith('_fen')) return [field]
  return units.map(([unit, title]) => ({ ...field, name: field.name.replace(/fen$/, unit), title: `${field.title}（${title}）` }))
}

/** The same for a field in whichever unit. */
export function stemOf(field: string): string {
  return field.replace(/_(yuan|fen)$/, '_fen')
}

export interface Field {
  name: string
  title: string
  needed: boolean // no record is without it
  plain: string // its title without the unit
}

/** Fields of a kind that a column can be sent to, with what the form calls them; those that no record is without first. */
export async function fieldsOf(plural: Plural): Promise<Field[]> {
  described ??= ask(api.GET('/v1/openapi.json')).then((all) => (all as unknown as { components: { schemas: Record<string, FieldSchema> } }).components.schemas)
  described.catch(() => (described = null)) // asked for again the next time
  const schema = (await described)[singular(plural)]
  const all = Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => {
    const inner = field.properties ?? field.items?.properties
    return inner
      ? Object.entries(inner).map(([part, one]) => ({ name: `${name}.${part}`, title: one.title ?? `${name}.${part}`, plain: one.title ?? part, needed: false }))
      : [{ name, title: field.title ?? name, plain: field.title ?? name, needed: schema?.required?.includes(name) ?? false }]
  })
  return [...all.filter((one) => one.needed), ...all.filter((one) => !one.needed)].flatMap(inUnits)
}
