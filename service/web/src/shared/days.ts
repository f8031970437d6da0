// A day as somebody types it, and as the service takes it: 2025-06-30.

/** "2025-6-30", "2025/6/30", "2025.6.30", "20250630", "2025年6月30日" into "2025-06-30"; what is no day of the calendar is null. */
export function dayOf(text: string): string | null {
  const found = /^(\d{4})(?:(\d\d)(\d\d)|\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?)$/.exec(text.trim())
  if (!found) return null
  const [, year, ...parts] = found
  const [month, day] = parts.filter((part) => part !== undefined).map((part) => part.padStart(2, '0'))
  const written = `${year}-${month}-${day}`
  const moment = new Date(`${written}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === written ? written : null
}

/** The day that a Date shows on this machine's own clock, as calendars in a browser have it. */
export function dayShownBy(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export interface DayProps {
  modelValue?: string | null
  name?: string
  max?: string // no later one can be chosen
  required?: boolean // and can't be emptied
}

/** What was written in a field while its calendar was still on its way. */
export interface Begun {
  text: string
  open: boolean // it was pressed, to choose
}
let begun: Begun | null = null

export function leave(what: Begun): void {
  begun = what
}

/** What the field before left to the one that takes its place; once. */
export function takeBegun(): Begun | null {
  const taken = begun
  begun = null
  return taken
}
