// The interface of the service, typed by its own description (service/http/openapi.yaml).
//
// Every change carries the session's CSRF token, and an Idempotency-Key: a request that is sent twice is done once. What goes
// wrong is thrown as a Problem (RFC 9457), also when the line or the session is gone.
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from '../generated/schema'

export type Schemas = components['schemas']
export type Session = Schemas['Session']

export class Problem extends Error {
  constructor(
    readonly kind: string, // the end of the problem's type: "forbidden", "conflict"; "offline" when nothing was reached
    readonly status: number, // 0 when nothing was reached
    readonly detail: string, // in English, as the service says it
    readonly retryAfterS: number | null = null,
  ) {
    super(detail)
  }
}

let csrf: string | null = null

export function rememberCsrf(session: Session | null): void {
  csrf = session?.csrf ?? null
}

/** An Idempotency-Key for one thing that somebody wants done; the same key for each try. */
export function newKey(): string {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as { type?: string; detail?: string; title?: string }
  const after = Number(response.headers.get('Retry-After'))
  return new Problem(said.type?.split('/').pop() ?? 'unknown', response.status, said.detail ?? said.title ?? response.statusText, after || null)
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf) request.headers.set('X-CSRF-Token', csrf)
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response)
  },
  onError({ error }) {
    return error instanceof Problem ? error : new Problem('offline', 0, String(error))
  },
}

// "./" is where the page itself lies: /inbox asks /v1/…, and /somewhere/inbox asks /somewhere/v1/….
const client = createClient<paths>({ baseUrl: new URL('.', location.href).href.replace(/\/$/, ''), credentials: 'same-origin' })
client.use(guard)

export const api = client

/** The whole answer, or a Problem: the one that the middleware threw, or that of a line which broke while the answer was read. */
export async function askWhole<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('offline', 0, String(error))
  }
}

/** What came, or a Problem. */
export async function ask<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await askWhole(answer)).data as T
}
