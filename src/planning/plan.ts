import { deadline } from '../orders/order.ts';
import type { Instant, Order } from '../orders/order.ts';
import type { OrderState } from '../orders/order-state.ts';
import { toldAt } from '../orders/parcel.ts';
import type { Parcel } from '../orders/parcel.ts';
import { carrierCode } from './carriers.ts';
import { relate } from './dependence.ts';
import type { Subject } from './dependence.ts';
import type { Operation, Payload } from './operation.ts';
import { uselessAfter } from './deadline.ts';
import { shippedByOthers } from './situation.ts';
import type { Situation, Tables } from './situation.ts';
import type { Reason } from './state-types.ts';

/** One thing that one destination must be told because a state was applied, or why there is none. */
export interface PlannedSync {
  readonly operation: Operation | 'nothing';
  readonly parcel: number | null;
  readonly status: 'ready' | 'delayed' | 'blocked' | 'held' | 'skipped' | 'rejected';
  /** Why it is held, skipped or rejected. */
  readonly cause: Reason | null;
  readonly payload: Payload;
  /** By when the marketplace must hear of it. */
  readonly shipBy: Instant;
  /** From when on telling is useless. */
  readonly uselessAfter: Instant;
  /** Not to be sent before this moment (grace); held until this moment at the latest. Null: at once; held without an end. */
  readonly dueAt: Instant | null;
  /** What it does first: look, where sending again could not be told from sending twice. */
  readonly firstStep: 'send' | 'check';
  readonly waitsFor: readonly number[];
  readonly supersedes: readonly number[];
}

/** What an application of a state asks for, beside the order it is put on. */
export interface Application {
  readonly state: Pick<OrderState, 'type'>;
  readonly appliedAt: Instant;
  /** End of the time in which it can be undone; null: none. */
  readonly graceUntil: Instant | null;
  /** The parcels it tells of that are new here. */
  readonly parcels: readonly Parcel[];
  /** Why there are none, where the Type wants some. */
  readonly noParcels: Reason | null;
  readonly cancelReason: string | null;
}

/** Applied state + order + mapping → its syncs, or the stored reason for none. Never an empty list. */
export function plan(application: Application, situation: Situation, tables: Tables): readonly PlannedSync[] {
  const { account } = situation;
  if (account.marketplace === null) return [nothing('planning/own-shop', situation)];
  const asked = tables.stateTypes[application.state.type][account.marketplace];
  if (asked === undefined) return [nothing('planning/no-such-call', situation)];
  if ('nothing' in asked) return [nothing(asked.nothing, situation)];
  if (asked.onlyIf === 'acknowledge' && !account.acknowledge) return [nothing(asked.otherwise ?? 'planning/no-such-call', situation)];
  if (application.appliedAt < account.from) return [nothing('planning/before-start', situation, asked.operation)];
  if (asked.per === 'order') return [ofOrder(asked.operation, application.cancelReason, application.graceUntil, situation)];
  if (application.parcels.length === 0) return [nothing(application.noParcels ?? 'order/already-shipped', situation, asked.operation)];
  return application.parcels.map((parcel) => ofParcel(asked.operation, parcel, application.graceUntil, situation, tables));
}

/**
 * Plans, or plans anew, what is to be told of one parcel. Called when a state is applied, and again whenever
 * what it waits for may have come: a tracking number, a carrier's code, the order itself, the merchant's word.
 * @param word the merchant has given their word: an open request to cancel no longer holds it
 */
export function ofParcel(operation: Operation, parcel: Parcel, graceUntil: Instant | null, situation: Situation, tables: Tables, word = false): PlannedSync {
  const { order, account, now } = situation;
  const code = parcel.carrier === null ? null : carrierCode(parcel.carrier, account.id, account.marketplace ?? '', tables.mappedCarriers, tables.defaultCarriers);
  const lines = parcel.lines ?? [];
  const base = {
    operation,
    parcel: parcel.id,
    payload: {
      order: order.reference,
      parcel: {
        reference: parcel.reference,
        carrier: parcel.carrier,
        carrierCode: code?.code ?? null,
        carrierName: code?.code === 'Other' ? (code.name ?? parcel.carrier) : null,
        trackingNumber: parcel.trackingNumber,
        shippedAt: shippedAt(parcel, order),
        shipFrom: parcel.shipFrom,
      },
      lines,
    },
    ...deadlines(situation),
  };
  const ended = endedReason(situation);
  if (ended !== null) return { ...base, ...still('skipped', ended) };
  const subject = { operation, parcel: parcel.id, lines };
  const { waitsFor, supersedes, refusedBy } = relate(subject, situation.earlier);
  if (refusedBy !== null) return { ...base, ...still('rejected', refusedBy) };
  const idle = pointless(subject, situation);
  if (idle !== null) return { ...base, ...still('skipped', idle) };
  const offer = account.offers[operation];
  if (offer === 'not-offered') return { ...base, ...still('held', 'operation/not-offered') };

  const untracked = parcel.trackingNumber === null;
  const hold = holdReason(parcel, code !== null, offer.untracked, situation, word);
  const firstStep = untracked && offer.untracked === 'look-first' ? 'check' : 'send';
  const common = { ...base, firstStep, waitsFor, supersedes } as const;
  if (hold !== null) {
    // Where the marketplace can do without, waiting for a number ends before the deadline does.
    const last = hold === 'order/tracking-missing' && offer.untracked !== 'refused' ? trackingGraceEnd(parcel, situation, graceUntil) : null;
    if (last === null || last > now) return { ...common, status: 'held', cause: hold, dueAt: last };
  }
  if (waitsFor.length > 0) return { ...common, status: 'blocked', cause: null, dueAt: graceUntil };
  const later = graceUntil !== null && graceUntil > now;
  return { ...common, status: later ? 'delayed' : 'ready', cause: null, dueAt: later ? graceUntil : null };
}

/**
 * Plans, or plans anew, what is to be told of a whole order.
 * @param reason why, for a cancellation or a refund
 */
export function ofOrder(operation: Operation, reason: string | null, graceUntil: Instant | null, situation: Situation): PlannedSync {
  const lines = situation.order.lines.map((line) => ({ lineId: line.lineId, quantity: line.quantity - line.cancelled }));
  const payload: Payload = { order: situation.order.reference, parcel: null, lines, ...(reason === null ? {} : { reason }) };
  const base = { operation, parcel: null, payload, ...deadlines(situation) };
  if (situation.order.fulfilment === 'marketplace') return { ...base, ...still('skipped', 'order/fulfilled-by-marketplace') };
  if (situation.order.cancellation === 'cancelled') return { ...base, ...still('skipped', 'order/cancelled') };
  if (operation === 'cancel-order' && shippedByOthers(situation)) return { ...base, ...still('rejected', 'order/already-shipped') };
  const subject = { operation, parcel: null, lines };
  const { waitsFor, supersedes, refusedBy } = relate(subject, situation.earlier);
  if (refusedBy !== null) return { ...base, ...still('rejected', refusedBy) };
  const idle = pointless(subject, situation);
  if (idle !== null) return { ...base, ...still('skipped', idle) };
  if (situation.account.offers[operation] === 'not-offered') return { ...base, ...still('held', 'operation/not-offered'), supersedes };
  if (!situation.order.imported) return { ...base, ...still('held', 'order/not-imported'), waitsFor, supersedes };
  const grace = graceUntil !== null && graceUntil > situation.now;
  const status = waitsFor.length > 0 ? 'blocked' : grace ? 'delayed' : 'ready';
  return { ...base, status, cause: null, dueAt: grace ? graceUntil : null, firstStep: 'send', waitsFor, supersedes };
}

/** Why a sync has nothing to do as things stand: all that it could follow has ended, and nobody did it. */
export function pointless(subject: Subject, situation: Pick<Situation, 'order' | 'parcels' | 'earlier'>): Reason | null {
  // What concerns the order may follow a dispatch that the marketplace, or somebody in its own pages, told of.
  if (subject.parcel === null && (shippedByOthers(situation) || situation.order.fulfilment === 'label')) return null;
  return relate(subject, situation.earlier).pointless;
}

/** Why a parcel of this order needs no telling at all. */
function endedReason({ order }: Situation): Reason | null {
  if (order.fulfilment === 'marketplace') return 'order/fulfilled-by-marketplace';
  if (order.fulfilment === 'label') return 'order/labelled-by-marketplace';
  if (order.cancellation === 'cancelled') return 'order/cancelled';
  return null;
}

/** What is missing before a parcel can be told of; the first of several. */
function holdReason(parcel: Parcel, carrierKnown: boolean, untrackedHere: 'fine' | 'look-first' | 'refused', { order, account }: Situation, word: boolean): Reason | null {
  const marketplace = account.marketplace ?? '';
  if (!order.imported || parcel.lines === null) return 'order/not-imported';
  if (order.cancellation === 'requested' && !word) return 'order/cancel-requested';
  // Neither marketplace lets an order be confirmed before it is paid for.
  if (order.payment === 'in-progress') return 'order/payment-pending';
  if (order.payment === 'refused') return 'order/payment-refused';
  if (parcel.trackingNumber === null) {
    if (!parcel.untracked) return 'order/tracking-missing';
    return untrackedHere === 'refused' ? `${marketplace}/tracking-required` : null;
  }
  if (parcel.carrier === null) return `${marketplace}/carrier-missing`;
  return carrierKnown ? null : `${marketplace}/carrier-unknown`;
}

const oneHour = 60 * 60 * 1000;

/**
 * The end of a wait for a tracking number: the account's grace, never past an hour before the deadline.
 * Counted from when the parcel was told of, so that planning anew never begins it afresh.
 */
function trackingGraceEnd(parcel: Parcel, { account, order, now }: Situation, graceUntil: Instant | null): Instant {
  return Math.max(graceUntil ?? 0, Math.min(Math.min(now, toldAt(parcel)) + account.trackingGraceMs, deadline(order) - oneHour));
}

/** Clamped again: what was told before the order was imported could not know when it was placed. To the whole second after it: a marketplace that is told no fractions would take it for earlier. */
function shippedAt(parcel: Parcel, order: Order): string {
  return new Date(order.imported ? Math.max(parcel.shippedAt, Math.ceil(order.placedAt / 1000) * 1000) : parcel.shippedAt).toISOString();
}

function deadlines({ order, account }: Situation): Pick<PlannedSync, 'shipBy' | 'uselessAfter'> {
  const shipBy = deadline(order);
  return { shipBy, uselessAfter: uselessAfter(shipBy, account.marketplace) };
}

function nothing(cause: Reason, situation: Situation, operation: Operation | 'nothing' = 'nothing'): PlannedSync {
  return { operation, parcel: null, payload: { order: situation.order.reference, parcel: null, lines: [] }, ...deadlines(situation), ...still('skipped', cause) };
}

function still(status: 'held' | 'skipped' | 'rejected', cause: Reason): Pick<PlannedSync, 'status' | 'cause' | 'dueAt' | 'firstStep' | 'waitsFor' | 'supersedes'> {
  return { status, cause, dueAt: null, firstStep: 'send', waitsFor: [], supersedes: [] };
}
