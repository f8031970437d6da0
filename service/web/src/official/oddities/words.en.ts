import type { Words } from './words.zh'

export const en: Words = {
  title: 'Oddities',
  lede: 'Shown, not judged: no figure changes by it. Say a word why once you have looked.',
  unseen: 'Only those nobody looked at',
  anyRule: 'Every rule',
  rule: 'Rule',
  rows: 'Records ({count})',
  seen: 'looked at by {by} on {at}: {reason}',
  reason: 'A word why, once you have looked',
  mark: 'Looked at',
  several: 'of several agencies',
  from: 'from {number} on',
  none: 'Nothing odd.',
  moreRows: '{count} more',
}
