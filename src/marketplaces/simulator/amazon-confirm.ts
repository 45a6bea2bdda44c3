import { z } from 'zod';
import type { Instant } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import { invalid, notFound, orderItemInvalid, packageToUpdateNotFound, referenceInvalid, unknownField, wrongType } from './amazon-words.ts';
import type { Units } from './ledger.ts';
import { readMoment } from './moments.ts';
import { unitsLeft } from './order.ts';
import type { Order, Parcel } from './order.ts';
import type { ParcelWish } from './world.ts';

/**
 * Codes of Seller Central's list that three independent copies of Amazon's XSD confirm, as it writes them.
 * Colissimo, Colis Privé, Mondial Relay, Relais Colis and Geodis are on none of them: `Other` with a name.
 */
export const amazonCarriers: readonly string[] = [
  'La Poste', 'Chronopost', 'DPD', 'GLS', 'UPS', 'DHL', 'FedEx', 'TNT', 'Deutsche Post', 'Royal Mail', 'Parcelforce', 'Yodel',
  'Hermes Logistik Gruppe', 'Poste Italiane', 'SDA', 'USPS', 'Canada Post', 'Aramex', 'Other',
];

/** The model's ConfirmShipmentRequest. What it does not name is refused, so that a misspelt optional field does not pass unseen. */
const confirmation = z.strictObject({
  marketplaceId: z.string(),
  codCollectionMethod: z.enum(['DirectPayment']).optional(),
  packageDetail: z.strictObject({
    packageReferenceId: z.string(),
    carrierCode: z.string(),
    carrierName: z.string().optional(),
    shippingMethod: z.string().optional(),
    trackingNumber: z.string(),
    shipDate: z.string(),
    shipFromSupplySourceId: z.string().optional(),
    orderItems: z.array(z.strictObject({ orderItemId: z.string(), quantity: z.int(), transparencyCodes: z.array(z.string()).optional() })),
  }),
});

type Confirmation = z.output<typeof confirmation>;

const japan = 'A1VC38T7YXB528';

/** What a confirmation comes to: refused, or a parcel to create or (same reference again) to edit. */
export type Verdict = { readonly refusal: HttpAnswer } | { readonly wish: ParcelWish; readonly edited: Parcel | null };

/**
 * Judges the body of a confirmShipment against the order as it is now. The rules are those of the model and of the
 * documentation; where both are silent (dates, more than is left) the stricter reading is taken.
 * @param order null where the seller has no such order
 */
export function judge(body: string, order: Order | null, now: Instant, carriers: readonly string[]): Verdict {
  const read = readConfirmation(body);
  if ('refusal' in read) return read;
  const misshapen = formRefusal(read.body, carriers);
  if (misshapen !== null) return { refusal: misshapen };
  if (order === null) return { refusal: notFound('order') };
  const refusal = orderRefusal(read.body, order, now);
  return refusal === null ? unitsVerdict(read.body, order) : { refusal };
}

function readConfirmation(text: string): { readonly refusal: HttpAnswer } | { readonly body: Confirmation } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { refusal: invalid('Request has missing or invalid parameters and cannot be parsed.') };
  }
  const parsed = confirmation.safeParse(body);
  return parsed.success ? { body: parsed.data } : { refusal: shapeRefusal(parsed.error, body) };
}

/** Reported as sellers met them: the reference and the items have texts of their own. */
function shapeRefusal(error: z.ZodError, body: unknown): HttpAnswer {
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => dotted([...issue.path, key])) : []));
  if (unknown.length > 0) return unknownField(unknown);
  const fields = error.issues.map((issue) => ({ name: dotted(issue.path), missing: at(body, issue.path) === undefined || at(body, issue.path) === null }));
  const first = fields.find((field) => field.missing) ?? fields[0];
  if (first?.name === 'packageDetail.packageReferenceId' && first.missing) return invalid(referenceInvalid);
  if (first?.missing === true) return invalid(`The input you have submitted is not valid. Please check the missing fields [${first.name}].`);
  if (first?.name === 'packageDetail.orderItems') return orderItemInvalid('');
  return wrongType(fields.map((field) => field.name));
}

function formRefusal({ marketplaceId, codCollectionMethod, packageDetail: parcel }: Confirmation, carriers: readonly string[]): HttpAnswer | null {
  if (!/^0*[1-9]\d*$/.test(parcel.packageReferenceId)) return invalid(referenceInvalid);
  if (codCollectionMethod !== undefined && marketplaceId !== japan) return invalid('CodCollectionMethod is only supported in the JP marketplace.');
  if (!carriers.includes(parcel.carrierCode)) return invalid(`CarrierCode ${parcel.carrierCode} is invalid.`);
  if (parcel.carrierCode === 'Other' && blank(parcel.carrierName)) return invalid('CarrierName is required when CarrierCode is "Other".');
  // What an untracked shipment should send is not documented: the model requires a number.
  if (blank(parcel.trackingNumber)) return invalid('TrackingNumber is required.');
  if (readMoment(parcel.shipDate) === null) return invalid('ShipDate is invalid, must be in ISO 8601 format.');
  if (parcel.orderItems.length === 0) return invalid('OrderItems must not be empty.');
  const bad = parcel.orderItems.find((item) => item.quantity < 1);
  return bad === undefined ? null : invalid(`Quantity ${bad.quantity} is invalid for OrderItemId ${bad.orderItemId}, must be a positive number.`);
}

function orderRefusal({ marketplaceId, packageDetail: { shipDate, orderItems } }: Confirmation, order: Order, now: Instant): HttpAnswer | null {
  if (order.site !== marketplaceId) return invalid('MarketplaceId does not match the marketplace of the order.');
  if (order.cancellation === 'cancelled') return invalid('The order is canceled and cannot be confirmed.');
  if (order.payment === 'pending') return invalid('The order is pending and cannot be confirmed.');
  if (order.fulfilment === 'marketplace') return invalid('The order is fulfilled by Amazon and cannot be confirmed.');
  if (programs(order).includes('FBM_SHIP_PLUS')) return invalid('ConfirmShipment is not supported for FBM_SHIP_PLUS orders.');
  const moment = readMoment(shipDate) ?? 0;
  // The bounds are not documented; a merchant's own clock must not carry a date past either of them.
  if (moment < order.placedAt || moment > now) return invalid('ShipDate is invalid, must be between the order date and now.');
  const foreign = orderItems.find((item) => !order.lines.some((line) => line.lineId === item.orderItemId));
  return foreign === undefined ? null : orderItemInvalid(foreign.orderItemId);
}

function unitsVerdict({ packageDetail: parcel }: Confirmation, order: Order): Verdict {
  const edited = order.parcels.find((other) => other.reference === parcel.packageReferenceId) ?? null;
  const left = unitsLeft(order, edited ?? undefined);
  if (edited === null && [...left.values()].every((quantity) => quantity <= 0)) return { refusal: invalid(packageToUpdateNotFound) };
  const wanted = summed(parcel.orderItems.map((item) => ({ lineId: item.orderItemId, quantity: item.quantity })));
  const over = wanted.find(({ lineId, quantity }) => quantity > (left.get(lineId) ?? 0));
  if (over !== undefined) return { refusal: invalid(`Quantity ${over.quantity} for OrderItemId ${over.lineId} is more than is left to ship.`) };
  const wish: ParcelWish = {
    reference: parcel.packageReferenceId,
    carrier: parcel.carrierCode === 'Other' ? (parcel.carrierName ?? 'Other') : parcel.carrierCode,
    service: parcel.shippingMethod ?? null,
    tracking: parcel.trackingNumber,
    shippedAt: readMoment(parcel.shipDate) ?? order.placedAt,
    lines: wanted,
  };
  return { wish, edited };
}

/** An order's programs as Amazon names them: a label bought through it is Ship+. */
export function programs(order: Order): readonly string[] {
  return order.fulfilment === 'label' && order.programs.length === 0 ? ['FBM_SHIP_PLUS'] : order.programs;
}

function summed(lines: readonly Units[]): Units[] {
  const sums = new Map<string, number>();
  for (const { lineId, quantity } of lines) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
  return [...sums].map(([lineId, quantity]) => ({ lineId, quantity }));
}

function blank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function at(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), body);
}
