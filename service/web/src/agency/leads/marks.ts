// A text cut into pieces that are marked or not. Spans count code points, as the service does; strings here count UTF-16 units.
export interface Span {
  char_start: number
  char_len: number
}
export interface Piece {
  text: string
  marked: boolean
}

export function pieces(text: string, spans: readonly Span[]): Piece[] {
  const points = Array.from(text)
  const out: Piece[] = []
  let at = 0
  for (const span of spans) {
    const start = Math.max(at, Math.min(span.char_start, points.length))
    const end = Math.min(span.char_start + span.char_len, points.length)
    if (end <= start) continue
    if (start > at) out.push({ text: points.slice(at, start).join(''), marked: false })
    out.push({ text: points.slice(start, end).join(''), marked: true })
    at = end
  }
  if (at < points.length) out.push({ text: points.slice(at).join(''), marked: false })
  return out
}

/** Spans of "title\ntext", apart: those of the title and those of the text. */
export function splitSpans(spans: readonly Span[], title: string): [Span[], Span[]] {
  const length = Array.from(title).length
  const inTitle = spans.filter((span) => span.char_start < length).map((span) => ({ ...span, char_len: Math.min(span.char_len, length - span.char_start) }))
  const inText = spans
    .filter((span) => span.char_start + span.char_len > length + 1)
    .map((span) => {
      const start = Math.max(span.char_start - length - 1, 0)
      return { char_start: start, char_len: span.char_start + span.char_len - length - 1 - start }
    })
  return [inTitle, inText]
}
