// What somebody does by a button: which thing is on its way, and what went wrong with the last one.
import { ref, shallowRef } from 'vue'
import type { Problem } from './api'
import { tell } from './useAsk'

/** act(what, of) does it; meanwhile `busy` is `of`, the name of what it is done to ('' : nothing is being done). */
export function useAct() {
  const busy = ref('')
  const failed = shallowRef<Problem | null>(null)
  async function act(what: () => Promise<unknown>, of = 'something'): Promise<void> {
    busy.value = of
    failed.value = null
    try {
      await what()
    } catch (error) {
      failed.value = tell(error)
    } finally {
      busy.value = ''
    }
  }
  return { act, busy, failed }
}
