import { z } from 'zod';
import type { SeenLine, SeenOrder, SeenParcel } from '../../syncing/order-reader.ts';
import { instantOf } from './headers.ts';

/** An optional field that is broken counts as absent: one new value of Amazon's must not cost an order. */
function tolerant<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(undefined);
}

/** Ids are strings in the model; a number without quotes is read as it was written. */
const id = z.union([z.string().min(1), z.number()]).transform(String);
const words = tolerant(z.union([z.string(), z.number()]).transform(String));
const units = z.number().int().min(0);
const moment = z.string().refine((value) => instantOf(value) !== null);
const money = tolerant(z.object({ amount: z.union([z.string(), z.number()]).transform(String), currencyCode: z.string() }));

const rawItem = z.object({
  orderItemId: id,
  quantityOrdered: units,
  product: tolerant(z.object({ asin: words, title: words, sellerSku: words, price: tolerant(z.object({ unitPrice: money })) })),
  fulfillment: tolerant(z.object({ quantityFulfilled: tolerant(units), quantityUnfulfilled: tolerant(units) })),
  // Who, not why: the reason is the buyer's own text.
  cancellation: tolerant(
    z.object({
      cancellationRequest: tolerant(z.object({ requester: words })),
      cancellationExecution: tolerant(z.object({ cancelledBy: words })),
    }),
  ),
});

const rawPackage = z.object({
  packageReferenceId: words,
  carrier: words,
  trackingNumber: words,
  shipTime: words,
  packageStatus: tolerant(z.object({ status: words })),
  packageItems: tolerant(z.array(z.object({ orderItemId: id, quantity: units }))),
});

/**
 * What we use of an order of Amazon's model orders_2026-01-01, and nothing else: zod drops every field not named
 * here, so that addresses, gift messages and the reasons that buyers write are gone before anything is kept.
 */
const rawOrder = z.object({
  orderId: id,
  orderAliases: tolerant(z.array(z.object({ aliasId: words, aliasType: words }))),
  createdTime: moment,
  lastUpdatedTime: moment,
  programs: tolerant(z.array(words)),
  salesChannel: tolerant(z.object({ channelName: words, marketplaceId: words })),
  fulfillment: tolerant(z.object({ fulfillmentStatus: words, fulfilledBy: words, shipByWindow: tolerant(z.object({ latestDateTime: words })) })),
  orderItems: z.array(rawItem),
  packages: z.array(rawPackage).nullish(),
});

export type RawOrder = z.infer<typeof rawOrder>;
type RawItem = z.infer<typeof rawItem>;
type RawPackage = z.infer<typeof rawPackage>;

/** The order without what is not ours to keep; null where it breaks the model in something that we cannot do without. */
export function readOrder(value: unknown): RawOrder | null {
  return rawOrder.safeParse(value).data ?? null;
}

export function marketplaceOf(order: RawOrder): string | null {
  return order.salesChannel?.marketplaceId ?? null;
}

/** The order in our words. */
export function seenOrder(order: RawOrder, account: string): SeenOrder {
  const status = statusOf(order);
  const prices = order.orderItems.map((item) => item.product?.price?.unitPrice).filter((price) => price !== null && price !== undefined);
  return {
    account,
    reference: order.orderId,
    ownReference: order.orderAliases?.find((alias) => alias.aliasType === 'SELLER_ORDER_ID')?.aliasId ?? null,
    placedAt: instantOf(order.createdTime) ?? 0,
    updatedAt: instantOf(order.lastUpdatedTime) ?? 0,
    shipBy: instantOf(order.fulfillment?.shipByWindow?.latestDateTime),
    status,
    // Pending: Amazon is still authorizing the payment. Afterwards it is authorized; the buyer is charged at the confirmation.
    payment: status === 'pending' ? 'in-progress' : 'confirmed',
    fulfilment: fulfilmentOf(order),
    cancellation: cancellationOf(order, status),
    currency: prices[0]?.currencyCode ?? null,
    // In PROCEEDS only, which is not asked for.
    total: null,
    lines: order.orderItems.map((item) => lineOf(item, status)),
    parcels: liveParcels(order),
  };
}

const statuses: Readonly<Record<string, SeenOrder['status']>> = {
  PENDING_AVAILABILITY: 'pending',
  PENDING: 'pending',
  UNSHIPPED: 'to-ship',
  PARTIALLY_SHIPPED: 'partly-shipped',
  SHIPPED: 'shipped',
  CANCELLED: 'cancelled',
  UNFULFILLABLE: 'unfulfillable',
};

/** A status that we do not know is read from the units; where nothing is shipped yet, nothing may be. */
function statusOf(order: RawOrder): SeenOrder['status'] {
  const known = statuses[order.fulfillment?.fulfillmentStatus ?? ''];
  if (known !== undefined) return known;
  const shipped = order.orderItems.some((item) => (item.fulfillment?.quantityFulfilled ?? 0) > 0);
  const left = order.orderItems.some((item) => (item.fulfillment?.quantityUnfulfilled ?? 0) > 0);
  if (!shipped) return 'pending';
  return left ? 'partly-shipped' : 'shipped';
}

/** Programmes whose label is bought through Amazon, which then confirms by itself and refuses our confirmation. */
const labelProgrammes = new Set(['AMAZON_EASY_SHIP', 'FBM_SHIP_PLUS']);

function fulfilmentOf(order: RawOrder): SeenOrder['fulfilment'] {
  if (order.fulfillment?.fulfilledBy === 'AMAZON') return 'marketplace';
  return order.programs?.some((programme) => labelProgrammes.has(programme ?? '')) ? 'label' : 'merchant';
}

/** A buyer's request is open as long as nobody carried it out and units of its line are still to ship. */
function cancellationOf(order: RawOrder, status: SeenOrder['status']): SeenOrder['cancellation'] {
  const items = order.orderItems;
  if (status === 'cancelled' || (items.length > 0 && items.every(cancelledThere))) return 'cancelled';
  if (status === 'shipped') return 'none';
  const open = items.some((item) => isSet(item.cancellation?.cancellationRequest) && !cancelledThere(item) && item.fulfillment?.quantityUnfulfilled !== 0);
  return open ? 'requested' : 'none';
}

function cancelledThere(item: RawItem): boolean {
  return isSet(item.cancellation?.cancellationExecution);
}

function lineOf(item: RawItem, status: SeenOrder['status']): SeenLine {
  const { product } = item;
  return {
    lineId: item.orderItemId,
    sku: product?.sellerSku ?? product?.asin ?? '',
    title: product?.title ?? product?.sellerSku ?? product?.asin ?? '',
    quantity: item.quantityOrdered,
    shipped: shippedUnits(item, status),
    cancelled: cancelledUnits(item, status),
    unitPrice: product?.price?.unitPrice?.amount ?? null,
  };
}

function shippedUnits(item: RawItem, status: SeenOrder['status']): number | null {
  const told = item.fulfillment?.quantityFulfilled;
  if (isSet(told)) return told;
  if (status === 'to-ship' || status === 'pending') return 0;
  return status === 'shipped' ? item.quantityOrdered : null;
}

/** The model names who cancelled, not how many units: they are those neither shipped nor still to ship. */
function cancelledUnits(item: RawItem, status: SeenOrder['status']): number {
  const shipped = item.fulfillment?.quantityFulfilled;
  const toShip = item.fulfillment?.quantityUnfulfilled;
  const notShipped = Math.max(0, item.quantityOrdered - (shipped ?? 0));
  if (status === 'cancelled') return notShipped;
  // Not payable yet: its units may be counted nowhere without being cancelled.
  if (status === 'pending' || !isSet(shipped) || !isSet(toShip)) return cancelledThere(item) ? notShipped : 0;
  return Math.max(0, notShipped - toShip);
}

/** The parcels that are there. One whose label was cancelled never left. */
function liveParcels(order: RawOrder): readonly SeenParcel[] {
  const live = (order.packages ?? []).filter((p) => !isCancelled(p));
  return live.map((p) => parcelOf(p, live.length === 1 ? order : null));
}

/** Parcels that were cancelled again. */
export function cancelledParcels(order: RawOrder): readonly SeenParcel[] {
  return (order.packages ?? []).filter(isCancelled).map((p) => parcelOf(p, null));
}

function isCancelled(p: RawPackage): boolean {
  return p.packageStatus?.status === 'CANCELLED';
}

/** @param alone the order whose only parcel this is: where it lists no items, it holds all that was shipped */
function parcelOf(p: RawPackage, alone: RawOrder | null): SeenParcel {
  const shipped = (alone?.orderItems ?? []).map((item) => ({ lineId: item.orderItemId, quantity: item.fulfillment?.quantityFulfilled ?? 0 }));
  return {
    reference: p.packageReferenceId ?? '',
    trackingNumber: p.trackingNumber?.trim() || null,
    carrier: p.carrier?.trim() || null,
    shippedAt: instantOf(p.shipTime),
    lines: p.packageItems?.map((item) => ({ lineId: item.orderItemId, quantity: item.quantity })) ?? shipped.filter((line) => line.quantity > 0),
  };
}

function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
