import { dependence } from '../planning/dependence.ts';
import type { Operation } from '../planning/operation.ts';
import type { Instant } from '../runtime/clock.ts';
import { hasEnded } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { liveFrom, planningTables } from './accounts.ts';
import { append, journalLane } from './audit.ts';
import { claimantName, claimedThrough, withdraw } from './claims.ts';
import type { Claimant, Withdrawal } from './claims.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import type { Totals } from './counters.ts';
import { isUnread, mayBeTold, takeBack, takenSince } from './give-up.ts';
import { keepOpen } from './open-orders.ts';
import { neverLeft, planAnew } from './replan.ts';
import { lastRestore } from './restored.ts';
import type { Tx } from './rows.ts';
import { loadDossiers, planningAccount, refresh } from './situations.ts';
import type { Dossier, StoredSync } from './situations.ts';
import { transact } from './transact.ts';
import { letGo, move, waitFor } from './transitions.ts';

/** What came of undoing one application. */
export interface Undone {
  readonly applied: number;
  /** Nothing of it had left: it is as if it had never been applied. */
  readonly whole: boolean;
  readonly cancelled: readonly number[];
  /** What had left already, and cannot be called back. */
  readonly left: readonly { readonly sync: number; readonly operation: string; readonly status: Status }[];
  /** Applied since a backup was restored, and nobody has looked yet whether the same had been told before: these never left. */
  readonly doubtful: readonly number[];
  /** Others who were told that it stands: it does, for them, and nothing was cancelled. */
  readonly standsFor: readonly Claimant[];
}

/**
 * Undoes an application: what has not left never leaves; what has is told. Where others applied the same, only the
 * author's part in it ends, or that of whoever applied it first. `null`: no such application, or undone before.
 */
export async function undoApplied(context: Context, applied: number, author: string, now: Instant): Promise<Undone | null> {
  return transact(context.store.db, async (tx) => undoInside(tx, context, applied, { author }, now));
}

export async function undoInside(tx: Tx, context: Context, applied: number, by: Withdrawal, now: Instant): Promise<Undone | null> {
  const { author } = by;
  const row = await tx.selectFrom('applied_state').select('order_id').where('id', '=', applied).executeTakeFirst();
  if (row === undefined) return null;
  const dossier = (await loadDossiers(tx, [row.order_id])).get(row.order_id);
  // The order's lock is had now: whoever was quicker has undone it.
  if (dossier === undefined || !dossier.applied.some((one) => one.id === applied)) return null;
  const { standing, withdrew } = await withdraw(tx, applied, by, now);
  if (standing.length > 0) {
    if (withdrew) await append(tx, context.audit, journalLane, now, [{ kind: 'undo', sync: null, attempt: null, what: null, cause: null, body: { by: author, applied, order: dossier.order.reference, standsFor: standing.map(claimantName) } }]);
    return { applied, whole: false, cancelled: [], left: [], doubtful: [], standsFor: standing };
  }
  const own = dossier.syncs.filter((sync) => sync.applied_state_id === applied);
  const waiting = own.filter(neverLeft);
  const restore = await lastRestore(tx);
  const left = own.filter((sync) => (neverLeft(sync) ? mayBeTold(sync, restore) : hasLeft(sync))).map((sync) => ({ sync: sync.id, operation: sync.operation, status: sync.status }));
  const doubtful = waiting.filter((sync) => isUnread(sync) && !mayBeTold(sync, restore)).map((sync) => sync.id);
  const changed = totals();
  const offers = context.profiles.get(dossier.order.account)?.offers;
  const gone = own.filter((sync) => !left.some((one) => one.sync === sync.id));
  const back = dossier.syncs.filter((sync) => sync.status === 'superseded' && gone.some((one) => one.id === sync.superseded_by));
  await giveBack(tx, gone, back);
  await move(tx, waiting.map((sync) => ({ sync, to: 'cancelled', cause: 'person/undone', step: 'send', dueAt: null })), offers, changed, now);
  await refresh(tx, dossier);
  const kept = new Set(left.map((one) => own.find((sync) => sync.id === one.sync)?.parcel_id));
  const voided = dossier.parcels.filter((parcel) => parcel.appliedState === applied && !kept.has(parcel.id));
  if (voided.length > 0) await tx.updateTable('parcel').set({ voided_at: now }).where('id', 'in', voided.map((parcel) => parcel.id)).execute();
  dossier.parcels = dossier.parcels.filter((parcel) => !voided.includes(parcel));
  dossier.voided.push(...voided);
  // What was given up before by name is undone now: it does not come back either.
  if (left.length > 0) await move(tx, own.filter((sync) => sync.status === 'cancelled' && sync.cause === 'person/stopped').map((sync) => ({ sync, to: 'cancelled', cause: 'person/undone', step: 'send', dueAt: null })), offers, changed, now);
  await keepOpen(tx, [dossier]);
  await restoreSuperseded(tx, context, dossier, back, changed, now);
  if (left.length === 0) {
    await tx.updateTable('applied_state').set({ undone_at: now, undone_by: author }).where('id', '=', applied).execute();
    await recountState(tx, row.order_id, now);
  }
  await append(tx, context.audit, journalLane, now, [{ kind: left.length === 0 ? 'undo' : waiting.length > 0 ? 'undo-partly' : 'undo-left-out', sync: null, attempt: null, what: null, cause: null, body: { by: author, applied, order: dossier.order.reference, cancelled: waiting.map((sync) => sync.id), left, ...(doubtful.length === 0 ? {} : { doubtful }) } }]);
  await changed.write(tx);
  const cancelled = waiting.map((sync) => sync.id);
  // What nobody else stood behind goes with it.
  if (left.length === 0) for (const other of await claimedThrough(tx, applied)) cancelled.push(...((await undoInside(tx, context, other, { author, own: applied }, now))?.cancelled ?? []));
  return { applied, whole: left.length === 0, cancelled, left, doubtful, standsFor: [] };
}

function hasLeft(sync: StoredSync): boolean {
  return sync.unsettled === 1 || (sync.accepted_at !== null && !hasEnded(sync.status)) || ['sending', 'checking', 'submitted', 'accepted', 'confirmed', 'in-doubt'].includes(sync.status);
}

/** What an undone sync had superseded is to be told after all, and what waited for it waits for it again. */
async function restoreSuperseded(tx: Tx, context: Context, dossier: Dossier, back: readonly StoredSync[], changed: Totals, now: Instant): Promise<void> {
  if (back.length === 0) return;
  const account = planningAccount(context, dossier.order.account, await liveFrom(tx, [dossier.order.account]));
  const offers = context.profiles.get(account.id)?.offers;
  const tables = await planningTables(tx, context, [dossier.order.account]);
  for (const sync of back) {
    // Its parcel was put aside with what had superseded it, if that was given up by name before.
    if (takenSince(dossier, sync) === null) await takeBack(tx, dossier, sync);
    const planned = await planAnew(tx, dossier, sync, { account, tables, now }, { word: sync.word === 1, grace: sync.grace_until });
    const to = planned?.status ?? 'superseded';
    if (planned !== null) {
      if (to === 'blocked') await waitFor(tx, sync.id, planned.waitsFor);
      await move(tx, [{ sync, to, cause: planned.cause, step: sync.look_first === 1 ? 'check' : planned.firstStep, dueAt: planned.dueAt }], offers, changed, now);
      await tx.updateTable('sync').set({ superseded_by: null, payload: JSON.stringify(planned.payload) }).where('id', '=', sync.id).execute();
    }
    if (hasEnded(to)) await letGo(tx, [{ id: sync.id, operation: sync.operation as Operation, done: false }], offers, changed, now);
    await refresh(tx, dossier);
  }
}

/** What waits for a sync that is undone waited before for what it superseded, and does so again. */
async function giveBack(tx: Tx, undone: readonly StoredSync[], back: readonly StoredSync[]): Promise<void> {
  for (const old of back) {
    const heir = undone.find((sync) => sync.id === old.superseded_by);
    const waiting = heir === undefined ? [] : await tx.selectFrom('dependence').innerJoin('sync', 'sync.id', 'dependence.sync_id').select(['sync.id', 'sync.operation']).where('on_sync_id', '=', heir.id).execute();
    for (const { id, operation } of waiting) {
      if (dependence[operation as Operation][old.operation as Operation].wait === 'free') continue;
      await tx.insertInto('dependence').values({ sync_id: id, on_sync_id: old.id }).onConflict((conflict) => conflict.doNothing()).execute();
    }
  }
}

/** The order's current state and indicator are those of what is still applied. */
async function recountState(tx: Tx, order: number, now: Instant): Promise<void> {
  const history = await tx
    .selectFrom('applied_state')
    .innerJoin('order_state', 'order_state.id', 'applied_state.state_id')
    .select(['applied_state.state_id', 'applied_state.applied_at', 'order_state.indicator'])
    .where('order_id', '=', order)
    .where('undone_at', 'is', null)
    .orderBy('applied_at', 'desc')
    .orderBy('applied_state.id', 'desc')
    .execute();
  const latest = history[0];
  const indicating = history.find((one) => one.indicator !== null);
  await tx
    .updateTable('orders')
    .set({ state_id: latest?.state_id ?? null, state_at: latest?.applied_at ?? null, indicator: indicating?.indicator ?? null, indicator_at: indicating?.applied_at ?? null, updated_at: now })
    .where('id', '=', order)
    .execute();
}
