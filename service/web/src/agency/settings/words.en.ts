import type { Words } from './words.zh'

export const en: Words = {
  title: 'Settings',
  tab: { people: 'People', keys: 'Keys', channels: 'Channels', limits: 'Push limits', feeds: 'Feeds' },
  none: 'None.',
  agency: 'Agency’s code',
  yes: 'yes',
  no: 'no',
  people: {
    name: 'Name (to sign in by)', role: 'Role', signedIn: 'Last signed in', never: 'never', state: 'State', inUse: 'in use', off: 'out of use', removed: 'ended', totp: 'Codes', sessions: 'Sessions',
    add: 'Add somebody', added: 'First password of {name} (told this once, to be changed at the first sign-in):', newPassword: 'New password', disable: 'Put out of use', enable: 'Back in use', signOut: 'Sign out everywhere', do: 'Do',
    enterprise_uscc: 'Enterprise’s credit code', wrong: 'Name or role is wrong.',
  },
  role: { administrator: 'administrator', agency_manager: 'agency’s manager', agency_clerk: 'agency’s clerk', official: 'official', enterprise: 'enterprise' },
  keys: { name: 'Name', id: 'Id', last: 'Last used', ends: 'Ends', make: 'Make a key', made: 'The key (told this once):', revoke: 'Revoke', revoked: 'revoked', help: 'For the agency’s own programs; good for a year.' },
  channels: {
    help: 'Where enterprises receive pushes beside the inbox. An administrator registers them by the command patbridge endpoint; secrets are kept sealed, and not shown.',
    enterprise: 'Enterprise', channel: 'Channel', address: 'Address', state: 'State', failures: '{n} failures in a row', off: 'off: {why}', good: 'in order', hold: 'held until {at}',
  },
  limits: {
    help: 'How many pushes an enterprise gets a week at most, and when it is left in peace. It can change that on its own page, too.', search: 'Name or credit code', enterprise: 'Enterprise', weekly: 'Weekly limit', quiet: 'Quiet (as 22:00-08:00)',
    save: 'Save', saved: '{name} is saved.',
  },
  feeds: {
    help: 'Addresses and folders that are read by themselves. An administrator registers them by the command patbridge feed.', kind: 'Kind', address: 'Source', every: 'Every', hours: '{n} hours', minutes: '{n} minutes', tried: 'Last look',
    next: 'Next', outcome: 'Outcome', off: 'off', failures: '{n} failures in a row',
  },
}
