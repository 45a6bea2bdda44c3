import type { Instant } from '../../runtime/clock.ts';
import { units } from '../../orders/parcel.ts';
import type { Payload } from '../../planning/operation.ts';
import type { AmazonCause } from './causes.ts';
import { otherCarrier } from './carriers.ts';
import { instantOf, isoSeconds } from './headers.ts';

export type CallName = 'confirmShipment' | 'getOrder' | 'searchOrders' | 'getMarketplaceParticipations';

/** One API call, as amazon-sp-api takes it. */
export interface Call {
  readonly name: CallName;
  readonly endpoint: 'orders' | 'sellers';
  readonly path?: { readonly orderId: string };
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly body?: ShipmentConfirmation;
}

/** Body of confirmShipment (Amazon's model ordersV0, `ConfirmShipmentRequest`; cash on delivery, Japan's alone, left out). */
interface ShipmentConfirmation {
  readonly marketplaceId: string;
  readonly packageDetail: {
    /** A string: as a JSON number it is refused since January 2026. */
    readonly packageReferenceId: string;
    readonly carrierCode: string;
    /** With the code `Other`, and only then. */
    readonly carrierName?: string;
    readonly trackingNumber: string;
    /** ISO 8601 in UTC with `Z`. */
    readonly shipDate: string;
    readonly shipFromSupplySourceId?: string;
    readonly orderItems: readonly { readonly orderItemId: string; readonly quantity: number }[];
  };
}

type Confirmation = { readonly ok: true; readonly call: Call; readonly reference: string } | { readonly ok: false; readonly cause: AmazonCause };

/**
 * The call that confirms one parcel, or the cause for which Amazon could only refuse it.
 * @param marketplaceId of the account
 * @param now Amazon's own time: a parcel that left a moment ago by a clock that is ahead of it has not left in its future
 */
export function confirmation(marketplaceId: string, payload: Payload, now: Instant): Confirmation {
  const { parcel, order } = payload;
  if (!isOrderNumber(order)) return refuse('amazon/order-number-invalid');
  if (parcel === null) return refuse('amazon/parcel-missing');
  // "Only positive numeric values are supported."
  if (!/^0*[1-9]\d*$/.test(parcel.reference)) return refuse('amazon/reference-invalid');
  const carrierCode = present(parcel.carrierCode);
  if (carrierCode === null) return refuse('amazon/carrier-missing');
  const carrierName = carrierCode === otherCarrier ? present(parcel.carrierName) : undefined;
  if (carrierName === null) return refuse('amazon/carrier-name-missing');
  const trackingNumber = present(parcel.trackingNumber);
  if (trackingNumber === null) return refuse('amazon/tracking-missing');
  const shippedAt = instantOf(parcel.shippedAt);
  if (shippedAt === null) return refuse('amazon/date-refused');
  const orderItems = [...units(payload.lines)].map(([orderItemId, quantity]) => ({ orderItemId, quantity }));
  if (orderItems.length === 0) return refuse('amazon/lines-missing');
  if (payload.lines.some((line) => !Number.isSafeInteger(line.quantity) || line.quantity < 1)) return refuse('amazon/quantity-refused');
  const shipFrom = present(parcel.shipFrom);
  const packageDetail = {
    packageReferenceId: parcel.reference,
    carrierCode,
    ...(carrierName === undefined ? {} : { carrierName }),
    trackingNumber,
    shipDate: isoSeconds(Math.min(shippedAt, now)),
    ...(shipFrom === null ? {} : { shipFromSupplySourceId: shipFrom }),
    orderItems,
  };
  const call: Call = { name: 'confirmShipment', endpoint: 'orders', path: { orderId: order }, body: { marketplaceId, packageDetail } };
  return { ok: true, call, reference: parcel.reference };
}

/** What is read of an order: never BUYER, RECIPIENT, TAX or PAYMENT, so that no personal data is asked for and no such role is needed. */
const includedData = ['FULFILLMENT', 'PACKAGES', 'CANCELLATION'] as const;

/** Reads one order. The number must be one: see {@link isOrderNumber}. */
export function orderRead(order: string): Call {
  return { name: 'getOrder', endpoint: 'orders', path: { orderId: order }, query: { includedData } };
}

/** Reads one page of orders; `filter` and `token` as orders.ts keeps them. */
export function pageRead(filter: Readonly<Record<string, string | number | readonly string[]>>, token: string | null): Call {
  return { name: 'searchOrders', endpoint: 'orders', query: { ...filter, includedData, ...(token === null ? {} : { paginationToken: token }) } };
}

export const participationsRead: Call = { name: 'getMarketplaceParticipations', endpoint: 'sellers' };

/** Amazon's numbers are 3-7-7. Anything else would change the address that is called. */
export function isOrderNumber(order: string): boolean {
  return /^[A-Za-z0-9]{3}-[A-Za-z0-9]{7}-[A-Za-z0-9]{7}$/.test(order);
}

function refuse(cause: AmazonCause): Confirmation {
  return { ok: false, cause };
}

function present(value: string | null): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
