import type { Words } from './words.zh'

export const en: Words = {
  title: 'Sign in',
  lede: 'The way in for agencies, enterprises and officials, each to their own desk.',
  name: 'Account',
  password: 'Password',
  code: 'One-time code',
  codeHelp: 'Only where the account asks for one',
  go: 'Sign in',
  wrong: 'Account, password or code is wrong.',
  wait: 'Too many failures: try again in {seconds} seconds.',
  change: { title: 'A password of your own', lede: 'Somebody else knows this password. Choose one that only you know, and begin.', next: 'New password (10 characters or more)', again: 'Once more', differ: 'The two differ.', go: 'Save and begin' },
  noAccount: 'Enterprises come in by the link of a push or an invitation; staff ask their agency’s administrator for an account.',
}
