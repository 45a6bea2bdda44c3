import { normalTracking, sameLines } from '../../orders/parcel.ts';
import { compare } from '../../syncing/compare.ts';
import type { Likeness } from '../../syncing/compare.ts';
import type { Intent } from '../../syncing/destination.ts';
import type { SeenParcel } from '../../syncing/order-reader.ts';
import type { Body } from './body.ts';
import { field } from './body.ts';
import { instant, number, text } from './fields.ts';

/**
 * The parcels that `getShippingFulfillments` shows, or null where the answer cannot be trusted to show all of them:
 * "nothing there" makes a confirmation go out again, so it must have been said.
 */
export function fulfilmentsOf(body: Body): readonly SeenParcel[] | null {
  if (body.kind !== 'json') return null;
  const listed = field(body.value, 'fulfillments');
  const total = number(field(body.value, 'total'));
  // eBay: "If no fulfillments are found for the order, this field is returned with a value of 0."
  if (listed === undefined || listed === null) return total === 0 ? [] : null;
  if (!Array.isArray(listed) || (total !== null && total > listed.length)) return null;
  const parcels = listed.map(parcelOf);
  return parcels.includes(null) ? null : parcels.filter((parcel) => parcel !== null);
}

/** The same for the audit: in eBay's words, and nothing that is not one of them. */
export function fulfilmentsForAudit(body: Body): unknown {
  const seen = fulfilmentsOf(body);
  if (seen === null) return null;
  return {
    total: seen.length,
    fulfillments: seen.map(({ reference, trackingNumber, carrier, shippedAt, lines }) => ({
      fulfillmentId: reference,
      shipmentTrackingNumber: trackingNumber,
      shippingCarrierCode: carrier,
      shippedDate: shippedAt === null ? null : Temporal.Instant.fromEpochMilliseconds(shippedAt).toString(),
      lineItems: lines.map(({ lineId, quantity }) => ({ lineItemId: lineId, quantity })),
    })),
  };
}

function parcelOf(fulfilment: unknown): SeenParcel | null {
  // Written as trackingNumber, read as shipmentTrackingNumber.
  const trackingNumber = text(field(fulfilment, 'shipmentTrackingNumber'));
  const reference = text(field(fulfilment, 'fulfillmentId')) ?? trackingNumber;
  if (reference === null) return null;
  const listed = field(fulfilment, 'lineItems');
  const lines = Array.isArray(listed) ? listed.map(lineOf) : [];
  if (lines.includes(null)) return null;
  return {
    reference,
    trackingNumber,
    carrier: text(field(fulfilment, 'shippingCarrierCode')),
    shippedAt: instant(field(fulfilment, 'shippedDate')),
    lines: lines.filter((line) => line !== null),
  };
}

function lineOf(line: unknown): SeenParcel['lines'][number] | null {
  const lineId = text(field(line, 'lineItemId'));
  // eBay: the quantity's default is 1.
  return lineId === null ? null : { lineId, quantity: number(field(line, 'quantity')) ?? 1 };
}

/**
 * Is the intended parcel among those that eBay shows? Beyond {@link compare}: eBay numbers a parcel without tracking
 * "an arbitrary number such as 999", so that two of one order may bear the same one; and a parcel with tracking it
 * numbers by that, so that its id tells whose it is where the tracking number itself is left out.
 */
export function likenessOf(intent: Intent, seen: readonly SeenParcel[]): Likeness {
  const tracking = intent.payload.parcel?.trackingNumber;
  if (typeof tracking === 'string') return compare(intent, seen.map((parcel) => (parcel.trackingNumber === null && normalTracking(parcel.reference) === normalTracking(tracking) ? { ...parcel, trackingNumber: tracking } : parcel)), 'its-own');
  const accepted = intent.reference === null ? [] : seen.filter((parcel) => parcel.reference === intent.reference);
  if (accepted.length > 0) return asAccepted(intent, accepted);
  const likeness = compare(intent, seen, 'its-own');
  if (likeness.kind !== 'absent') return likeness;
  const doubtful = seen.find((parcel) => parcel.trackingNumber === null && touches(intent, parcel) && seen.filter((other) => other.reference === parcel.reference).length > 1);
  return doubtful === undefined ? likeness : { kind: 'different', found: doubtful };
}

function asAccepted(intent: Intent, [first, ...others]: readonly SeenParcel[]): Likeness {
  const candidates = first === undefined ? others : [first, ...others];
  const same = candidates.find((parcel) => parcel.trackingNumber === null && sameLines(parcel.lines, intent.payload.lines));
  return same === undefined ? { kind: 'different', found: candidates[0] as SeenParcel } : { kind: 'present', reference: same.reference };
}

function touches(intent: Intent, parcel: SeenParcel): boolean {
  return parcel.lines.some((line) => intent.payload.lines.some((wanted) => wanted.lineId === line.lineId));
}
