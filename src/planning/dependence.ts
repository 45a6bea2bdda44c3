import { units } from '../orders/parcel.ts';
import type { ParcelLine } from '../orders/parcel.ts';
import type { Operation } from './operation.ts';

/**
 * What a newer sync owes to an older one of the same order.
 * - `free`: nothing.
 * - `after`: it waits until the older one has ended, however it ended.
 * - `after-done`: it waits, and has nothing to do unless one of those it waited for was done.
 * - `unless-done`: it waits, and is refused if the older one was done.
 */
export type Wait = 'free' | 'after' | 'after-done' | 'unless-done';

export interface Rule {
  readonly wait: Wait;
  /** For which older ones: those of the same parcel, of common lines, or of the whole order. */
  readonly of: 'parcel' | 'lines' | 'order';
  /** An older one that never left is superseded instead of waited for, where the newer tells of all that it would have told. */
  readonly replaces: boolean;
  /** The cause it ends under when `after-done` or `unless-done` turns against it. */
  readonly cause?: `${string}/${string}`;
}

const free: Rule = { wait: 'free', of: 'order', replaces: false };
const after: Rule = { wait: 'after', of: 'order', replaces: false };
const afterSameParcel: Rule = { wait: 'after', of: 'parcel', replaces: true };
const afterDispatch: Rule = { wait: 'after-done', of: 'order', replaces: false, cause: 'planning/never-dispatched' };
const unlessCancelled: Rule = { wait: 'unless-done', of: 'lines', replaces: true, cause: 'order/cancelled' };
const unlessShipped: Rule = { wait: 'unless-done', of: 'lines', replaces: true, cause: 'order/already-shipped' };

/** The newer operation (row) against the older (column). Parcels of one order do not block one another. */
export const dependence: Readonly<Record<Operation, Readonly<Record<Operation, Rule>>>> = {
  'acknowledge-order': {
    'acknowledge-order': { wait: 'after', of: 'order', replaces: true },
    'confirm-shipment': free,
    'correct-shipment': free,
    'cancel-order': { wait: 'unless-done', of: 'order', replaces: false, cause: 'order/cancelled' },
    'refund-order': free,
    'update-pickup': free,
    'upload-invoice': free,
  },
  'confirm-shipment': {
    'acknowledge-order': free,
    'confirm-shipment': afterSameParcel,
    'correct-shipment': { wait: 'after', of: 'parcel', replaces: false },
    'cancel-order': unlessCancelled,
    'refund-order': free,
    'update-pickup': free,
    'upload-invoice': free,
  },
  'correct-shipment': {
    'acknowledge-order': free,
    'confirm-shipment': { wait: 'after-done', of: 'parcel', replaces: false, cause: 'planning/nothing-to-correct' },
    'correct-shipment': afterSameParcel,
    'cancel-order': free,
    'refund-order': free,
    'update-pickup': free,
    'upload-invoice': free,
  },
  'cancel-order': {
    'acknowledge-order': after,
    'confirm-shipment': unlessShipped,
    'correct-shipment': after,
    'cancel-order': { wait: 'unless-done', of: 'lines', replaces: true, cause: 'order/already-cancelled' },
    'refund-order': after,
    'update-pickup': after,
    'upload-invoice': after,
  },
  'refund-order': {
    'acknowledge-order': free,
    'confirm-shipment': after,
    'correct-shipment': free,
    'cancel-order': { wait: 'unless-done', of: 'lines', replaces: false, cause: 'order/cancelled' },
    'refund-order': after,
    'update-pickup': free,
    'upload-invoice': free,
  },
  'update-pickup': {
    'acknowledge-order': free,
    'confirm-shipment': free,
    'correct-shipment': free,
    'cancel-order': { wait: 'unless-done', of: 'lines', replaces: false, cause: 'order/cancelled' },
    'refund-order': free,
    'update-pickup': after,
    'upload-invoice': free,
  },
  'upload-invoice': {
    'acknowledge-order': free,
    'confirm-shipment': afterDispatch,
    'correct-shipment': free,
    'cancel-order': { wait: 'unless-done', of: 'order', replaces: false, cause: 'order/cancelled' },
    'refund-order': free,
    'update-pickup': free,
    'upload-invoice': after,
  },
};

/** How far an older sync has come, as far as a newer one cares. */
export type Phase =
  /** Nothing of it ever left, or what left is known to have done nothing. */
  | 'never-left'
  /** It may be under way, or its fate is not known yet. */
  | 'unsettled'
  | 'done'
  /** It ended without being done. */
  | 'not-done';

export interface Subject {
  readonly operation: Operation;
  readonly parcel: number | null;
  /** Empty: the whole order. */
  readonly lines: readonly ParcelLine[];
}

export interface Earlier extends Subject {
  readonly id: number;
  readonly phase: Phase;
  /** Held because no room offers its operation yet: it holds nothing else. */
  readonly dormant: boolean;
}

export interface Relation {
  readonly waitsFor: readonly number[];
  readonly supersedes: readonly number[];
  /** Why it cannot be done at all, where something older that is already done stands against it. */
  readonly refusedBy: `${string}/${string}` | null;
  /** Why it has nothing to do: all that it could follow has ended, and none of it was done. */
  readonly pointless: `${string}/${string}` | null;
}

/** How a new sync stands to the older ones of its order. Computed when it is planned, and stored. */
export function relate(newer: Subject, older: readonly Earlier[]): Relation {
  const waitsFor: number[] = [];
  const supersedes: number[] = [];
  const followed: Phase[] = [];
  let refusedBy: Relation['refusedBy'] = null;
  let unfollowed: Relation['pointless'] = null;
  for (const one of older) {
    const rule = dependence[newer.operation][one.operation];
    if (rule.wait === 'free' || !touches(rule.of, newer, one)) continue;
    if (rule.wait === 'after-done') {
      followed.push(one.phase);
      unfollowed ??= rule.cause ?? null;
    }
    if (one.phase === 'done') {
      if (rule.wait === 'unless-done') refusedBy ??= rule.cause ?? null;
    } else if (one.phase === 'unsettled') {
      waitsFor.push(one.id);
    } else if (one.phase === 'never-left') {
      if (rule.replaces && covers(rule.of, newer, one)) supersedes.push(one.id);
      else if (!one.dormant) waitsFor.push(one.id);
    }
  }
  return { waitsFor, supersedes, refusedBy, pointless: followed.every((phase) => phase === 'not-done') ? unfollowed : null };
}

/** Why a waiting sync is refused now that one that it waited for has ended; null where that does not stand against it. */
export function refusedAfter(newer: Operation, older: Operation, wasDone: boolean): `${string}/${string}` | null {
  const { wait, cause } = dependence[newer][older];
  return wait === 'unless-done' && wasDone ? (cause ?? 'planning/nothing-to-do') : null;
}

/** Can it turn out that a sync of this operation has nothing to do, when what it waited for has ended? */
export function follows(newer: Operation): boolean {
  return Object.values(dependence[newer]).some(({ wait }) => wait === 'after-done');
}

function touches(of: Rule['of'], a: Subject, b: Subject): boolean {
  if (of === 'order') return true;
  if (of === 'parcel') return a.parcel !== null && a.parcel === b.parcel;
  return a.lines.length === 0 || b.lines.length === 0 || a.lines.some((line) => b.lines.some((other) => other.lineId === line.lineId));
}

/** Does the newer tell of every unit that the older would have told of? */
function covers(of: Rule['of'], newer: Subject, older: Subject): boolean {
  if (of !== 'lines' || newer.lines.length === 0) return true;
  if (older.lines.length === 0) return false;
  const told = units(newer.lines);
  return [...units(older.lines)].every(([line, quantity]) => (told.get(line) ?? 0) >= quantity);
}
