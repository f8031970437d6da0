// Numbers, money and dates as Chinese offices write them: days as 2026-03-01, moments in the time of China, yuan with two
// places, large sums in 万元.
//
// By hand where that is exact: to make the browser's own formatters takes a slow phone as long as to show a whole page. They do the rest.
const chinaMs = 8 * 3_600_000
const eightSince = Date.UTC(1992, 0, 1) // since then China has been eight hours before UTC all the year
const lazily = <T>(make: () => T) => {
  let made: T | undefined
  return () => (made ??= make())
}
const broken = lazily(() => new Intl.NumberFormat('zh-CN'))
const longAgo = lazily(() => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }))

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** So many digits of a whole number stand behind the point. */
function pointed(value: number, places: number): [string, string] {
  const digits = String(Math.abs(Math.round(value))).padStart(places + 1, '0')
  return [(value < 0 ? '-' : '') + grouped(digits.slice(0, -places)), digits.slice(-places)]
}

export function number(value: number): string {
  return Number.isSafeInteger(value) ? (value < 0 ? '-' : '') + grouped(String(Math.abs(value))) : broken().format(value)
}

export function percent(value: number): string {
  return `${number(Math.round(value * 100))}%`
}

/** Fen into yuan: 50000000 is "500,000.00". */
export function yuan(fen: number): string {
  return pointed(fen, 2).join('.')
}

/** Fen into ten thousands of yuan, exact: 50000000 is "50". */
export function wanYuan(fen: number): string {
  const [whole, rest] = pointed(fen, 6)
  const behind = rest.replace(/0+$/, '')
  return behind ? `${whole}.${behind}` : whole
}

/** A moment as the service writes it, also "2026-03-01 09:30:00.123+00", which not every browser reads. */
function inChina(text: string): string {
  const moment = new Date(text.replace(' ', 'T').replace(/(:\d\d(?:\.\d+)?[+-]\d\d)$/, '$1:00'))
  if (moment.getTime() < eightSince) return longAgo().format(moment)
  return new Date(moment.getTime() + chinaMs).toISOString().replace('T', ' ')
}

/** The day of a moment in China; a day stays what it is. */
export function day(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : inChina(text).slice(0, 10)
}

/** "2026-03-01 09:30", in the time of China. */
export function minute(text: string): string {
  return inChina(text).slice(0, 16)
}

/** Today in China, "2026-03-01". */
export function today(): string {
  return day(new Date().toISOString())
}
