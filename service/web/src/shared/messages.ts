// Messages need no compiler: all that ours have is names in braces. So vue-i18n gets functions from here in place of texts, and its own
// compiler, a tenth of what a desk fetches, is left out (vite.config.ts).
import type { MessageContext, MessageFunction, Path, PathValue } from 'vue-i18n'

const made = new Map<string, MessageFunction<string>>()

function compose(text: string): MessageFunction<string> {
  const pieces = text.split(/\{(\w+)\}/)
  if (pieces.length === 1) return () => text
  return (context: MessageContext<string>) => pieces.map((piece, i) => (i % 2 ? String(context.named(piece) ?? '') : piece)).join('')
}

/** The message of a language that a path names: "nav.today". Null where there is none. */
export function resolveMessage(words: unknown, path: Path): PathValue {
  let found: unknown = words
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !(name in found)) return null
    found = (found as Record<string, unknown>)[name]
  }
  if (typeof found !== 'string') return null
  let message = made.get(found)
  if (!message) made.set(found, (message = compose(found)))
  return message as unknown as PathValue
}
