import { leftToShip } from '../orders/order.ts';
import { normalTracking } from '../orders/parcel.ts';
import type { Instant } from '../runtime/clock.ts';
import type { LeftOut } from '../syncing/rerun.ts';
import { hasEnded, isDone } from '../syncing/status.ts';
import { keepOpen } from './open-orders.ts';
import type { Restore } from './restored.ts';
import type { Tx } from './rows.ts';
import type { Dossier, StoredParcel, StoredSync } from './situations.ts';

/** A backup was restored, and nobody has looked since what the marketplace shows of it. */
export function isUnread(sync: StoredSync): boolean {
  return sync.look_first === 1 && (sync.step === 'check' || sync.status === 'superseded');
}

/** It was in the backup and may have been told before the restore: it is stopped, and nothing is promised. One that was planned since has never left. */
export function mayBeTold(sync: StoredSync, restore: Restore | null): boolean {
  return isUnread(sync) && restore !== null && (restore.lastSync === null ? sync.created_at < restore.at : sync.id <= restore.lastSync);
}

/**
 * After a person gave up a sync: what it, or what it had superseded, would have told of is left to ship again, where
 * nothing of it can be at the marketplace. Its parcel is put aside; a rerun takes it back.
 * @param given the sync as it was before it was given up; the dossier is as it stands now
 */
export async function freeUnits(tx: Tx, dossier: Dossier, given: StoredSync, restore: Restore | null, now: Instant): Promise<void> {
  const gone = [given, ...dossier.syncs.filter((sync) => sync.superseded_by === given.id && sync.status === 'superseded')];
  const free = dossier.parcels.filter((parcel) => {
    const own = gone.find((sync) => sync.parcel_id === parcel.id && sync.operation === 'confirm-shipment');
    if (parcel.origin !== 'ours' || own === undefined || own.status === 'in-doubt' || hasTrace(own) || mayBeTold(own, restore)) return false;
    return dossier.syncs.every((sync) => sync.parcel_id !== parcel.id || sync.id === own.id || (hasEnded(sync.status) && !isDone(sync.status) && !hasTrace(sync)));
  });
  if (free.length === 0) return;
  await tx.updateTable('parcel').set({ voided_at: now }).where('id', 'in', free.map((parcel) => parcel.id)).execute();
  dossier.parcels = dossier.parcels.filter((parcel) => !free.includes(parcel));
  dossier.voided.push(...free);
  await keepOpen(tx, [dossier]);
}

function hasTrace({ unsettled, accepted_at }: StoredSync): boolean {
  return unsettled === 1 || accepted_at !== null;
}

/** Why the parcel of a sync that was given up cannot come back: another carries its units by now. Null where it can, or was never put aside. */
export function takenSince({ order, parcels, voided }: Dossier, sync: Pick<StoredSync, 'parcel_id'>): LeftOut | null {
  const parcel = voided.find((one) => one.id === sync.parcel_id);
  if (parcel === undefined) return null;
  const { trackingNumber, lines } = parcel;
  if (trackingNumber !== null && parcels.some((other) => other.trackingNumber !== null && normalTracking(other.trackingNumber) === normalTracking(trackingNumber))) return 'units-taken';
  // Without another parcel it is for planning to say what stands against it.
  if (parcels.length === 0) return null;
  // Of an order that is not known yet, one parcel may stand for all that there is.
  if (!order.imported) return [parcel, ...parcels].some((one) => one.lines === null) ? 'units-taken' : null;
  const left = leftToShip(order.lines, parcels);
  const fits = lines === null ? [...left.values()].some((units) => units > 0) : lines.every(({ lineId, quantity }) => quantity <= (left.get(lineId) ?? quantity));
  return fits ? null : 'units-taken';
}

/** Puts the parcel of a sync that was given up among those that count again, in memory alone; null where it was never put aside. */
export function countAgain(dossier: Dossier, sync: Pick<StoredSync, 'parcel_id'>): StoredParcel | null {
  const parcel = dossier.voided.find((one) => one.id === sync.parcel_id);
  if (parcel === undefined) return null;
  dossier.voided = dossier.voided.filter((one) => one !== parcel);
  dossier.parcels = [...dossier.parcels, parcel].toSorted((a, b) => a.id - b.id);
  return parcel;
}

/** The same, written down: its units are taken again. */
export async function takeBack(tx: Tx, dossier: Dossier, sync: Pick<StoredSync, 'parcel_id'>): Promise<void> {
  const parcel = countAgain(dossier, sync);
  if (parcel === null) return;
  await tx.updateTable('parcel').set({ voided_at: null }).where('id', '=', parcel.id).execute();
  await keepOpen(tx, [dossier]);
}
