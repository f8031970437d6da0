// One question to the service, as a page needs it: what came, whether it is still on its way, and what went wrong.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from './api'
import { goToSignIn } from './session'

export interface Asked<T> {
  data: ShallowRef<T | null>
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  run: () => Promise<void>
}

/** `run` asks; an older answer that comes after a newer one is dropped. A session that has ended leads to the sign-in page. */
export function useAsk<T>(question: () => Promise<T>): Asked<T> {
  const data = shallowRef<T | null>(null)
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let latest = 0
  async function run() {
    const mine = ++latest
    busy.value = true
    try {
      const came = await question()
      if (mine !== latest) return
      data.value = came
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = tell(error)
    } finally {
      if (mine === latest) busy.value = false
    }
  }
  return { data, busy, problem, run }
}

/** The Problem in what was thrown; anything else is a mistake of ours, and is thrown on. */
export function tell(error: unknown): Problem {
  if (!(error instanceof Problem)) throw error
  if (error.status === 401) goToSignIn()
  return error
}
