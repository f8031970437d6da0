// What the rows of a number are records of, and under which key officials decide on them.
const kinds: Record<string, string> = {
  patents: 'patent',
  enterprises: 'enterprise',
  experts: 'expert',
  institutions: 'institution',
  needs: 'need',
  deals: 'deal',
  cases: 'case',
  top500_clients: 'client',
  sales: 'sale',
  attorneys: 'attorney',
  purchases: 'deal',
  introductions: 'deal',
  transactions: 'deal',
  licences: 'deal',
  navigation_projects: 'navigation_project',
  loans: 'loan',
  events: 'event',
  open_licences: 'open_licence',
  platform_reviews: 'platform_review',
}
const metricsByKind: Record<string, string> = { push: 'pushes', declared_push: 'pushes' }
for (const [metric, kind] of Object.entries(kinds)) metricsByKind[kind] ??= metric

/** {kind, key} of a row; null where nothing of it is decided on (the agency's own record). */
export function decidableOf(metric: string, key: string): { kind: string; key: string } | null {
  if (metric === 'pushes') return { kind: key.includes('/') ? 'declared_push' : 'push', key }
  const kind = kinds[metric]
  if (!kind) return null
  // One contract has a row for each of its rights: CONTRACT/1.
  return { kind, key: metric === 'purchases' || metric === 'introductions' ? key.replace(/\/\d+$/, '') : key }
}

/** A number that rows of this kind stand behind, or null. */
export function metricOf(kind: string): string | null {
  return metricsByKind[kind] ?? null
}

/** Whether two spellings name the same record: a patent's number with its check character or without. */
export function sameKey(kind: string, one: string, other: string): boolean {
  const plain = (key: string) => (kind === 'patent' || kind === 'open_licence' ? key.split('.')[0] : kind === 'declared_push' ? key.replace(/\.[0-9X](?=\/)/, '') : key)
  return plain(one) === plain(other)
}
