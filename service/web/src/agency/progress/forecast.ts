// What the figures say of a week: how much is needed, and how much there was.
import type { Schemas } from '../../shared/api'
import { number, wanYuan } from '../../shared/format'

export type Item = Schemas['Figure']
export type Clause = Schemas['Clause']

/** A number of an item as it is read: amounts in ten thousands of yuan. */
export function shown(item: Item, value: number | null | undefined): string {
  if (value === null || value === undefined) return '—'
  return item.unit === 'fen' ? wanYuan(value) : number(value)
}

/** How full its bar is, 0 to 1. */
export function share(item: Item): number {
  if (!item.threshold) return item.met ? 1 : 0
  return Math.max(0, Math.min(1, (item.value ?? 0) / item.threshold))
}

export function pace(item: Item, weeks: number): number | null {
  return item.forecast?.paces.find((one) => one.weeks === weeks)?.per_week ?? null
}

/** So many a week, in the item's unit. */
export function weekly(item: Item, value: number | null | undefined): string {
  if (value === null || value === undefined) return '—'
  return item.unit === 'fen' ? wanYuan(Math.round(value)) : String(value)
}

export interface Target {
  item: Item
  needed: number
  lately: number | null
  behind: boolean
}

/** What there is to do each week up to the deadline, the furthest behind first. */
export function targetsOf(items: Item[]): Target[] {
  return items
    .filter((item) => (item.forecast?.weekly_needed ?? 0) > 0)
    .map((item) => {
      const needed = item.forecast?.weekly_needed ?? 0
      const lately = pace(item, 4)
      return { item, needed, lately, behind: (lately ?? 0) < needed }
    })
    .sort((one, other) => (one.lately ?? 0) / one.needed - (other.lately ?? 0) / other.needed)
}
