import { day, hour } from '../../runtime/clock.ts';
import { fakeBuyer } from './credentials.ts';
import { fulfilmentHref } from './ebay-fulfilment.ts';
import type { EbaySchemas } from './ebay-words.ts';
import { iso } from './moments.ts';
import { decimal, goodsValue } from './order.ts';
import type { Line, Order } from './order.ts';

type Wire<Name extends keyof EbaySchemas> = EbaySchemas[Name];

/**
 * eBay's trap: a line counts as fulfilled as soon as any unit of it lies in a parcel, and an order of one line is never
 * in progress (eBay: LineItemFulfillmentStatusEnum).
 */
function lineStatus(order: Order, line: Line): 'NOT_STARTED' | 'FULFILLED' {
  return order.parcels.some((parcel) => parcel.lines.some((units) => units.lineId === line.lineId)) ? 'FULFILLED' : 'NOT_STARTED';
}

export function orderStatus(order: Order): 'NOT_STARTED' | 'IN_PROGRESS' | 'FULFILLED' {
  const fulfilled = order.lines.filter((line) => lineStatus(order, line) === 'FULFILLED').length;
  return fulfilled === 0 ? 'NOT_STARTED' : fulfilled < order.lines.length ? 'IN_PROGRESS' : 'FULFILLED';
}

/** @param whole getOrder; false for the list, where the requests to cancel are always missing */
export function ebayOrder(order: Order, origin: string, whole: boolean): Wire<'Order'> {
  const total = goodsValue(order) + order.shippingCost;
  const paid = order.payment === 'paid';
  const refunded = paid && order.cancellation === 'cancelled';
  return {
    orderId: order.id,
    creationDate: iso(order.placedAt),
    lastModifiedDate: iso(order.updatedAt),
    orderFulfillmentStatus: orderStatus(order),
    orderPaymentStatus: refunded ? 'FULLY_REFUNDED' : paid ? 'PAID' : 'PENDING',
    sellerId: 'boutique_simulee',
    buyer: {
      username: fakeBuyer.username,
      taxAddress: { city: fakeBuyer.city, postalCode: fakeBuyer.postalCode, countryCode: fakeBuyer.country },
      buyerRegistrationAddress: contact,
    },
    pricingSummary: {
      priceSubtotal: amount(goodsValue(order), order.currency),
      deliveryCost: amount(order.shippingCost, order.currency),
      total: amount(total, order.currency),
    },
    cancelStatus: cancelStatus(order, whole),
    paymentSummary: paymentSummary(order, total, paid, refunded),
    fulfillmentStartInstructions: [startInstruction(order)],
    fulfillmentHrefs: order.parcels.map((parcel) => fulfilmentHref(origin, order, parcel.reference)),
    lineItems: order.lines.map((line) => lineItem(order, line)),
    ebayCollectAndRemitTax: false,
    salesRecordReference: order.ownReference ?? '1001',
    totalFeeBasisAmount: amount(total, order.currency),
    ...program(order),
  };
}

const contact: Wire<'ExtendedContact'> = {
  fullName: fakeBuyer.name,
  contactAddress: { addressLine1: fakeBuyer.street, city: fakeBuyer.city, postalCode: fakeBuyer.postalCode, countryCode: fakeBuyer.country },
  primaryPhone: { phoneNumber: fakeBuyer.phone },
  email: fakeBuyer.email,
};

function lineItem(order: Order, line: Line): Wire<'LineItem'> {
  const cost = amount(line.unitPrice * line.quantity, order.currency);
  return {
    lineItemId: line.lineId,
    legacyItemId: line.catalogue,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    soldFormat: 'FIXED_PRICE',
    listingMarketplaceId: order.site,
    purchaseMarketplaceId: order.site,
    lineItemCost: cost,
    total: cost,
    deliveryCost: { shippingCost: amount(0, order.currency) },
    lineItemFulfillmentStatus: lineStatus(order, line),
    lineItemFulfillmentInstructions: {
      shipByDate: iso(order.shipBy),
      minEstimatedDeliveryDate: iso(order.shipBy + 24 * hour),
      maxEstimatedDeliveryDate: iso(order.shipBy + 96 * hour),
      guaranteedDelivery: false,
    },
    properties: { buyerProtection: true },
  };
}

function cancelStatus(order: Order, whole: boolean): Wire<'CancelStatus'> {
  const requested = order.cancelRequestedAt;
  const cancelled = order.cancelledAt;
  const request: Wire<'CancelRequest'> = {
    cancelInitiator: 'BUYER',
    cancelReason: 'BUYER_ASKED_CANCEL',
    cancelRequestId: '5000000001',
    cancelRequestState: cancelled === null ? 'REQUESTED' : 'COMPLETED',
    ...(requested !== null && { cancelRequestedDate: iso(requested) }),
    ...(cancelled !== null && { cancelCompletedDate: iso(cancelled) }),
  };
  return {
    cancelState: order.cancellation === 'none' ? 'NONE_REQUESTED' : order.cancellation === 'requested' ? 'IN_PROGRESS' : 'CANCELED',
    ...(cancelled !== null && { cancelledDate: iso(cancelled) }),
    cancelRequests: whole && requested !== null ? [request] : [],
  };
}

function paymentSummary(order: Order, total: number, paid: boolean, refunded: boolean): Wire<'PaymentSummary'> {
  const payment: Wire<'Payment'> = {
    paymentMethod: 'EBAY',
    amount: amount(total, order.currency),
    paymentStatus: paid ? 'PAID' : 'PENDING',
    ...(paid && { paymentDate: iso(order.placedAt) }),
  };
  const refund: Wire<'OrderRefund'> = { amount: amount(total, order.currency), refundStatus: 'REFUNDED', refundDate: iso(order.cancelledAt ?? order.placedAt) };
  return { totalDueSeller: amount(refunded ? 0 : total, order.currency), payments: [payment], refunds: refunded ? [refund] : [] };
}

function startInstruction(order: Order): Wire<'FulfillmentStartInstruction'> {
  return {
    fulfillmentInstructionsType: order.fulfilment === 'marketplace' ? 'FULFILLED_BY_EBAY' : 'SHIP_TO',
    minEstimatedDeliveryDate: iso(order.shipBy + day),
    maxEstimatedDeliveryDate: iso(order.shipBy + 4 * day),
    ebaySupportedFulfillment: false,
    shippingStep: { shipTo: contact, shippingServiceCode: 'FR_ColiPosteColissimo' },
  };
}

function program(order: Order): { program?: Wire<'Program'> } {
  if (order.fulfilment === 'label') return { program: { ebayShipping: { shippingLabelProvidedBy: 'EBAY' } } };
  if (order.fulfilment === 'marketplace') return { program: { fulfillmentProgram: { fulfilledBy: 'EBAY' } } };
  return {};
}

function amount(value: number, currency: string): Wire<'Amount'> {
  return { value: decimal(value), currency };
}
