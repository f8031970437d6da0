import { zh as desk } from './words-desk.zh'
import { zh as overview } from './overview/words.zh'
import { zh as evidence } from './evidence/words.zh'
import { zh as decisions } from './decisions/words.zh'
import { zh as compare } from './compare/words.zh'
import { zh as snapshots } from './snapshots/words.zh'
import { zh as oddities } from './oddities/words.zh'
import { zh as charts } from './charts/words.zh'

export const zh = {
  title: '主管部门',
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

export type Words = typeof zh
