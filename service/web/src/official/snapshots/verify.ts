// Checks a snapshot's file as docs/ledger.md defines it, in the browser, with no server: the chain of lines, the pack's digest, running
// numbers, that each figure is the count of its rows, the signature, and that time-stamps are of the digest. It says the same, in the same
// order, as `patbridge verify FILE`.
//
// The file is read piece by piece; nothing of it is kept but counts and figures.

export interface Trouble {
  line: number // 0: of the whole
  code: 'altered' | 'no-json' | 'second-head' | 'format' | 'pack' | 'figures-twice' | 'running' | 'paper' | 'end-here' | 'behind-end' | 'no-head' | 'part' | 'no-line' | 'no-signature' | 'signature-form' | 'signature' | 'no-end' | 'no-figures' | 'count' | 'behind-signature' | 'stamp'
  values: Record<string, string | number>
}

export interface Verdict {
  good: boolean
  lines: number
  digest: string
  trouble: Trouble | null
  publicKey: string | null
  signature: 'good' | 'bad' | 'unchecked' | 'none' // unchecked: this browser knows no Ed25519
  stamps: { authority: string }[] // of the digest; who signed them is left to openssl
  head: Head | null
}

interface Head {
  part: string
  snapshot: number
  policy: string
  version: number
  as_of: string
  known_at: string
  taken_at: string
  taken_by?: string
  previous: string
}

type Json = { [name: string]: unknown }
const nothing = '0'.repeat(64)
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Whether this browser can reckon digests here at all: not on a page that came over plain http from another machine. */
export function canVerify(): boolean {
  return typeof crypto !== 'undefined' && crypto.subtle !== undefined
}

export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

function unhex(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 2 || !/^[0-9a-f]*$/i.test(text)) return null
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

function textOf(of: unknown, name: string): string {
  const value = (of as Json | null | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

function numberOf(of: unknown, name: string): number {
  const value = (of as Json | null | undefined)?.[name]
  return typeof value === 'number' && Number.isInteger(value) ? value : 0
}

/** Lines of a file as bytes, without the line feed. */
async function* linesOf(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = file.stream().getReader()
  let rest: Uint8Array = new Uint8Array(0)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    let piece: Uint8Array = value
    if (rest.length) {
      piece = new Uint8Array(rest.length + value.length)
      piece.set(rest)
      piece.set(value, rest.length)
    }
    let from = 0
    for (let to = piece.indexOf(10); to >= 0; to = piece.indexOf(10, from)) {
      yield piece.slice(from, to) as Uint8Array<ArrayBuffer>
      from = to + 1
    }
    rest = piece.slice(from)
  }
  if (rest.length) yield rest as Uint8Array<ArrayBuffer>
}

class Wrong extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.code)
  }
}

class Check {
  lines = 0
  chain = nothing
  head: Head | null = null
  private figures: Json | null = null
  private readonly counted = new Map<string, number>()
  private metric: string | null = null
  private n = 0
  private ended = false

  wrong(code: Trouble['code'], values: Trouble['values'] = {}): Wrong {
    return new Wrong({ line: this.lines, code, values })
  }

  /** "CHAIN BODY" */
  async line(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.lines++
    if (bytes.length < 65 || bytes[64] !== 32) throw this.wrong('no-line')
    const body = bytes.slice(65)
    const linked = new Uint8Array(65 + body.length)
    linked.set(encoder.encode(`${this.chain}\n`))
    linked.set(body, 65)
    const due = hex(await sha256(linked))
    const line = this.read(body)
    if (due !== String.fromCharCode(...bytes.slice(0, 64))) throw this.wrong('altered', this.describe(line))
    this.chain = due
    if (line === undefined) throw this.wrong('no-json')
    await this.part(line as Json)
  }

  private read(body: Uint8Array): unknown {
    try {
      return JSON.parse(decoder.decode(body))
    } catch {
      return undefined
    }
  }

  /** What the line is, for a person. */
  private describe(line: unknown): Trouble['values'] {
    const part = textOf(line, 'part')
    if (part !== 'row') return { what: ` (${part})` }
    const row = (line as Json).row
    return { what: ` (${textOf(line, 'metric')} row ${numberOf(line, 'n')}, ${textOf(row, 'key')})` }
  }

  private async part(line: Json): Promise<void> {
    const part = textOf(line, 'part')
    if (this.ended) throw this.wrong('behind-end')
    if (!this.head && part !== 'head') throw this.wrong('no-head')
    if (part === 'head') this.readHead(line)
    else if (part === 'pack') await this.readPack(line)
    else if (part === 'figures') this.readFigures(line)
    else if (part === 'row') this.readRow(line)
    else if (part === 'document') this.readDocument(line)
    else if (part === 'end') this.readEnd(line)
    else throw this.wrong('part', { part })
  }

  private readHead(line: Json): void {
    if (this.lines !== 1) throw this.wrong('second-head')
    if (textOf(line, 'format') !== 'patbridge-snapshot/1') throw this.wrong('format')
    this.head = line as unknown as Head
  }

  private async readPack(line: Json): Promise<void> {
    const digest = hex(await sha256(encoder.encode(textOf(line, 'text')) as Uint8Array<ArrayBuffer>))
    if (digest !== textOf(this.head, 'pack_digest')) throw this.wrong('pack')
  }

  private readFigures(line: Json): void {
    if (this.figures) throw this.wrong('figures-twice')
    this.figures = (line.document as Json | undefined) ?? null
  }

  private readRow(line: Json): void {
    const metric = textOf(line, 'metric')
    if (metric !== this.metric) {
      this.metric = metric
      this.n = 0
    }
    if (numberOf(line, 'n') !== ++this.n) throw this.wrong('running', { metric, n: numberOf(line, 'n'), due: this.n })
    const row = line.row as Json | undefined
    if (row?.counted !== true) return
    const name = `${metric} ${textOf(row, 'agency')}`
    this.counted.set(name, (this.counted.get(name) ?? 0) + 1)
  }

  private readDocument(line: Json): void {
    if (encoder.encode(textOf(line, 'sha256')).length !== 64) throw this.wrong('paper')
  }

  private readEnd(line: Json): void {
    this.ended = true
    if (numberOf(line, 'lines') !== this.lines - 1) throw this.wrong('end-here', { lines: numberOf(line, 'lines') })
  }

  /** There are no more lines: figures are the counts of rows. */
  end(): void {
    if (!this.ended) throw this.wrong('no-end')
    if (!this.figures) throw this.wrong('no-figures')
    for (const clause of (this.figures.clauses as Json[] | undefined) ?? [])
      for (const item of (clause.items as Json[] | undefined) ?? []) {
        if (!('rows' in item)) continue
        const name = `${textOf(item, 'metric')} ${textOf(clause, 'agency')}`
        const value = 'sum' in item ? numberOf(item, 'rows') : numberOf(item, 'value')
        const rows = this.counted.get(name) ?? 0
        if (value !== rows) throw this.wrong('count', { name, value, rows })
      }
  }
}

async function signatureOf(publicKey: string, digest: string, signature: string): Promise<'good' | 'bad' | 'unchecked'> {
  const key = unhex(publicKey)
  const signed = unhex(signature)
  if (key?.length !== 32 || signed?.length !== 64) return 'bad'
  try {
    const known = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify'])
    return (await crypto.subtle.verify({ name: 'Ed25519' }, known, signed, encoder.encode(digest) as Uint8Array<ArrayBuffer>)) ? 'good' : 'bad'
  } catch (error) {
    // A browser without Ed25519 says so (NotSupportedError); with it, a key that is none is refused, and the signature is bad.
    return error instanceof DOMException && error.name === 'NotSupportedError' ? 'unchecked' : 'bad'
  }
}

/** Whether an answer of RFC 3161 (base64) holds the SHA-256 of the digest's digits. */
async function isStampOf(answer: string, digest: string): Promise<boolean> {
  let bytes: string
  try {
    bytes = atob(answer)
  } catch {
    return false
  }
  const imprint = String.fromCharCode(4, 32, ...(await sha256(encoder.encode(digest) as Uint8Array<ArrayBuffer>)))
  return bytes.includes(imprint)
}

function startsWith(bytes: Uint8Array, word: string): boolean {
  return bytes.length >= word.length && [...word].every((letter, i) => bytes[i] === letter.charCodeAt(0))
}

/** `publicKey`: the one that must have signed; left out, the one that the file names. `told` hears of progress, in bytes. */
export async function verifySnapshot(file: Blob, publicKey?: string, told?: (bytes: number) => void): Promise<Verdict> {
  const check = new Check()
  const verdict: Verdict = { good: false, lines: 0, digest: nothing, trouble: null, publicKey: null, signature: 'none', stamps: [], head: null }
  let bytes = 0
  try {
    for await (const line of linesOf(file)) {
      bytes += line.length + 1
      if (told && check.lines % 500 === 0) told(bytes)
      if (verdict.publicKey !== null) {
        const [word, authority, answer, ...more] = new TextDecoder().decode(line).trimEnd().split(' ')
        if (word !== 'stamp' || authority === undefined || answer === undefined || more.length) throw check.wrong('behind-signature')
        if (!(await isStampOf(answer, check.chain))) throw check.wrong('stamp', { authority })
        verdict.stamps.push({ authority })
      } else if (startsWith(line, 'signature ')) {
        const words = new TextDecoder().decode(line).trimEnd().split(' ')
        if (words.length !== 3) throw check.wrong('signature-form')
        verdict.publicKey = words[1] ?? ''
        check.end()
        const by = publicKey ?? verdict.publicKey
        verdict.signature = await signatureOf(by, check.chain, words[2] ?? '')
        if (verdict.signature === 'bad') throw check.wrong('signature', { key: by.slice(0, 16), digest: check.chain.slice(0, 16) })
      } else await check.line(line)
    }
    if (verdict.publicKey === null) throw check.wrong('no-signature')
    verdict.good = true
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    verdict.trouble = error.trouble
  }
  return { ...verdict, lines: check.lines, digest: check.chain, head: check.head }
}

/** The digest of the last snapshot that a kept head names ("snapshot NUMBER DIGEST"), or null. */
export function headDigest(text: string): { number: number; digest: string } | null {
  const found = /^snapshot (\d+) ([0-9a-f]{64})\s*$/m.exec(text)
  return found ? { number: Number(found[1]), digest: found[2] ?? '' } : null
}
