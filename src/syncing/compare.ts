import { normalTracking, sameLines } from '../orders/parcel.ts';
import type { Intent } from './destination.ts';
import type { SeenParcel } from './order-reader.ts';

/** The part of an intent that is compared. */
type Told = Pick<Intent, 'payload' | 'reference' | 'claimed' | 'before'>;

/** What a look at the marketplace's parcels says of one intended parcel. */
export type Likeness =
  | { readonly kind: 'present'; readonly reference: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'different'; readonly found: SeenParcel };

/**
 * Is the parcel that `intent` tells of among those the marketplace shows?
 * Present means: with our tracking, our lines and our quantities, and claimed by no other sync of ours.
 * How the carrier is spelt makes no difference. Without tracking it is compared with what was there
 * before sending; where that leaves a doubt, a person decides.
 *
 * @param references how the marketplace's references relate to ours: `ours` where it keeps the parcel
 * reference that we gave it (Amazon), `its-own` where it makes one (eBay)
 */
export function compare(intent: Told, seen: readonly SeenParcel[], references: 'ours' | 'its-own'): Likeness {
  const parcel = intent.payload.parcel;
  if (parcel === null) return { kind: 'absent' };
  const others = new Set(intent.claimed);
  const candidates = seen.filter((p) => !others.has(p.reference) || (references === 'ours' && p.reference === parcel.reference));
  const known = references === 'ours' ? parcel.reference : intent.reference;
  const byReference = known === null ? undefined : candidates.find((p) => p.reference === known);
  if (byReference !== undefined) return likeness(intent, byReference);
  if (parcel.trackingNumber === null) return withoutTracking(intent, candidates);
  const wanted = normalTracking(parcel.trackingNumber);
  const sameTracking = candidates.find((p) => p.trackingNumber !== null && normalTracking(p.trackingNumber) === wanted);
  return sameTracking === undefined ? { kind: 'absent' } : likeness(intent, sameTracking);
}

function likeness(intent: Told, found: SeenParcel): Likeness {
  const parcel = intent.payload.parcel;
  const ours = parcel?.trackingNumber ?? null;
  const sameTracking =
    ours === null || found.trackingNumber === null ? ours === found.trackingNumber : normalTracking(ours) === normalTracking(found.trackingNumber);
  return sameTracking && sameLines(intent.payload.lines, found.lines)
    ? { kind: 'present', reference: found.reference }
    : { kind: 'different', found };
}

function withoutTracking(intent: Told, candidates: readonly SeenParcel[]): Likeness {
  const before = new Set(intent.before ?? []);
  const fresh = candidates.filter((p) => !before.has(p.reference) && touches(intent, p));
  const [only, ...more] = fresh;
  if (only === undefined) return { kind: 'absent' };
  // Without a look before sending, what lies there may be the merchant's own doing.
  const surely = intent.before !== null && more.length === 0 && only.trackingNumber === null && sameLines(intent.payload.lines, only.lines);
  return surely ? { kind: 'present', reference: only.reference } : { kind: 'different', found: only };
}

function touches(intent: Told, parcel: SeenParcel): boolean {
  return parcel.lines.some((line) => intent.payload.lines.some((wanted) => wanted.lineId === line.lineId));
}
