import type { Words } from './words.zh'

export const en: Words = {
  title: 'Follow-up',
  stage: { interested: 'Interested', contact: 'Contacted', visit: 'Visited', offer: 'Offered', contract: 'Contract', registered: 'Registered', ended: 'Ended' },
}
