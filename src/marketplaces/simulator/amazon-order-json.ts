import { hour } from '../../runtime/clock.ts';
import { programs } from './amazon-confirm.ts';
import { fakeBuyer } from './credentials.ts';
import { iso } from './moments.ts';
import { decimal, goodsValue, unitsLeft } from './order.ts';
import type { Line, Order, Parcel } from './order.ts';

/** The marketplaces where the simulated seller sells. */
export const amazonMarketplaces = [
  { id: 'A13V1IB3VIYZZH', name: 'Amazon.fr', countryCode: 'FR', defaultCurrencyCode: 'EUR', defaultLanguageCode: 'fr_FR', domainName: 'www.amazon.fr' },
  { id: 'A1PA6795UKMFR9', name: 'Amazon.de', countryCode: 'DE', defaultCurrencyCode: 'EUR', defaultLanguageCode: 'de_DE', domainName: 'www.amazon.de' },
] as const;

export const datasets = [
  'BUYER', 'RECIPIENT', 'PROCEEDS', 'EXPENSE', 'PROMOTION', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX', 'PAYMENT', 'FULFILLMENT_ORDERS',
] as const;

export type Dataset = (typeof datasets)[number];

export const fulfillmentStatuses = ['PENDING_AVAILABILITY', 'PENDING', 'UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'UNFULFILLABLE'] as const;

export function fulfillmentStatus(order: Order): (typeof fulfillmentStatuses)[number] {
  if (order.cancellation === 'cancelled') return 'CANCELLED';
  if (order.payment === 'pending') return 'PENDING';
  if (order.parcels.length === 0) return 'UNSHIPPED';
  return [...unitsLeft(order).values()].some((quantity) => quantity > 0) ? 'PARTIALLY_SHIPPED' : 'SHIPPED';
}

export function fulfilledBy(order: Order): 'MERCHANT' | 'AMAZON' {
  return order.fulfilment === 'marketplace' ? 'AMAZON' : 'MERCHANT';
}

/** An order as the model of 2026-01-01 writes it. What was not asked for in `included` is not there. */
export function amazonOrder(order: Order, included: ReadonlySet<Dataset>): unknown {
  const merchant = fulfilledBy(order) === 'MERCHANT';
  return {
    orderId: order.id,
    ...(order.ownReference !== null && { orderAliases: [{ aliasId: order.ownReference, aliasType: 'SELLER_ORDER_ID' }] }),
    createdTime: iso(order.placedAt),
    lastUpdatedTime: iso(order.updatedAt),
    ...(programs(order).length > 0 && { programs: programs(order) }),
    salesChannel: salesChannel(order.site),
    ...(included.has('BUYER') && { buyer: { buyerName: fakeBuyer.name, ...(merchant && { buyerEmail: fakeBuyer.email }) } }),
    ...(included.has('RECIPIENT') && { recipient: { deliveryAddress: address } }),
    ...(included.has('PROCEEDS') && { proceeds: { grandTotal: money(goodsValue(order) + order.shippingCost, order.currency) } }),
    ...(included.has('PAYMENT') && { payment: { paymentExecutions: [] } }),
    ...(included.has('FULFILLMENT') && { fulfillment: fulfillment(order) }),
    orderItems: order.lines.map((line) => item(order, line, included)),
    ...(included.has('PACKAGES') && merchant && { packages: order.parcels.map(packaged) }),
  };
}

function fulfillment(order: Order): unknown {
  return {
    fulfillmentStatus: fulfillmentStatus(order),
    fulfilledBy: fulfilledBy(order),
    fulfillmentServiceLevel: 'STANDARD',
    shipByWindow: { earliestDateTime: iso(order.placedAt), latestDateTime: iso(order.shipBy) },
    deliverByWindow: { earliestDateTime: iso(order.shipBy + 24 * hour), latestDateTime: iso(order.shipBy + 96 * hour) },
  };
}

function item(order: Order, line: Line, included: ReadonlySet<Dataset>): unknown {
  const left = order.cancellation === 'cancelled' ? 0 : Math.max(0, unitsLeft(order).get(line.lineId) ?? 0);
  const shipped = order.parcels.flatMap((parcel) => parcel.lines).reduce((sum, units) => sum + (units.lineId === line.lineId ? units.quantity : 0), 0);
  return {
    orderItemId: line.lineId,
    quantityOrdered: line.quantity,
    product: {
      asin: line.catalogue,
      title: line.title,
      sellerSku: line.sku,
      condition: { conditionType: 'NEW', conditionSubtype: 'NEW' },
      price: { unitPrice: money(line.unitPrice, order.currency) },
    },
    ...(included.has('PROCEEDS') && { proceeds: { proceedsTotal: money(line.unitPrice * line.quantity, order.currency) } }),
    ...(included.has('CANCELLATION') && order.cancellation !== 'none' && { cancellation: cancellation(order) }),
    ...(included.has('FULFILLMENT') && { fulfillment: { quantityFulfilled: shipped, quantityUnfulfilled: left } }),
  };
}

function cancellation(order: Order): unknown {
  return {
    ...(order.cancelRequestedAt !== null && { cancellationRequest: { requester: 'BUYER', cancelReason: 'Ordered by mistake' } }),
    ...(order.cancellation === 'cancelled' && {
      cancellationExecution: { cancelledBy: order.cancelRequestedAt === null ? 'MERCHANT' : 'BUYER', cancelReason: 'Cancelled in the simulator' },
    }),
  };
}

function packaged(parcel: Parcel): unknown {
  return {
    packageReferenceId: parcel.reference,
    createdTime: iso(parcel.createdAt),
    packageStatus: { status: 'SHIPPED' },
    ...(parcel.carrier !== null && { carrier: parcel.carrier }),
    shipTime: iso(parcel.shippedAt),
    ...(parcel.service !== null && { shippingService: parcel.service }),
    ...(parcel.tracking !== null && { trackingNumber: parcel.tracking }),
    packageItems: parcel.lines.map(({ lineId, quantity }) => ({ orderItemId: lineId, quantity })),
  };
}

const address = {
  name: fakeBuyer.name,
  addressLine1: fakeBuyer.street,
  city: fakeBuyer.city,
  postalCode: fakeBuyer.postalCode,
  countryCode: fakeBuyer.country,
  phone: fakeBuyer.phone,
  addressType: 'RESIDENTIAL',
};

function salesChannel(site: string): unknown {
  const name = amazonMarketplaces.find((marketplace) => marketplace.id === site)?.name;
  return { channelName: 'AMAZON', marketplaceId: site, ...(name !== undefined && { marketplaceName: name }) };
}

function money(amount: number, currencyCode: string): unknown {
  return { amount: decimal(amount), currencyCode };
}
