// Keys of a page: only while nobody types, no dialog is open, and they are switched on (WCAG 2.1.4).
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { keep, kept } from '../../shared/kept'

export const keysOn: Ref<boolean> = ref(kept('keys') !== 'off')
watch(keysOn, (on) => keep('keys', on ? 'on' : 'off'))

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  return !!element && (element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName))
}

/** Space on something that it presses anyway is left to it, unless that is one of the list. */
function isPressing(event: KeyboardEvent): boolean {
  const element = event.target as HTMLElement | null
  return event.key === ' ' && !!element?.closest('button, a, summary, label') && !element.closest('[data-keys]')
}

export function useKeys(actions: Record<string, () => void>): void {
  function press(event: KeyboardEvent) {
    const action = actions[event.key]
    if (!action || !keysOn.value || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isTyping(event.target) || isPressing(event) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    action()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}
