// Numbers, money and dates as Chinese offices write them: days as 2026-03-01, moments in the time of China, yuan with two
// places, large sums in 万元.
const zone = 'Asia/Shanghai'

const whole = new Intl.NumberFormat('zh-CN')
const yuanExact = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const wan = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 6 })
const percentOf = new Intl.NumberFormat('zh-CN', { style: 'percent', maximumFractionDigits: 0 })
const dayOf = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
const minuteOf = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })

export function number(value: number): string {
  return whole.format(value)
}

export function percent(value: number): string {
  return percentOf.format(value)
}

/** Fen into yuan: 50000000 is "500,000.00". */
export function yuan(fen: number): string {
  return yuanExact.format(fen / 100)
}

/** Fen into ten thousands of yuan, exact: 50000000 is "50". */
export function wanYuan(fen: number): string {
  return wan.format(fen / 1_000_000)
}

/** A moment as the service writes it, also "2026-03-01 09:30:00.123+00", which not every browser reads. */
function moment(text: string): Date {
  return new Date(text.replace(' ', 'T').replace(/(:\d\d(?:\.\d+)?[+-]\d\d)$/, '$1:00'))
}

/** The day of a moment in China; a day stays what it is. */
export function day(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : dayOf.format(moment(text))
}

/** "2026-03-01 09:30", in the time of China. */
export function minute(text: string): string {
  return minuteOf.format(moment(text))
}

/** Today in China, "2026-03-01". */
export function today(): string {
  return dayOf.format(new Date())
}
