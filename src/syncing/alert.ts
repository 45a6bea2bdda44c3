import type { Duration, Instant } from '../runtime/clock.ts';
import { day, hour, minute } from '../runtime/clock.ts';

/** What an operator or a merchant is told of without having asked. */
export const alertKinds = ['overdue-soon', 'account-refused', 'failure', 'queue-old', 'orders-not-read', 'source-silent', 'disk-low', 'clock-off', 'store-failing'] as const;
export type AlertKind = (typeof alertKinds)[number];

export interface Alert {
  /** One alert per key: told of once, until it is over and comes again. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly details: Readonly<Record<string, string | number>>;
}

/** What the store shows of the present, for the alerts. */
export interface Snapshot {
  readonly now: Instant;
  readonly accounts: readonly {
    readonly id: string;
    readonly asleep: boolean;
    /** Open syncs whose deadline is near or past, and the nearest deadline. */
    readonly overdueSoon: number;
    readonly nearestDeadline: Instant | null;
    /** Oldest sync that could go and has not. */
    readonly oldestReady: Instant | null;
    readonly refusals: readonly { readonly call: string; readonly cause: string; readonly since: Instant }[];
    /** Up to when its orders were read; null before the first import. */
    readonly sweptUntil: Instant | null;
  }[];
  /** When the last state was applied, by whatever source; null: never. */
  readonly lastApplied: Instant | null;
  /** States applied on the same day a week ago. */
  readonly appliedWeekBefore: number;
}

/** Deadlines that count as near. */
export const near: Duration = 2 * hour;
const tooOld = 30 * minute;
const unread = 30 * minute;

/** The alerts that the present deserves. Failures are told of where they are recorded. */
export function alertsOf(snapshot: Snapshot): readonly Alert[] {
  const { now } = snapshot;
  const alerts: Alert[] = [];
  for (const account of snapshot.accounts) {
    const { id: name } = account;
    if (account.overdueSoon > 0) alerts.push({ key: `overdue-soon ${name}`, kind: 'overdue-soon', details: { account: name, orders: account.overdueSoon, ...(account.nearestDeadline === null ? {} : { nearest: iso(account.nearestDeadline) }) } });
    for (const refusal of account.refusals) alerts.push({ key: `account-refused ${name} ${refusal.call}`, kind: 'account-refused', details: { account: name, call: refusal.call, cause: refusal.cause, since: iso(refusal.since) } });
    if (account.asleep) continue;
    if (account.oldestReady !== null && now - account.oldestReady > tooOld) alerts.push({ key: `queue-old ${name}`, kind: 'queue-old', details: { account: name, since: iso(account.oldestReady) } });
    if (account.sweptUntil !== null && now - account.sweptUntil > unread) alerts.push({ key: `orders-not-read ${name}`, kind: 'orders-not-read', details: { account: name, since: iso(account.sweptUntil) } });
  }
  // Silence is only strange where there was none a week ago: small shops and Sundays are left in peace.
  if (snapshot.lastApplied !== null && now - snapshot.lastApplied > day && snapshot.appliedWeekBefore >= 5) {
    alerts.push({ key: 'source-silent', kind: 'source-silent', details: { since: iso(snapshot.lastApplied), weekBefore: snapshot.appliedWeekBefore } });
  }
  return alerts;
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
