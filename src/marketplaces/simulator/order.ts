import { z } from 'zod';
import { hour } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Units } from './ledger.ts';

/** An order as a simulated marketplace holds it. Amounts are in cents. */
export interface Order {
  readonly id: string;
  /** Amazon: the marketplace's id; eBay: the site. */
  readonly site: string;
  /** The shop's own number. */
  readonly ownReference: string | null;
  readonly placedAt: Instant;
  updatedAt: Instant;
  readonly shipBy: Instant;
  payment: 'pending' | 'paid';
  /** `requested`: the buyer has an open request to cancel. */
  cancellation: 'none' | 'requested' | 'cancelled';
  cancelRequestedAt: Instant | null;
  cancelledAt: Instant | null;
  /** Who ships: the merchant, the marketplace, or the merchant with a label bought through it. */
  readonly fulfilment: 'merchant' | 'marketplace' | 'label';
  /** Amazon's special programs, beyond what `fulfilment` implies. */
  readonly programs: readonly string[];
  readonly currency: string;
  readonly shippingCost: number;
  readonly lines: readonly Line[];
  readonly parcels: Parcel[];
}

export interface Line {
  readonly lineId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Amazon: the ASIN; eBay: the item's number. */
  readonly catalogue: string;
  /** eBay: sold under the Global Shipping Program. */
  readonly global: boolean;
}

export interface Parcel {
  readonly reference: string;
  carrier: string | null;
  service: string | null;
  tracking: string | null;
  shippedAt: Instant;
  readonly createdAt: Instant;
  lines: readonly Units[];
}

const cents = z
  .string()
  .regex(/^\d{1,7}(\.\d{2})?$/, 'an amount such as "24.95"')
  .transform((amount) => Math.round(Number(amount) * 100));

const name = z.string().min(1).max(200);

const newLine = z.strictObject({
  lineId: name.optional(),
  sku: name,
  title: name.optional(),
  quantity: z.int().min(1).max(9_999).default(1),
  unitPrice: cents.prefault('19.90'),
  catalogue: name.optional(),
  global: z.boolean().default(false),
});

const moment = z.iso.datetime({ offset: true }).transform((text) => Temporal.Instant.from(text).epochMilliseconds);

/** An order that arrives. What is left out is made up. Moments are epoch milliseconds, or ISO 8601 with an offset. */
export const newOrder = z.strictObject({
  id: name.optional(),
  site: name.optional(),
  ownReference: name.nullable().default(null),
  placedAt: z.union([z.int(), moment]).optional(),
  shipBy: z.union([z.int(), moment]).optional(),
  payment: z.enum(['pending', 'paid']).default('paid'),
  cancellation: z.enum(['none', 'requested', 'cancelled']).default('none'),
  fulfilment: z.enum(['merchant', 'marketplace', 'label']).default('merchant'),
  programs: z.array(name).default([]),
  currency: z.string().regex(/^[A-Z]{3}$/).default('EUR'),
  shippingCost: cents.prefault('4.90'),
  lines: z.array(newLine).min(1).max(100),
});

/** What is asked of somebody who adds an order. */
export type NewOrder = z.input<typeof newOrder>;
/** The same with its defaults filled in. */
export type OrderWish = z.output<typeof newOrder>;

/** How one marketplace numbers things, and what an order there is like when nothing else is said. */
export interface Customs {
  readonly site: string;
  orderId(random: Random): string;
  lineId(random: Random): string;
  catalogue(random: Random): string;
  /** The reference that a parcel gets when the merchant adds it by hand. */
  handReference(order: Order, tracking: string | null): string;
}

/** So often a number is drawn that is not taken: chance that always says the same must not hold everything up. */
const mostDrawn = 1_000;

/**
 * The order that was wished for, with everything made up that was left open.
 * @throws where its number is taken, or two of its lines bear one number
 */
export function makeOrder(wish: OrderWish, customs: Customs, random: Random, now: Instant, taken: (id: string) => boolean): Order {
  let id = wish.id ?? customs.orderId(random);
  for (let drawn = 1; wish.id === undefined && taken(id) && drawn < mostDrawn; drawn += 1) id = customs.orderId(random);
  if (taken(id)) throw new Error(`the simulator already holds an order ${id}`);
  const lines = wish.lines.map((line) => ({
    lineId: line.lineId ?? customs.lineId(random),
    sku: line.sku,
    title: line.title ?? line.sku,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    catalogue: line.catalogue ?? customs.catalogue(random),
    global: line.global,
  }));
  if (new Set(lines.map((line) => line.lineId)).size < lines.length) throw new Error(`two lines of order ${id} bear one number`);
  const { ownReference, payment, cancellation, fulfilment, programs, currency, shippingCost } = wish;
  const placedAt = wish.placedAt ?? now;
  return {
    id,
    site: wish.site ?? customs.site,
    ownReference,
    placedAt,
    updatedAt: now,
    shipBy: wish.shipBy ?? placedAt + 48 * hour,
    payment,
    cancellation,
    cancelRequestedAt: cancellation === 'none' ? null : placedAt,
    cancelledAt: cancellation === 'cancelled' ? placedAt : null,
    fulfilment,
    programs,
    currency,
    shippingCost,
    lines,
    parcels: [],
  };
}

/** Units of each line that lie in no parcel yet; `except` names a parcel to be counted as not there. */
export function unitsLeft(order: Order, except?: Parcel): Map<string, number> {
  const left = new Map(order.lines.map((line) => [line.lineId, line.quantity]));
  for (const parcel of order.parcels) {
    if (parcel === except) continue;
    for (const { lineId, quantity } of parcel.lines) left.set(lineId, (left.get(lineId) ?? 0) - quantity);
  }
  return left;
}

/** The goods, without shipping, in cents. */
export function goodsValue(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
}

/** `24.95` */
export function decimal(amount: number): string {
  return `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
}
