import type { Payload } from '../../planning/operation.ts';
import type { Instant } from '../../runtime/clock.ts';
import { units } from '../../orders/parcel.ts';
import type { EbayCause } from './causes.ts';

/** The body of `createShippingFulfillment`: these fields and no others (eBay answers 30500 to an unknown one). */
export interface ShippingFulfilment {
  readonly lineItems: readonly { readonly lineItemId: string; readonly quantity: number }[];
  /** `YYYY-MM-DDThh:mm:ss.sssZ`. */
  readonly shippedDate: string;
  readonly shippingCarrierCode?: string;
  readonly trackingNumber?: string;
}

/** A body, or why eBay need not be asked: it would refuse. */
export type Prepared = { readonly ok: true; readonly body: ShippingFulfilment } | { readonly ok: false; readonly cause: EbayCause };

/**
 * One parcel as eBay is told of it. Pure.
 * @param now eBay's own time: a parcel that left a moment ago by a clock that is ahead of it has not left in its future
 * eBay's rules: each line once, quantities whole and above zero; carrier and tracking both or neither; tracking in letters and digits only.
 */
export function confirmShipment({ parcel, lines }: Payload, now: Instant): Prepared {
  if (parcel === null || lines.length === 0) return refused('ebay/lines-missing');
  const lineItems = [...units(lines)].map(([lineItemId, quantity]) => ({ lineItemId, quantity }));
  if (!lineItems.every(({ lineItemId, quantity }) => lineItemId !== '' && Number.isSafeInteger(quantity) && quantity > 0)) return refused('ebay/lines-missing');
  const shippedDate = inUtc(parcel.shippedAt, now);
  if (shippedDate === null) return refused('ebay/date-refused');
  if (parcel.trackingNumber === null) return { ok: true, body: { lineItems, shippedDate } };
  const trackingNumber = bareTracking(parcel.trackingNumber);
  if (trackingNumber === null) return refused('ebay/tracking-invalid');
  if (parcel.carrierCode === null || parcel.carrierCode.trim() === '') return refused('ebay/carrier-missing');
  return { ok: true, body: { lineItems, shippedDate, shippingCarrierCode: parcel.carrierCode, trackingNumber } };
}

/**
 * Letters and digits only, or null where that leaves nothing, or leaves a letter that eBay does not take.
 * Such a letter is not dropped: the number read back would no longer match, and the parcel would be told of twice.
 */
function bareTracking(tracking: string): string | null {
  const bare = tracking.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  return /^[A-Za-z0-9]+$/.test(bare) ? bare : null;
}

/** The moment, or `latest` where it lies behind that. */
function inUtc(moment: string, latest: Instant): string | null {
  try {
    const at = Math.min(Temporal.Instant.from(moment).epochMilliseconds, Math.trunc(latest));
    return Temporal.Instant.fromEpochMilliseconds(at).toString({ fractionalSecondDigits: 3 });
  } catch {
    return null;
  }
}

function refused(cause: EbayCause): Prepared {
  return { ok: false, cause };
}
