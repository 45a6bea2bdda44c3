import type { Build } from './library.ts';
import { fulfillment } from './library.ts';
import type { ShippingFulfilment } from './requests.ts';

/** The calls of the Fulfillment API that are made, by eBay's own names. */
export type CallName = 'createShippingFulfillment' | 'getShippingFulfillments' | 'getOrders' | 'getOrder';

export interface Call {
  readonly name: CallName;
  /** What is sent, for the audit. */
  readonly body: unknown;
  readonly build: Build;
}

export function createShippingFulfillment(order: string, body: ShippingFulfilment): Call {
  return { name: 'createShippingFulfillment', body, build: (ebay) => fulfillment(ebay).createShippingFulfillment(order, { ...body, lineItems: [...body.lineItems] }) };
}

export function getShippingFulfillments(order: string): Call {
  return { name: 'getShippingFulfillments', body: null, build: (ebay) => fulfillment(ebay).getShippingFulfillments(order) };
}

/** ebay-api encodes the order's number in the other calls, and not in this one. */
export function getOrder(order: string): Call {
  return { name: 'getOrder', body: null, build: (ebay) => fulfillment(ebay).getOrder(encodeURIComponent(order)) };
}

/** @param limit at most 200 */
export function getOrders(limit: number, offset: number, filter?: string): Call {
  return { name: 'getOrders', body: null, build: (ebay) => fulfillment(ebay).getOrders({ limit, offset, ...(filter === undefined ? {} : { filter }) }) };
}

/** Can this be an order's number? What is empty, or a step in a path, would make another address of the call. */
export function isOrderNumber(order: string): boolean {
  return order.trim() !== '' && order !== '.' && order !== '..';
}
