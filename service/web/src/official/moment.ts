// Which policy, which day, known by when, whose: all of it stands in the address, so that a link shows the same to whoever opens it.
import { computed } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

export interface Moment {
  policy?: string // left out: the one that was issued last
  as_of?: string // a day; left out: today, or the policy's last
  known_at?: string // a day, to its end; left out: now
  agency?: string // left out: every one
}

const names = ['policy', 'as_of', 'known_at', 'agency'] as const

/** What of an address is a moment; anything that is no text is none. */
export function momentOf(query: Record<string, unknown>): Moment {
  const moment: Moment = {}
  for (const name of names) {
    const value = query[name]
    if (typeof value === 'string' && value !== '') moment[name] = value
  }
  return moment
}

/** The moment that the address names, and a way to change the address: '' or undefined takes a part away. */
export function useMoment() {
  const route = useRoute()
  const router = useRouter()
  const moment = computed(() => momentOf(route.query))
  function change(by: LocationQueryRaw): void {
    const query: LocationQueryRaw = { ...route.query, ...by }
    for (const name of Object.keys(query)) if (query[name] === '' || query[name] === undefined) delete query[name]
    void router.replace({ query })
  }
  return { moment, change }
}

const dayMs = 86_400_000

export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs)
}

export function dayOfNumber(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}

/** A moment as the database writes it ("2026-03-01 08:00:00.1+00") in the form that every browser reads. */
export function isoOf(moment: string): string {
  return moment.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
}
