import { z } from 'zod';
import type { Instant } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import { no } from './ebay-words.ts';
import type { EbaySchemas } from './ebay-words.ts';
import { iso, readMoment } from './moments.ts';
import type { Order, Parcel } from './order.ts';
import { empty, json } from './reply.ts';
import type { ParcelWish } from './world.ts';

/** Codes that eBay's contract and its list of carriers name, for France and its neighbours. Spelt exactly so. */
export const ebayCarriers: readonly string[] = [
  'LAPOSTE', 'Colissimo', 'ColiposteDomestic', 'ColiposteInternational', 'Chronopost', 'MondialRelay', 'Exapaq', 'DPD', 'GLS', 'UPS', 'KIALA',
  'DHL', 'DHLEXPRESS', 'FedEx', 'Other',
];

/** What a second parcel under the very same tracking number is to eBay: not documented, so whoever tests chooses. */
export type SameTracking = 'another-package' | '409' | '34500';

/** The rules of one simulated eBay that eBay does not publish. */
export interface ShippingRules {
  readonly carriers: readonly string[];
  readonly sameTracking: SameTracking;
  /** Tracking numbers that one order may have. */
  readonly mostTracking: number;
  /** The seller is suspended. */
  readonly suspended: boolean;
}

/** The four documented fields, and nothing else: more, or another type, was seen to end in "System error". */
const details = z.strictObject({
  lineItems: z.array(z.strictObject({ lineItemId: z.string(), quantity: z.number().optional() })).optional(),
  shippedDate: z.string().optional(),
  shippingCarrierCode: z.string().optional(),
  trackingNumber: z.string().optional(),
});

type Details = z.output<typeof details>;

/** What a createShippingFulfillment comes to. */
export type Verdict = { readonly refusal: HttpAnswer } | { readonly wish: ParcelWish };

/**
 * Judges the body of a createShippingFulfillment against the order as it is now. What eBay does when more is shipped than is
 * left is not documented; the worst is assumed, that it takes it: only more than was ordered in one parcel is refused.
 * @param untrackedId the fulfilment's id where there is no tracking number to be it
 */
export function judge(body: string, id: string, order: Order | null, now: Instant, rules: ShippingRules, untrackedId: string): Verdict {
  if (rules.suspended) return { refusal: no(32400) };
  if (order === null) return { refusal: no(32100, id) };
  const read = readDetails(body);
  if ('refusal' in read) return read;
  const refusal = linesRefusal(read.details, order) ?? parcelRefusal(read.details, order, now, rules);
  if (refusal !== null) return { refusal };
  const { lineItems = [], shippedDate, shippingCarrierCode, trackingNumber } = read.details;
  const wish: ParcelWish = {
    reference: trackingNumber ?? untrackedId,
    carrier: shippingCarrierCode ?? null,
    service: null,
    tracking: trackingNumber ?? null,
    shippedAt: shippedDate === undefined ? now : (readMoment(shippedDate) ?? now),
    lines: lineItems.map(({ lineItemId, quantity = 1 }) => ({ lineId: lineItemId, quantity })),
  };
  return { wish };
}

/** eBay's yes: the way to the new fulfilment, and nothing in the body. */
export function created(origin: string, order: Order, reference: string): HttpAnswer {
  return json(201, {}, { location: fulfilmentHref(origin, order, reference) });
}

export function fulfilmentHref(origin: string, order: Order, reference: string): string {
  return `${origin}/sell/fulfillment/v1/order/${order.id}/shipping_fulfillment/${encodeURIComponent(reference)}`;
}

/** getShippingFulfillments. */
export function listFulfilments(id: string, order: Order | null): HttpAnswer {
  if (order === null) return no(32100, id);
  const page: EbaySchemas['ShippingFulfillmentPagedCollection'] = { fulfillments: order.parcels.map(fulfilment), total: order.parcels.length, warnings: [] };
  return json(200, page);
}

/** getShippingFulfillment. */
export function oneFulfilment(id: string, order: Order | null, reference: string): HttpAnswer {
  if (order === null) return no(32100, id);
  const parcel = order.parcels.find((parcel) => parcel.reference === reference);
  return parcel === undefined ? no(32110, reference, 404) : json(200, fulfilment(parcel));
}

function fulfilment(parcel: Parcel): EbaySchemas['ShippingFulfillment'] {
  return {
    fulfillmentId: parcel.reference,
    lineItems: parcel.lines.map(({ lineId, quantity }) => ({ lineItemId: lineId, quantity })),
    ...(parcel.tracking !== null && { shipmentTrackingNumber: parcel.tracking }),
    shippedDate: iso(parcel.shippedAt),
    ...(parcel.carrier !== null && { shippingCarrierCode: parcel.carrier }),
  };
}

function readDetails(text: string): { readonly refusal: HttpAnswer } | { readonly details: Details } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { refusal: no(32600) };
  }
  const parsed = details.safeParse(body);
  return parsed.success ? { details: parsed.data } : { refusal: no(30500) };
}

function linesRefusal({ lineItems = [] }: Details, order: Order): HttpAnswer | null {
  if (lineItems.length === 0) return no(32600);
  if (new Set(lineItems.map((item) => item.lineItemId)).size < lineItems.length) return no(32210);
  for (const { lineItemId, quantity = 1 } of lineItems) {
    const line = order.lines.find((line) => line.lineId === lineItemId);
    if (line === undefined) return no(32200, lineItemId);
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > line.quantity) return no(32600, String(quantity));
  }
  const global = order.lines.filter((line) => line.global && lineItems.some((item) => item.lineItemId === line.lineId));
  if (global.length > 0 && global.length < lineItems.length) return no(34200);
  return global.length > 1 ? no(34300) : null;
}

function parcelRefusal(wish: Details, order: Order, now: Instant, rules: ShippingRules): HttpAnswer | null {
  const { shippedDate, shippingCarrierCode: carrier, trackingNumber: tracking } = wish;
  if ((carrier === undefined) !== (tracking === undefined)) return no(32300);
  if (tracking !== undefined && !/^[A-Za-z0-9]+$/.test(tracking)) return no(32300);
  if (carrier !== undefined && !rules.carriers.includes(carrier)) return no(32300);
  if (shippedDate !== undefined && !shippedAtRight(shippedDate, order, now)) return no(32500);
  if (order.cancellation === 'cancelled') return no(32600);
  if (tracking !== undefined && rules.sameTracking !== 'another-package' && order.parcels.some((parcel) => parcel.tracking === tracking)) {
    return rules.sameTracking === '409' ? empty(409) : no(34500);
  }
  const tracked = order.parcels.filter((parcel) => parcel.tracking !== null).length;
  return tracking !== undefined && tracked >= rules.mostTracking ? no(34100) : null;
}

/** `YYYY-MM-DDThh:mm:ss.sssZ` only; neither before the order nor in the future: eBay publishes no bounds, these are the strict ones. */
function shippedAtRight(text: string, order: Order, now: Instant): boolean {
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) ? readMoment(text) : null;
  return moment !== null && moment >= order.placedAt && moment <= now;
}
