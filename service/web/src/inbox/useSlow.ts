import { ref, watchEffect } from 'vue'

/** Whether something has been so for a second and a half: what is over at once need not be said. */
export function useSlow(is: () => boolean) {
  const slow = ref(false)
  watchEffect((stop) => {
    slow.value = false
    const timer = is() ? setTimeout(() => (slow.value = true), 1500) : undefined
    stop(() => clearTimeout(timer))
  })
  return slow
}
