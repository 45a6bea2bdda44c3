import type { Warning } from '../planning/preflight.ts';
import type { Reason } from '../planning/state-types.ts';
import type { Status } from '../syncing/status.ts';
import type { Dossier } from './situations.ts';

type Standing = 'parcel-failed' | 'parcel-held' | 'parcel-waiting';

/** Why there is nothing more to tell, where such a parcel carries what was left. */
export const because: Readonly<Record<Standing, Reason>> = {
  'parcel-failed': 'order/parcel-failed',
  'parcel-held': 'order/parcel-held',
  'parcel-waiting': 'order/parcel-waiting',
};

/** The parcel that carries what was left to ship and that the marketplace does not have yet: the one that needs a person first. */
export function unconfirmed({ parcels, syncs }: Dossier): (Warning & { readonly code: Standing }) | null {
  const standing = parcels.flatMap((parcel) => {
    const code = standingOf(syncs.findLast((sync) => sync.parcel_id === parcel.id && sync.operation === 'confirm-shipment')?.status);
    return parcel.origin === 'ours' && code !== null ? [{ code, parcel: parcel.id, found: String(parcel.id) }] : [];
  });
  for (const code of ['parcel-failed', 'parcel-held', 'parcel-waiting'] as const) {
    const first = standing.find((one) => one.code === code);
    if (first !== undefined) return first;
  }
  return null;
}

function standingOf(confirmation: Status | undefined): Standing | null {
  switch (confirmation) {
    case 'held':
      return 'parcel-held';
    case 'ready':
    case 'delayed':
    case 'blocked':
    case 'sending':
    case 'submitted':
    case 'checking':
      return 'parcel-waiting';
    case 'rejected':
    case 'exhausted':
    case 'in-doubt':
    case 'cancelled':
      return 'parcel-failed';
    case 'accepted':
    case 'confirmed':
    case 'skipped':
    case 'superseded':
    case undefined:
      return null;
  }
}
