import type { AlertKind } from '../../syncing/alert.ts';

/** What each kind of alert says, and what to do; of a refusal and of a failure the diagnosis of their cause follows. */
export const alerts = {
  'overdue-soon': { what: '{account}: {orders, plural, one {# sync has} other {# syncs have}} a deadline that is past or less than two hours away, the nearest {nearest}.', remedy: 'See what they wait for, those of the nearest deadline first.' },
  'account-refused': { what: '{account}: the marketplace refuses {call, select, all {the account} other {the call {call}}} since {since}.', remedy: 'Check the account.' },
  'failure': { what: '{account}: a sync fails for a cause that was not there before ({cause}).', remedy: 'See its diagnosis.' },
  'queue-old': { what: '{account}: something could leave since {since}, and has not.', remedy: 'Look at the account and at the daemon’s log.' },
  'orders-not-read': { what: '{account}: changed orders are not read since {since}; what is accepted is not verified any more.', remedy: 'Check the account.' },
  'source-silent': { what: 'No state was applied since {since}, and a week ago there were {weekBefore} that day.', remedy: 'See whether the shop or whoever sends states still does.' },
  'disk-low': { what: '{gigabytes} GB are free on the disk of the database. No order is imported any more; confirmations still leave.', remedy: 'Make room.' },
  'clock-off': { what: 'The clock of this machine is {seconds} s off those of the marketplaces: nothing is sent.', remedy: 'Set it by NTP.' },
  'store-failing': { what: 'The database refuses: nothing can be written, so nothing is sent.', remedy: 'See the daemon’s log and the disk: suivi doctor.' },
} as const satisfies Record<AlertKind, { readonly what: string; readonly remedy: string }>;
