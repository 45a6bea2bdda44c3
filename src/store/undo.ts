import type { Operation } from '../planning/operation.ts';
import { ofParcel } from '../planning/plan.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Status } from '../syncing/status.ts';
import { liveFrom, planningTables } from './accounts.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import { neverLeft } from './replan.ts';
import type { Tx } from './rows.ts';
import { loadDossiers, planningAccount, situationOf } from './situations.ts';
import type { Dossier, StoredSync } from './situations.ts';
import { move } from './transitions.ts';

/** What came of undoing one application. */
export interface Undone {
  readonly applied: number;
  /** Nothing of it had left: it is as if it had never been applied. */
  readonly whole: boolean;
  readonly cancelled: readonly number[];
  /** What had left already, and cannot be called back. */
  readonly left: readonly { readonly sync: number; readonly operation: string; readonly status: Status }[];
}

/** Undoes an application: what has not left never leaves; what has is told. `null`: no such application, or undone before. */
export async function undoApplied(context: Context, applied: number, author: string, now: Instant): Promise<Undone | null> {
  return context.store.db.transaction().execute(async (tx) => undoInside(tx, context, applied, author, now));
}

export async function undoInside(tx: Tx, context: Context, applied: number, author: string, now: Instant): Promise<Undone | null> {
  const row = await tx.selectFrom('applied_state').select(['id', 'order_id']).where('id', '=', applied).where('undone_at', 'is', null).executeTakeFirst();
  if (row === undefined) return null;
  const dossier = (await loadDossiers(tx, [row.order_id])).get(row.order_id);
  if (dossier === undefined) return null;
  const own = dossier.syncs.filter((sync) => sync.applied_state_id === applied);
  const waiting = own.filter(neverLeft);
  const left = own.filter((sync) => !neverLeft(sync) && hasLeft(sync)).map((sync) => ({ sync: sync.id, operation: sync.operation, status: sync.status }));
  const changed = totals();
  const offers = context.profiles.get(dossier.order.account)?.offers;
  await move(tx, waiting.map((sync) => ({ sync, to: 'cancelled', cause: 'person/undone', step: 'send', dueAt: null })), offers, changed, now);
  dossier.syncs = dossier.syncs.map((sync) => (waiting.includes(sync) ? { ...sync, status: 'cancelled' } : sync));
  const kept = new Set(left.map((one) => own.find((sync) => sync.id === one.sync)?.parcel_id));
  const voided = dossier.parcels.filter((parcel) => parcel.appliedState === applied && !kept.has(parcel.id));
  if (voided.length > 0) await tx.updateTable('parcel').set({ voided_at: now }).where('id', 'in', voided.map((parcel) => parcel.id)).execute();
  dossier.parcels = dossier.parcels.filter((parcel) => !voided.includes(parcel));
  await restoreSuperseded(tx, context, dossier, waiting, changed, now);
  if (left.length === 0) {
    await tx.updateTable('applied_state').set({ undone_at: now, undone_by: author }).where('id', '=', applied).execute();
    await recountState(tx, row.order_id, now);
  }
  await append(tx, context.audit, journalLane, now, [{ kind: 'undo', sync: null, attempt: null, what: null, cause: null, body: { by: author, applied, order: dossier.order.reference, cancelled: waiting.map((sync) => sync.id), left } }]);
  await changed.write(tx);
  return { applied, whole: left.length === 0, cancelled: waiting.map((sync) => sync.id), left };
}

function hasLeft(sync: StoredSync): boolean {
  return sync.unsettled === 1 || ['sending', 'checking', 'submitted', 'accepted', 'confirmed', 'in-doubt'].includes(sync.status);
}

/** What an undone sync had superseded is to be told after all. */
async function restoreSuperseded(tx: Tx, context: Context, dossier: Dossier, undone: readonly StoredSync[], changed: ReturnType<typeof totals>, now: Instant): Promise<void> {
  const ids = new Set(undone.map((sync) => sync.id));
  const back = dossier.syncs.filter((sync) => sync.status === 'superseded' && sync.superseded_by !== null && ids.has(sync.superseded_by));
  if (back.length === 0) return;
  const from = await liveFrom(tx);
  const tables = await planningTables(tx, context);
  for (const sync of back) {
    const parcel = dossier.parcels.find((one) => one.id === sync.parcel_id);
    if (parcel === undefined) continue;
    const planned = ofParcel(sync.operation as Operation, parcel, null, situationOf(dossier, planningAccount(context, sync.account, from), now, sync.id), tables, sync.word === 1);
    for (const on of planned.status === 'blocked' ? planned.waitsFor : []) {
      await tx.insertInto('dependence').values({ sync_id: sync.id, on_sync_id: on }).onConflict((conflict) => conflict.doNothing()).execute();
    }
    const to = planned.status === 'delayed' || planned.status === 'rejected' ? 'ready' : planned.status;
    await move(tx, [{ sync, to, cause: planned.cause, step: planned.firstStep, dueAt: planned.dueAt }], context.profiles.get(sync.account)?.offers, changed, now);
    await tx.updateTable('sync').set({ superseded_by: null, payload: JSON.stringify(planned.payload) }).where('id', '=', sync.id).execute();
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
