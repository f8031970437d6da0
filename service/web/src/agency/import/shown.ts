/** A value as a cell shows it: texts as they are, lists with 、 between, everything else as JSON; cut after so many characters. */
export function shown(value: unknown, most = Infinity): string {
  const text =
    value === null || value === undefined ? ''
    : typeof value === 'string' ? value
    : Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join('、')
    : JSON.stringify(value)
  return text.length > most ? `${text.slice(0, most)}…` : text
}
