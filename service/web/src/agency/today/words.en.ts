import type { Words } from './words.zh'

export const en: Words = {
  title: 'Today',
  lede: 'What waits for the agency: press a number to work through it, be it leads to review, answers to follow or refused rows.',
  nothing: 'Nothing waits at the moment.',
  toImport: 'Import new patents or needs',
  what: { leads_to_review: 'leads to review', answers_to_follow: 'answers to follow up', refused_rows: 'refused rows to mend', dead_letters: 'pushes that could not be delivered', needs_ending: 'needs end within {days} days' },
  how: { leads_to_review: 'one by one, by keyboard', answers_to_follow: 'their day has come, or no next step is planned', refused_rows: 'mend and load them', dead_letters: 'see why, send again', needs_ending: 'ask whether they still stand' },
  again: '{n} put back; they go out at once.', refused: { channel_off: 'Not sent: {names} has no such channel in use; turn it on or set it up in the settings.', stopped: 'Not sent: {names} wants no more pushes.' },
  times: '{n}', sendAll: 'Send all again ({n})', send: 'Send again', toChannels: 'to the channels', channelOff: 'channel off', tries: 'tries: {n}', said: 'what was said:', someOf: 'The latest {n} of {all}.',
  deadTitle: 'Pushes that could not be delivered',
  noDead: 'Every push was delivered.',
  noEnding: 'No need ends soon.',
}
