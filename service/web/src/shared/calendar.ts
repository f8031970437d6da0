// When the calendar is fetched: it is larger than all else of a page, so it comes with the first sign that somebody is here (a pointer that
// moves, a key), behind everything that the page shows by itself.
import { shallowRef, type Component } from 'vue'

const signs = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const
export const calendar = shallowRef<Component | null>(null)
let wanted = false

async function fetchIt(): Promise<void> {
  try {
    const { default: field, ready } = await import('./CalendarField.vue')
    await ready()
    calendar.value = field
  } catch {
    wanted = false // days are typed until the next page with a day tries again
  }
}

function begin(): void {
  for (const sign of signs) removeEventListener(sign, begin)
  void fetchIt()
}

export function wantCalendar(): void {
  if (wanted) return
  wanted = true
  for (const sign of signs) addEventListener(sign, begin, { passive: true })
}
