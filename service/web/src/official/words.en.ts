import { en as desk } from './words-desk.en'
import { en as overview } from './overview/words.en'
import { en as evidence } from './evidence/words.en'
import { en as decisions } from './decisions/words.en'
import { en as compare } from './compare/words.en'
import { en as snapshots } from './snapshots/words.en'
import { en as oddities } from './oddities/words.en'
import { en as charts } from './charts/words.en'
import type { Words } from './words.zh'

export const en: Words = {
  title: 'Official’s desk',
  nav: { overview: overview.title, evidence: evidence.title, decisions: decisions.title, compare: compare.title, snapshots: snapshots.title, oddities: oddities.title, charts: charts.title },
  ...desk,
  overview,
  evidence,
  decisions,
  compare,
  snapshots,
  oddities,
  charts,
}
