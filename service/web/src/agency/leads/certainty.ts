// A probability in words: how likely, and how sure that is.
import type { Lead } from './queue'

export function likely(probability: number): 'high' | 'middle' | 'low' | 'least' {
  if (probability >= 0.5) return 'high'
  if (probability >= 0.25) return 'middle'
  return probability >= 0.1 ? 'low' : 'least'
}

/** What it rests on, in the reader's language; '' where the service says nothing of it. */
export function basis(lead: Lead, language: string): string {
  return (language === 'zh' ? lead.certainty?.basis_zh : lead.certainty?.basis) ?? ''
}
