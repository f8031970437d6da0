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
    help: 'Where enterprises receive pushes beside their inbox. Addresses and secrets are sealed and not shown again; every change and test is in the ledger.',
    helpClerk: 'Where enterprises receive pushes beside their inbox. A manager sets them up; addresses and secrets are sealed and not shown here.',
    none: 'No channel is set up: pushes go to the enterprises’ inboxes alone.', enterprise: 'Enterprise', channel: 'Channel', address: 'Address', state: 'State', failures: '{n} failures in a row', off: 'turned off by itself: {why}', offByHand: 'turned off', good: 'in use',
    hold: 'held until {at}', oldSecret: 'the old secret signs, too, until {at}', add: 'Add a channel', change: 'Change', turnOff: 'Turn off', turnOn: 'Turn on', save: 'Save', test: 'Test', testFirst: 'Send a test first', testing: 'Waiting for the answer…',
    find: 'Find the enterprise by name or credit code', noneFound: 'There is no such enterprise: import it first.', keyword: 'Keyword (where the robot’s guard asks for one)', makeSecret: 'Make a secret', handOver: 'Hand this secret to the enterprise, which checks signatures with it. It is not shown again.',
    onlySecret: 'Another secret only; the old one goes on signing beside it for 24 hours', again: 'Address and secret have to be typed again: the old ones are sealed and can’t be read.',
    addressOf: {
      wecom: 'Address of the group’s robot (https://qyapi.weixin.qq.com/…key=…)', dingtalk: 'Address of the group’s robot (https://oapi.dingtalk.com/…access_token=…)', feishu: 'Address of the group’s robot (https://open.feishu.cn/…/hook/…)',
      email: 'Email address', webhook: 'Address of the enterprise’s system (https://…)',
    },
    secretOf: { webhook: 'Secret for signatures (begins with whsec_)', robot: 'Secret for signing (where the robot’s guard has one)' },
    taken: { accepted: 'The enterprise’s system took the test message.', sent: 'The platform took the test message: look in the group or the mailbox whether it is there.' },
    notTaken: 'Not delivered: {why}.', took: 'in {s} s', said: 'What the other side said:', noPush: 'A test message is no push and counts nowhere.',
  },
  limits: {
    help: 'How many pushes an enterprise gets a week at most, and when it is left in peace. It can change that on its own page, too.', search: 'Name or credit code', enterprise: 'Enterprise', weekly: 'Weekly limit', quiet: 'Quiet (as 22:00-08:00)',
    save: 'Save', saved: '{name} is saved.',
  },
  feeds: {
    help: 'What is looked at by itself; what is new is loaded. An address may hold a password: only its host is shown. A folder on the server is set there, by patbridge feed.',
    helpClerk: 'What is looked at by itself; what is new is loaded. A manager sets it up.', none: 'Nothing comes by itself yet.',
    kind: 'It brings', url: 'Address (begins with https)', every: 'How often', each: 'every {time}', nextAt: 'next {at}', days: '{n} d', hours: '{n} h', minutes: '{n} min', seconds: '{n} s',
    off: 'turned off', failures: '{n} failures in a row', notYet: 'not looked at yet', add: 'Add a feed', change: 'Change', end: 'Turn off', begin: 'Begin again', look: 'Look now', asked: 'It will be looked at in a moment.', save: 'Save',
    atOnce: 'It is looked at as soon as this is saved.', paging: 'Pages', pages: { none: 'all at once', link: 'by the header Link', cursor: 'by a cursor (JSON)' },
    cursor: { items: 'Where the records are', next: 'Where the next cursor is', parameter: 'Parameter for the cursor' },
    came: { loaded: 'new records, loaded', same: 'nothing new', refused: 'some rows were refused', later: 'could not be read, again later', off: 'turned off' },
  },
}
