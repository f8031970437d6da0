import type { Words } from './words.zh'

export const en: Words = {
  title: 'Today',
  lede: 'What waits for the agency: press a number to work through it, be it leads to review, answers to follow or refused rows.',
  nothing: 'Nothing waits at the moment.',
  toImport: 'Import new patents or needs',
  what: { leads_to_review: 'leads to review', answers_to_follow: 'answers to follow up', refused_rows: 'refused rows to mend', dead_letters: 'pushes that could not be delivered', needs_ending: 'needs end within {days} days' },
  how: { leads_to_review: 'one by one, by keyboard', answers_to_follow: 'interested, and no contract yet', refused_rows: 'mend and load them', dead_letters: 'see why', needs_ending: 'ask whether they still stand' },
  heads: { enterprise: 'Enterprise', patent: 'Patent', channel: 'Channel', attempts: 'Attempts', when: 'When', error: 'Why' },
  noDead: 'Every push was delivered.',
  noEnding: 'No need ends soon.',
}
