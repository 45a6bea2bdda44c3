import { ofParcel } from '../planning/plan.ts';
import type { PlanningAccount, Tables } from '../planning/situation.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Applied } from './intake.ts';
import type { Desk } from './intake-desk.ts';
import { neverLeft } from './replan.ts';
import { situationOf } from './situations.ts';
import type { Dossier, StoredParcel, StoredSync } from './situations.ts';

/** What a parcel that was changed is told of with. */
export interface Retelling {
  readonly account: PlanningAccount;
  readonly tables: Tables;
  readonly now: Instant;
  /** The applied state that a correction belongs to; null: that of the parcel's confirmation. */
  readonly applied: number | null;
  /** Until when a correction can be undone. */
  readonly grace: Instant | null;
}

/**
 * Stores a parcel that was completed or corrected, and sees to it that it is told of. What has not left takes the change
 * along; what has left is followed by a correction, where that says anything else; what has failed waits for its rerun, and then tells of the parcel as
 * it is. A parcel that was never to be told of (history, the merchant's own shop) still is not.
 * @returns what will tell of it, or would once it is rerun
 */
export async function retell(desk: Desk, dossier: Dossier, parcel: StoredParcel, { account, tables, now, applied, grace }: Retelling): Promise<Applied['syncs']> {
  dossier.parcels = dossier.parcels.map((other) => (other.id === parcel.id ? parcel : other));
  await desk.completeParcel(parcel);
  const tellings = dossier.syncs.filter((sync) => sync.parcel_id === parcel.id);
  const confirmation = tellings.findLast((sync) => sync.operation === 'confirm-shipment');
  if (confirmation === undefined) return [];
  if (neverLeft(confirmation)) {
    await desk.replan(dossier, account, tables);
    return [asItStands(dossier.syncs.find((sync) => sync.id === confirmation.id) ?? confirmation)];
  }
  if (isPointless(confirmation)) return [];
  const last = tellings.findLast((sync) => sync.id >= confirmation.id && !isPointless(sync)) ?? confirmation;
  if (last.status === 'rejected' || last.status === 'exhausted') return [asItStands(last)];
  if (isTold(parcel, last)) return [asItStands(last)];
  const correction = ofParcel('correct-shipment', parcel, grace, situationOf(dossier, account, now), tables);
  return desk.addSyncs(dossier, applied ?? confirmation.applied_state_id, [correction], grace);
}

/** Does a sync tell of the parcel as it is? */
function isTold({ carrier, trackingNumber }: StoredParcel, { payload }: StoredSync): boolean {
  return payload.parcel !== null && payload.parcel.carrier === carrier && payload.parcel.trackingNumber === trackingNumber;
}

/** Nothing came of it, and nothing will. */
function isPointless(sync: StoredSync): boolean {
  return sync.status === 'cancelled' || sync.status === 'skipped' || sync.status === 'superseded';
}

function asItStands({ id, operation, status, cause }: StoredSync): Applied['syncs'][number] {
  return { id, operation, status, cause };
}
