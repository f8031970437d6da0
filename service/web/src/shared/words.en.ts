import type { SharedWords } from './words.zh'

export const en: SharedWords = {
  brand: 'PatBridge',
  language: '中文',
  theme: { label: 'Appearance', auto: 'As the system', light: 'Light', dark: 'Dark' },
  signOut: 'Sign out',
  retry: 'Try again',
  loading: 'Loading…',
  invented: 'invented',
  inventedLong: 'Made-up data for demonstration; it counts for nothing real',
  skip: 'Skip to content',
  pages: 'Pages',
  close: 'Close',
  cancel: 'Cancel',
  problem: {
    offline: 'The service can’t be reached. Check the network and try again.',
    unauthorized: 'The session has ended. Please sign in again.',
    forbidden: 'Your account may not do this.',
    'not-found': 'Not found.',
    conflict: 'Somebody else’s change is in the way. Reload and look again.',
    precondition: 'Somebody has just changed this record. Reload before changing it.',
    'too-many': 'Too many requests. Please wait a moment.',
    unavailable: 'The database can’t be reached; try again in a few seconds.',
    internal: 'Something went wrong; the log has the reason.',
    other: 'It could not be done.',
  },
}
