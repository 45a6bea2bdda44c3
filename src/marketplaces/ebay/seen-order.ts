import { z } from 'zod';
import type { Instant } from '../../runtime/clock.ts';
import type { SeenLine, SeenOrder, SeenParcel } from '../../syncing/order-reader.ts';
import { instant, number, text } from './fields.ts';

const anything = z.unknown().optional();
const word = anything.transform(text);
const moment = anything.transform(instant);
const money = z.object({ value: word, currency: word }).nullish().catch(null);
const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish().catch(null);

const line = z.object({
  lineItemId: word.refine((id) => id !== null),
  quantity: anything.transform(number).refine((units) => units !== null),
  sku: word,
  title: word,
  lineItemFulfillmentStatus: word,
  lineItemCost: money,
  listingMarketplaceId: word,
  purchaseMarketplaceId: word,
  lineItemFulfillmentInstructions: z.object({ shipByDate: moment }).nullish().catch(null),
});

/**
 * What is read of an order: these fields. Everything about the buyer ends here.
 * Without its number, its date, or a line's id and quantity an order cannot be worked with; all else may be missing or new.
 */
const order = z.object({
  orderId: word.refine((id) => id !== null),
  creationDate: moment.refine((date) => date !== null),
  lastModifiedDate: moment,
  orderFulfillmentStatus: word,
  orderPaymentStatus: word,
  cancelStatus: z.object({ cancelState: word }).nullish().catch(null),
  pricingSummary: z.object({ total: money }).nullish().catch(null),
  fulfillmentStartInstructions: listOf(z.object({ fulfillmentInstructionsType: word })),
  program: z
    .object({
      ebayShipping: z.object({ shippingLabelProvidedBy: word }).nullish().catch(null),
      fulfillmentProgram: z.object({ fulfilledBy: word }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  lineItems: z.array(line),
});

type EbayOrder = z.infer<typeof order>;
type EbayLine = EbayOrder['lineItems'][number];

/** An order without an account, and the sites that its lines were listed and bought on. */
export interface ReadOrder {
  readonly order: Omit<SeenOrder, 'account'>;
  readonly sites: readonly string[];
}

/**
 * Reads one order of getOrders or getOrder; null where it cannot be worked with.
 * @param parcels of getShippingFulfillments, null where only the list was read
 */
export function readOrder(value: unknown, parcels: readonly SeenParcel[] | null): ReadOrder | null {
  const read = order.safeParse(value);
  if (!read.success) return null;
  const found = read.data;
  const { orderId, creationDate } = found;
  if (orderId === null || creationDate === null) return null;
  const cancelled = found.cancelStatus?.cancelState === 'CANCELED';
  const lines = found.lineItems.map((item) => lineOf(item, parcels, cancelled));
  return {
    sites: [...found.lineItems.map((item) => item.listingMarketplaceId), ...found.lineItems.map((item) => item.purchaseMarketplaceId)].filter((site) => site !== null),
    order: {
      reference: orderId,
      ownReference: null,
      placedAt: creationDate,
      updatedAt: found.lastModifiedDate ?? creationDate,
      shipBy: shipBy(found.lineItems),
      status: statusOf(found, lines, parcels !== null),
      // A status that is new to us is not taken for a payment, and holds nothing up.
      payment: payments.get(found.orderPaymentStatus ?? '') ?? 'in-progress',
      fulfilment: fulfilmentOf(found),
      cancellation: cancelled ? 'cancelled' : found.cancelStatus?.cancelState === 'IN_PROGRESS' ? 'requested' : 'none',
      currency: found.pricingSummary?.total?.currency ?? null,
      total: found.pricingSummary?.total?.value ?? null,
      lines,
      parcels,
    },
  };
}

/** The earliest of the lines still to ship; once all are shipped, the one that they had. */
function shipBy(lines: readonly EbayLine[]): Instant | null {
  const toShip = lines.filter((item) => item.lineItemFulfillmentStatus !== 'FULFILLED');
  const dates = (toShip.length > 0 ? toShip : lines).flatMap((item) => item.lineItemFulfillmentInstructions?.shipByDate ?? []);
  return dates.length === 0 ? null : Math.min(...dates);
}

function lineOf(item: EbayLine, parcels: readonly SeenParcel[] | null, orderCancelled: boolean): SeenLine {
  const quantity = item.quantity ?? 0;
  const shipped = shippedOf(item, quantity, parcels);
  return {
    lineId: item.lineItemId ?? '',
    sku: item.sku ?? '',
    title: item.title ?? '',
    quantity,
    shipped,
    cancelled: orderCancelled ? quantity - (shipped ?? 0) : 0,
    unitPrice: unitPrice(item.lineItemCost?.value ?? null, quantity),
  };
}

/**
 * Units shipped: the sum over the parcels, where they were read. Without them a line's status only tells of one unit, for
 * eBay: "When any quantity of a line item is assigned to a fulfillment, that line item is marked FULFILLED, even if the total quantity has not yet shipped."
 */
function shippedOf(item: EbayLine, quantity: number, parcels: readonly SeenParcel[] | null): number | null {
  const inParcels = (parcels ?? []).flatMap((parcel) => parcel.lines).filter(({ lineId }) => lineId === item.lineItemId);
  if (inParcels.length > 0) return Math.min(quantity, inParcels.reduce((sum, packed) => sum + packed.quantity, 0));
  if (item.lineItemFulfillmentStatus === 'NOT_STARTED') return 0;
  return item.lineItemFulfillmentStatus === 'FULFILLED' && quantity === 1 ? 1 : null;
}

function statusOf(found: EbayOrder, lines: readonly SeenLine[], counted: boolean): SeenOrder['status'] {
  if (found.cancelStatus?.cancelState === 'CANCELED') return 'cancelled';
  if (found.orderPaymentStatus === 'PENDING' || found.orderPaymentStatus === 'FAILED') return 'pending';
  const known = counted && lines.every(({ shipped }) => shipped !== null);
  if (known && lines.some(({ shipped, quantity }) => (shipped ?? 0) < quantity)) return lines.some(({ shipped }) => shipped !== 0) ? 'partly-shipped' : 'to-ship';
  if (found.orderFulfillmentStatus === 'FULFILLED') return 'shipped';
  return found.orderFulfillmentStatus === 'IN_PROGRESS' ? 'partly-shipped' : 'to-ship';
}

const payments: ReadonlyMap<string, SeenOrder['payment']> = new Map([
  ['PAID', 'confirmed'],
  ['PARTIALLY_REFUNDED', 'confirmed'],
  ['FULLY_REFUNDED', 'refunded'],
  ['FAILED', 'refused'],
  ['PENDING', 'in-progress'],
]);

function fulfilmentOf({ fulfillmentStartInstructions, program }: EbayOrder): SeenOrder['fulfilment'] {
  const byEbay = (fulfillmentStartInstructions ?? []).some((step) => step.fulfillmentInstructionsType === 'FULFILLED_BY_EBAY');
  if (byEbay || program?.fulfillmentProgram?.fulfilledBy === 'EBAY') return 'marketplace';
  return program?.ebayShipping?.shippingLabelProvidedBy === 'EBAY' ? 'label' : 'merchant';
}

/** eBay gives the price of all units of a line; null where it does not divide into whole hundredths. */
function unitPrice(cost: string | null, quantity: number): string | null {
  if (cost === null || quantity === 1) return cost;
  const digits = /^(\d+)(?:\.(\d{1,2}))?$/.exec(cost);
  if (digits === null) return null;
  const hundredths = BigInt(`${digits[1] ?? '0'}${(digits[2] ?? '').padEnd(2, '0')}`);
  const units = BigInt(quantity);
  if (units === 0n || hundredths % units !== 0n) return null;
  const each = (hundredths / units).toString().padStart(3, '0');
  return `${each.slice(0, -2)}.${each.slice(-2)}`;
}
