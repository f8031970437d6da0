// Who sits before the page. Nothing of it is kept in the browser but the cookie, which no script can read.
import { shallowRef } from 'vue'
import { api, ask, Problem, rememberCsrf, type Session } from './api'
import { keep, kept } from './kept'

export const session = shallowRef<Session | null>(null)

const desks: Record<Session['role'], string> = {
  administrator: 'agency',
  agency_manager: 'agency',
  agency_clerk: 'agency',
  official: 'official',
  enterprise: 'inbox',
}

export function deskOf(role: Session['role']): string {
  return `./${desks[role]}`
}

function set(of: Session | null): Session | null {
  rememberCsrf(of)
  keep('signedIn', of ? 'yes' : 'no')
  session.value = of
  return of
}

/** The session that goes on, or null. */
export async function findSession(): Promise<Session | null> {
  try {
    return set(await ask(api.GET('/v1/session')))
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return set(null)
    throw problem
  }
}

/** Whether asking is worth while: somebody signed in here, and has not signed out. */
export function mayBeSignedIn(): boolean {
  return kept('signedIn') === 'yes'
}

export async function signIn(name: string, password: string, code: string): Promise<Session> {
  const body = { name, password, ...(code ? { code } : {}) }
  return set(await ask(api.POST('/v1/session', { body }))) as Session
}

export async function changePassword(password: string, next: string): Promise<void> {
  await ask(api.POST('/v1/session/password', { body: { password, new_password: next } }))
}

export function goToSignIn(): void {
  const next = location.pathname.split('/').pop() + location.hash
  location.assign(`./sign-in?next=${encodeURIComponent(next)}`)
}

export async function signOut(): Promise<void> {
  await ask(api.DELETE('/v1/session'))
  set(null)
  location.assign('./sign-in')
}

/** For a desk's first step: its session, or the way to the sign-in page (and null). */
export async function needSession(roles: readonly Session['role'][]): Promise<Session | null> {
  const found = await findSession()
  if (found && !found.change_password && roles.includes(found.role)) return found
  goToSignIn()
  return null
}
