import type { HttpRequest } from '../../src/runtime/http.ts';
import type { Market } from './plan.ts';

interface Called {
  readonly call: string;
  readonly order: string | null;
  /** It may change something there. */
  readonly tells: boolean;
}

/** Addresses of the calls, read here anew: neither the engine's nor the simulated marketplaces' reading of them is used. */
const addresses: Readonly<Record<Market, readonly (readonly [method: string, path: RegExp, call: string])[]>> = {
  amazon: [
    ['POST', /^\/auth\/o2\/token$/, 'token'],
    ['POST', /^\/orders\/v0\/orders\/([^/]+)\/shipmentConfirmation$/, 'confirmShipment'],
    ['GET', /^\/orders\/2026-01-01\/orders\/([^/]+)$/, 'getOrder'],
    ['GET', /^\/orders\/2026-01-01\/orders$/, 'searchOrders'],
  ],
  ebay: [
    ['POST', /^\/identity\/v1\/oauth2\/token$/, 'token'],
    ['POST', /^\/sell\/fulfillment\/v1\/order\/([^/]+)\/shipping_fulfillment$/, 'createShippingFulfillment'],
    ['GET', /^\/sell\/fulfillment\/v1\/order\/([^/]+)\/shipping_fulfillment$/, 'getShippingFulfillments'],
    ['GET', /^\/sell\/fulfillment\/v1\/order\/([^/]+)$/, 'getOrder'],
    ['GET', /^\/sell\/fulfillment\/v1\/order$/, 'getOrders'],
  ],
};

const tellingCall: Readonly<Record<Market, string>> = { amazon: 'confirmShipment', ebay: 'createShippingFulfillment' };
export const lookingCall: Readonly<Record<Market, string>> = { amazon: 'getOrder', ebay: 'getShippingFulfillments' };

export function callOf(market: Market, { method, url }: HttpRequest): Called {
  const { pathname } = new URL(url);
  for (const [wanted, path, call] of addresses[market]) {
    const found = method === wanted ? path.exec(pathname) : null;
    if (found !== null) return { call, order: found[1] === undefined ? null : decodeURIComponent(found[1]), tells: call === tellingCall[market] };
  }
  throw new Error(`${method} ${pathname} is no call that is known here`);
}

/** Calls of one budget: each its own at Amazon, all of the Fulfillment API together at eBay. */
export function budgetOf(market: Market, call: string): string {
  return market === 'ebay' && call !== 'token' ? 'sell.fulfillment' : call;
}
