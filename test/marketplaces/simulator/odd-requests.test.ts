import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { amazonOrder, amazonStage, ebayOrder, ebayStage, withAmazonOrder, withEbayOrder } from './stage.ts';

const segment = fc.oneof(
  fc.constantFrom('auth', 'o2', 'token', 'orders', 'v0', '2026-01-01', 'shipmentConfirmation', 'sellers', 'v1', 'marketplaceParticipations', amazonOrder),
  fc.constantFrom('identity', 'oauth2', 'sell', 'fulfillment', 'order', 'shipping_fulfillment', ebayOrder, '%', '%2F', '..', ''),
  fc.string(),
);
const name = fc.oneof(fc.constantFrom('createdAfter', 'includedData', 'paginationToken', 'filter', 'limit', 'offset', 'orderIds', 'fieldGroups'), fc.string());
const value = fc.oneof(fc.constantFrom('2026-11-01T00:00:00Z', 'creationdate:[..]', 'orderfulfillmentstatus:{}', '[]', 'bnVsbA', 'e30', '__proto__'), fc.string());

const known = [
  `/orders/v0/orders/${amazonOrder}/shipmentConfirmation`,
  '/orders/2026-01-01/orders',
  `/orders/2026-01-01/orders/${amazonOrder}`,
  '/auth/o2/token',
  '/identity/v1/oauth2/token',
  '/sell/fulfillment/v1/order',
  `/sell/fulfillment/v1/order/${ebayOrder}`,
  `/sell/fulfillment/v1/order/${ebayOrder}/shipping_fulfillment`,
];
const path = fc.oneof(fc.constantFrom(...known), fc.array(segment, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`));
const query = fc.array(fc.tuple(name, value), { maxLength: 4 }).map((pairs) => new URLSearchParams(pairs).toString());
const body = fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.string(), fc.constantFrom('null', '{"packageDetail":null}', '{"lineItems":[null]}', '{"__proto__":1}', 'grant_type=refresh_token'));
const headers = fc.dictionary(fc.constantFrom('content-type', 'authorization', 'x-amz-access-token', 'user-agent'), fc.constantFrom('', 'Bearer ', 'Basic x', 'application/json', 'application/x-www-form-urlencoded'), { maxKeys: 2 });

test.each([
  ['Amazon', () => withAmazonOrder(amazonStage({ pace: 1e9 }))],
  ['eBay', () => withEbayOrder(ebayStage())],
] as const)('whatever comes, the simulated %s has an answer, and ships nothing by mistake', (_, open) => {
  const stage = open();
  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD'), path, query, body, headers, (method, path, query, body, headers) => {
      const reply = stage.brain.answer(stage.request(method, `${path}?${query}`, body, headers));
      const status = reply.ending === 'whole' ? reply.answer().status : 0;
      expect(status).toBeGreaterThanOrEqual(200);
      stage.clock.pass(1);
    }),
    { numRuns: 3000, seed: 41 },
  );
  expect(stage.brain.ledger.requests()).toHaveLength(3001);
  expect(stage.brain.ledger.effects()).toEqual([]);
});
