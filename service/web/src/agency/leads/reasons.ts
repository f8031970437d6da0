// Why staff reject a lead: a short list. What is kept is the Chinese sentence, whatever language the page speaks.
import { zh } from './words.zh'

export const reasonNames = ['field', 'old', 'right', 'broad', 'have', 'sent'] as const
export type ReasonName = (typeof reasonNames)[number]

export function reasonText(name: ReasonName): string {
  return zh.why[name]
}

/** A kept reason in the reader's language where it is one of the list. */
export function reasonWords(text: string, t: (key: string) => string): string {
  const name = reasonNames.find((one) => zh.why[one] === text)
  return name ? t(`leads.why.${name}`) : text
}
