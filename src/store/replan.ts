import { deadline, leftToShip } from '../orders/order.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Operation } from '../planning/operation.ts';
import { clampGrace } from '../planning/deadline.ts';
import { ofOrder, ofParcel } from '../planning/plan.ts';
import type { PlannedSync } from '../planning/plan.ts';
import type { PlanningAccount, Tables } from '../planning/situation.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { Totals } from './counters.ts';
import { refresh, situationOf } from './situations.ts';
import type { Dossier, StoredParcel, StoredSync } from './situations.ts';
import { callOf, move, waitFor } from './transitions.ts';
import type { Tx } from './rows.ts';

/** What planning anew needs beside the order. */
export interface Replanning {
  readonly account: PlanningAccount;
  readonly offers: LaneProfile['offers'] | undefined;
  readonly tables: Tables;
  readonly totals: Totals;
  readonly now: Instant;
}

/** A sync that never left, and waits for something or for its turn: what it tells may still change. One that is sent once more has left. */
export function neverLeft(sync: StoredSync): boolean {
  return sync.unsettled === 0 && sync.accepted_at === null && sync.operation !== 'nothing' && ['ready', 'delayed', 'held', 'blocked'].includes(sync.status);
}

/**
 * Plans anew what has not left of one order, after something about it has changed: it was imported, a tracking
 * number or a carrier's code came, its buyer asked to cancel, somebody shipped it by hand.
 * @returns how many syncs changed their status
 */
export async function replan(tx: Tx, dossier: Dossier, planning: Replanning): Promise<number> {
  let changed = 0;
  for (const { id } of dossier.syncs.filter(neverLeft)) {
    const sync = dossier.syncs.find((one) => one.id === id);
    // What no room offered when it was planned never goes out by itself, even where a later version could.
    if (sync === undefined || !neverLeft(sync) || sync.cause === 'operation/not-offered') continue;
    const replanned = await replanOne(tx, dossier, sync, planning);
    const dropped = await dropCorrections(tx, dossier, sync, planning);
    if (!replanned && dropped === 0) continue;
    changed += (replanned ? 1 : 0) + dropped;
    await refresh(tx, dossier);
  }
  return changed;
}

/** A confirmation that is yet to leave tells of its parcel as it is: what was to correct it has nothing to correct. Resolves to how many. */
export async function dropCorrections(tx: Tx, dossier: Dossier, sync: StoredSync, { offers, totals, now }: Pick<Replanning, 'offers' | 'totals' | 'now'>): Promise<number> {
  if (sync.operation !== 'confirm-shipment') return 0;
  const idle = dossier.syncs.filter((other) => other.operation === 'correct-shipment' && other.parcel_id === sync.parcel_id && other.id > sync.id && neverLeft(other));
  await move(tx, idle.map((other) => ({ sync: other, to: 'skipped', cause: 'planning/nothing-to-correct', step: 'send', dueAt: null })), offers, totals, now);
  return idle.length;
}

async function replanOne(tx: Tx, dossier: Dossier, sync: StoredSync, planning: Replanning): Promise<boolean> {
  const { now, offers, totals } = planning;
  const planned = await planAnew(tx, dossier, sync, planning, { word: sync.word === 1, grace: sync.grace_until });
  if (planned === null) return false;
  const step = sync.look_first === 1 ? 'check' : sync.attempts === 0 ? planned.firstStep : (sync.step as 'send' | 'check');
  await tx
    .updateTable('sync')
    .set({ payload: JSON.stringify(planned.payload), step, call: callOf(offers, sync.operation, step), ship_by: planned.shipBy, useless_after: planned.uselessAfter })
    .where('id', '=', sync.id)
    .execute();
  const going = ['ready', 'delayed', 'blocked'];
  if (going.includes(planned.status) && going.includes(sync.status)) return false;
  if (planned.status === sync.status && planned.cause === sync.cause) {
    if (planned.dueAt !== sync.due_at) await tx.updateTable('sync').set({ due_at: planned.dueAt }).where('id', '=', sync.id).execute();
    return false;
  }
  if (planned.status === 'blocked') await waitFor(tx, sync.id, planned.waitsFor);
  await move(tx, [{ sync, to: planned.status, cause: planned.cause, step, dueAt: planned.dueAt }], offers, totals, now);
  return true;
}

/**
 * What a sync is to tell as things stand now; null where its parcel is gone.
 * @param on `word`: the merchant has given theirs; `grace`: the end of the time in which it can be undone
 */
export async function planAnew(tx: Tx, dossier: Dossier, sync: StoredSync, { account, tables, now }: Pick<Replanning, 'account' | 'tables' | 'now'>, on: { readonly word: boolean; readonly grace: Instant | null }): Promise<PlannedSync | null> {
  const operation = sync.operation as Operation;
  const grace = on.grace === null ? null : clampGrace(on.grace, deadline(dossier.order));
  if (sync.parcel_id === null) return ofOrder(operation, sync.payload.reason ?? null, grace, situationOf(dossier, account, now, sync.id));
  const parcel = dossier.parcels.find((one) => one.id === sync.parcel_id);
  if (parcel === undefined) return null;
  const fitted = fit(dossier, parcel);
  if ('cause' in fitted) return { ...ofParcel(operation, parcel, grace, situationOf(dossier, account, now, sync.id), tables, on.word), ...fitted, dueAt: null, waitsFor: [], supersedes: [] };
  if (parcel.lines === null && fitted.lines !== null) await tx.updateTable('parcel').set({ lines: JSON.stringify(fitted.lines) }).where('id', '=', parcel.id).execute();
  dossier.parcels = dossier.parcels.map((one) => (one.id === parcel.id ? fitted : one));
  return ofParcel(operation, fitted, grace, situationOf(dossier, account, now, sync.id), tables, on.word);
}

/** A parcel whose lines were not known takes all that is left; one that no longer fits has nothing to tell, or is wrong. */
function fit(dossier: Dossier, parcel: StoredParcel): StoredParcel | { readonly status: 'skipped' | 'rejected'; readonly cause: `${string}/${string}` } {
  if (!dossier.order.imported) return parcel;
  const earlier = dossier.parcels.filter((p) => p.id !== parcel.id && (p.origin === 'marketplace' || p.id < parcel.id));
  const left = leftToShip(dossier.order.lines, earlier);
  if (dossier.order.cancellation === 'cancelled') return parcel;
  const nothingLeft = [...left.values()].every((quantity) => quantity === 0);
  if (parcel.lines === null) {
    if (nothingLeft) return { status: 'skipped', cause: 'order/already-shipped' };
    return { ...parcel, lines: [...left].filter(([, quantity]) => quantity > 0).map(([lineId, quantity]) => ({ lineId, quantity })) };
  }
  if (parcel.lines.some((line) => !left.has(line.lineId))) return { status: 'rejected', cause: 'order/line-unknown' };
  if (parcel.lines.every((line) => left.get(line.lineId) === 0)) return { status: 'skipped', cause: 'order/already-shipped' };
  if (parcel.lines.some((line) => line.quantity > (left.get(line.lineId) ?? 0))) return { status: 'rejected', cause: 'order/quantity-over-left' };
  return parcel;
}

