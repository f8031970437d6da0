export interface Span {
  char_start: number
  char_len: number
}

/** The text cut into stretches, marked and not; spans rise and do not overlap, what lies outside of the text is left out. */
export function pieces(text: string, spans: readonly Span[]): { text: string; marked: boolean }[] {
  const characters = Array.from(text)
  const found: { text: string; marked: boolean }[] = []
  const add = (from: number, to: number, marked: boolean) => {
    if (to > from) found.push({ text: characters.slice(from, to).join(''), marked })
  }
  let at = 0
  for (const { char_start, char_len } of spans) {
    add(at, char_start, false)
    add(Math.max(at, char_start), char_start + char_len, true)
    at = Math.max(at, char_start + char_len)
  }
  add(at, characters.length, false)
  return found
}
