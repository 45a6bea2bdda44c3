import type { ParcelLine } from './parcel.ts';

/** The merchant's own shop, as an account. All others are marketplace accounts of accounts.json. */
export const shop = 'shop';

/** An instant in epoch milliseconds (see runtime/clock.ts; this room imports nothing). */
export type Instant = number;

export const payments = ['in-progress', 'confirmed', 'refused', 'cancelled', 'refunded'] as const;
export type Payment = (typeof payments)[number];

export const publications = ['default', 'yes', 'no'] as const;
export type Publication = (typeof publications)[number];

/** Who ships: the merchant; the marketplace; or the merchant with a label bought through it, which confirms by itself. */
export type Fulfilment = 'merchant' | 'marketplace' | 'label';

/** `requested`: the buyer has an open request to cancel. */
export type Cancellation = 'none' | 'requested' | 'cancelled';

export interface OrderLine {
  readonly lineId: string;
  readonly sku: string;
  readonly title: string;
  /** Units ordered. */
  readonly quantity: number;
  /** Units cancelled since. */
  readonly cancelled: number;
  /** Units that the marketplace shows as shipped without telling in which parcel. */
  readonly shippedElsewhere: number;
  /** In the order's currency, as a decimal string. */
  readonly unitPrice: string | null;
}

export interface Order {
  readonly account: string;
  /** The number under which it was sold there. */
  readonly reference: string;
  /** The shop's own number, accepted wherever an order is named. */
  readonly ownReference: string | null;
  readonly placedAt: Instant;
  /** The last moment at which its dispatch must be confirmed. */
  readonly shipBy: Instant | null;
  readonly payment: Payment;
  readonly publication: Publication;
  readonly fulfilment: Fulfilment;
  readonly cancellation: Cancellation;
  readonly currency: string | null;
  readonly total: string | null;
  /** The customer's language, ISO 639-1. */
  readonly language: string;
  /** False while a marketplace order is known only because a state named it. */
  readonly imported: boolean;
  readonly lines: readonly OrderLine[];
}

const twoDays = 2 * 24 * 60 * 60 * 1000;

/** By when the marketplace must hear of it: its ship-by, or two days after the order where it names none. */
export function deadline(order: Pick<Order, 'placedAt' | 'shipBy'>): Instant {
  return order.shipBy ?? order.placedAt + twoDays;
}

/**
 * Units per line that no parcel carries yet. Every line of the order is in the map, with 0 where nothing is left.
 * @param parcels those that count: voided ones are left out by the caller
 */
export function leftToShip(lines: readonly OrderLine[], parcels: readonly { readonly lines: readonly ParcelLine[] | null }[]): Map<string, number> {
  const left = new Map(lines.map((line) => [line.lineId, line.quantity - line.cancelled - line.shippedElsewhere]));
  for (const parcel of parcels) {
    for (const { lineId, quantity } of parcel.lines ?? []) {
      // A parcel may name a line that the order turned out not to have: it is no line of the order for that.
      const units = left.get(lineId);
      if (units !== undefined) left.set(lineId, units - quantity);
    }
  }
  for (const [line, quantity] of left) if (quantity < 0) left.set(line, 0);
  return left;
}
