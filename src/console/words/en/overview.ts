export const overview = {
  title: 'Overview',
  todo: 'To do now',
  nothing: 'Nothing waits: all that had to be told has been told.',
  causes: 'Failures and waits, by cause',
  see: 'See the {n, plural, one {sync} other {# syncs}}',
  accounts: 'Accounts',
  noAccounts: 'No account is connected.',
  lane: '{n, plural, =0 {nothing in line} one {# in line} other {# in line}}',
  paused: 'Paused',
  refused: 'Access refused',
  observing: 'Observing',
  atWork: 'Live',
} as const;
