import type { Fault } from '../orders/fault.ts';
import { isMalformed, normalTracking } from '../orders/parcel.ts';
import type { Warning } from '../planning/preflight.ts';
import type { Instant } from '../runtime/clock.ts';
import { liveFrom, planningTables } from './accounts.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { Desk } from './intake-desk.ts';
import type { Applied } from './intake.ts';
import type { Tx } from './rows.ts';
import { retell } from './retelling.ts';
import { loadDossiers, planningAccount } from './situations.ts';
import { transact } from './transact.ts';

/** What is to be set on a parcel. What is left out stays as it is. */
export interface ParcelChange {
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly untracked?: boolean;
}

/** What came of it: the sync that will tell of it, or would once it is rerun, if any must. */
export type ParcelSet = { readonly parcel: number; readonly order: number; readonly account: string; readonly syncs: Applied['syncs']; readonly warnings: readonly Warning[] } | { readonly faults: readonly Fault[] };

/** Completes or corrects a parcel, and has it told of; see {@link retell}. */
export async function setParcel(context: Context, id: number, change: ParcelChange, author: string, now: Instant): Promise<ParcelSet> {
  return transact(context.store.db, async (tx): Promise<ParcelSet> => {
    const row = await tx.selectFrom('parcel').select('order_id').where('id', '=', id).where('voided_at', 'is', null).executeTakeFirst();
    const dossier = row === undefined ? undefined : (await loadDossiers(tx, [row.order_id])).get(row.order_id);
    const before = dossier?.parcels.find((parcel) => parcel.id === id);
    if (dossier === undefined || before === undefined) return { faults: [{ code: 'unknown-parcel', field: 'parcel', found: String(id) }] };
    const trackingNumber = change.untracked === true ? null : (change.trackingNumber?.trim() ?? before.trackingNumber);
    const parcel = { ...before, carrier: change.carrier === undefined ? before.carrier : change.carrier.trim() || null, trackingNumber: trackingNumber === '' ? null : trackingNumber, untracked: change.untracked ?? (change.trackingNumber === undefined ? before.untracked : false) };
    const faults = faultsOf(change, parcel.trackingNumber, dossier.parcels.filter((other) => other.id !== id).map((other) => other.trackingNumber));
    if (faults.length > 0) return { faults };

    const warnings = change.trackingNumber === undefined || parcel.trackingNumber === null ? [] : await elsewhere(tx, dossier.id, id, parcel.trackingNumber);
    const giver = { source: 'parcels', author, byHand: true };
    const desk = await Desk.open(tx, context, [], giver, now);
    await desk.reserve(1);
    await append(tx, context.audit, journalLane, now, [{ kind: 'parcel-set', sync: null, attempt: null, what: null, cause: null, body: { by: author, order: dossier.order.reference, parcel: id, before: { carrier: before.carrier, trackingNumber: before.trackingNumber, untracked: before.untracked }, after: { carrier: parcel.carrier, trackingNumber: parcel.trackingNumber, untracked: parcel.untracked } } }]);
    const tables = await planningTables(tx, context, [dossier.order.account]);
    const account = planningAccount(context, dossier.order.account, await liveFrom(tx, [dossier.order.account]));
    const syncs = await retell(desk, dossier, parcel, { account, tables, now, applied: null, grace: null });
    await desk.write();
    return { parcel: id, order: dossier.id, account: dossier.order.account, syncs, warnings };
  });
}

/** A parcel of another order has this number already: often a slip of the row. */
async function elsewhere(tx: Tx, order: number, parcel: number, trackingNumber: string): Promise<readonly Warning[]> {
  const other = await tx.selectFrom('parcel').select('id').where('tracking_normal', '=', normalTracking(trackingNumber)).where('voided_at', 'is', null).where('order_id', '!=', order).limit(1).executeTakeFirst();
  return other === undefined ? [] : [{ code: 'tracking-elsewhere', parcel, found: trackingNumber }];
}

function faultsOf(change: ParcelChange, trackingNumber: string | null, others: readonly (string | null)[]): Fault[] {
  const faults: Fault[] = [];
  if (change.carrier === undefined && change.trackingNumber === undefined && change.untracked === undefined) faults.push({ code: 'required', field: 'trackingNumber' });
  if (change.untracked === true && (change.trackingNumber ?? '') !== '') faults.push({ code: 'tracking-and-untracked', field: 'untracked' });
  if (trackingNumber !== null) {
    if (trackingNumber.length > 50) faults.push({ code: 'too-long', field: 'trackingNumber', limit: 50 });
    const normal = normalTracking(trackingNumber);
    if (isMalformed(trackingNumber)) faults.push({ code: 'tracking-malformed', field: 'trackingNumber', found: trackingNumber });
    if (others.some((other) => other !== null && normalTracking(other) === normal)) faults.push({ code: 'tracking-taken', field: 'trackingNumber', found: trackingNumber });
  }
  if ((change.carrier ?? '').length > 80) faults.push({ code: 'too-long', field: 'carrier', limit: 80 });
  return faults;
}
