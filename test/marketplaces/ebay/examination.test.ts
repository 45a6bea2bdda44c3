import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findingKeys } from '../../../src/marketplaces/ebay/causes.ts';
import type { InForce } from '../../../src/marketplaces/marketplace.ts';
import { day } from '../../../src/runtime/clock.ts';
import { account, api, connect, errorBody, granted, handClock, tokenPath } from './room.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const now = Date.UTC(2026, 10, 23, 9);
const signal = new AbortController().signal;
const ordersPath = '/sell/fulfillment/v1/order';

async function examined(change: { readonly token?: object; readonly orders?: readonly [number, nock.Body]; readonly date?: string; readonly accounts?: readonly (typeof account)[]; readonly inForce?: InForce } = {}) {
  const date = { Date: change.date ?? 'Mon, 23 Nov 2026 09:00:00 GMT' };
  nock(api).post(tokenPath).times(2).reply(200, { ...granted, ...change.token }, date);
  nock(api).get(ordersPath).query({ limit: 1, offset: 0 }).times(2).reply(change.orders?.[0] ?? 200, change.orders?.[1] ?? { total: 12, orders: [] }, date);
  return connect({ clock: handClock(now) }, change.accounts).examine('ebay-fr', signal, change.inForce);
}

describe('an account in order', () => {
  it('has its token, its role, its clock and its limit', async () => {
    expect(await examined()).toEqual([
      { what: 'token', ok: true, key: 'ebay/token-ok', details: {} },
      { what: 'role', ok: true, key: 'ebay/role-ok', details: { orders: 12 } },
      { what: 'clock', ok: true, key: 'ebay/clock-ok', details: { seconds: 0 } },
      { what: 'limit', ok: true, key: 'ebay/limit', details: { calls: 100_000, burst: 20_000, rate: 0.8796 } },
    ]);
  });

  it('says which of its limits are the settings’ own', async () => {
    const shared = { rate: 0.8796, burst: 20_000, source: 'published' } as const;
    const findings = await examined({ inForce: { createShippingFulfillment: { rate: 4.75, burst: 50, source: 'configured' }, getOrder: shared, getOrders: shared, getShippingFulfillments: shared } });
    expect(findings.filter(({ what }) => what === 'limit')).toEqual([
      { what: 'limit', ok: true, key: 'ebay/limit', details: { calls: 100_000, burst: 20_000, rate: 0.8796 } },
      { what: 'limit', ok: true, key: 'ebay/limit-configured', details: { call: 'createShippingFulfillment', rate: 4.75, burst: 50, published: 0.9259 } },
    ]);
  });

  it('knows when its consent ends, where eBay says so', async () => {
    expect(await examined({ token: { refresh_token_expires_in: (400 * day) / 1000 } })).toContainEqual({ what: 'token', ok: true, key: 'ebay/consent-until', details: { until: '2027-12-28T09:00:00Z', days: 400 } });
  });
});

describe('what is wrong is found', () => {
  it('a consent that ends soon', async () => {
    expect(await examined({ token: { refresh_token_expires_in: (20 * day) / 1000 } })).toContainEqual(expect.objectContaining({ ok: false, key: 'ebay/consent-ends-soon', details: { until: '2026-12-13T09:00:00Z', days: 20 } }));
  });

  it('a clock that is fast, or slow', async () => {
    expect(await examined({ date: 'Mon, 23 Nov 2026 08:57:00 GMT' })).toContainEqual({ what: 'clock', ok: false, key: 'ebay/clock-off', details: { seconds: 180 } });
    nock.cleanAll();
    expect(await examined({ date: 'Mon, 23 Nov 2026 09:03:00 GMT' })).toContainEqual({ what: 'clock', ok: false, key: 'ebay/clock-off', details: { seconds: -180 } });
  });

  it.each([
    [[403, errorBody(1100)] as const, { what: 'role', ok: false, key: 'ebay/access-denied' }],
    [[401, errorBody(1001)] as const, { what: 'token', ok: false, key: 'ebay/token-refused' }],
    [[500, ''] as const, { what: 'role', ok: false, key: 'ebay/server-error' }],
  ])('a read that is answered %j', async (orders, finding) => {
    expect(await examined({ orders })).toContainEqual({ ...finding, details: {} });
  });

  it('a consent that has ended, without asking for orders', async () => {
    nock(api).post(tokenPath).reply(400, { error: 'invalid_grant' });
    const findings = await connect({ clock: handClock(now) }).examine('ebay-fr', signal);
    expect(findings).toContainEqual({ what: 'token', ok: false, key: 'ebay/consent-ended', details: {} });
    expect(findings).toContainEqual({ what: 'clock', ok: false, key: 'ebay/clock-unknown', details: {} });
    expect(findings.some(({ what }) => what === 'role')).toBe(false);
  });

  it('accounts of one seller with other keys', async () => {
    expect(await examined({ accounts: [{ ...account, id: 'ebay-de', site: 'EBAY_DE', certId: 'another' }, account] })).toContainEqual({ what: 'settings', ok: false, key: 'ebay/credentials-differ', details: { used: 'ebay-de' } });
  });

  it('two accounts for one site', async () => {
    expect(await examined({ accounts: [account, { ...account, id: 'ebay-fr-2' }] })).toContainEqual({ what: 'settings', ok: false, key: 'ebay/site-twice', details: { site: 'EBAY_FR', other: 'ebay-fr-2' } });
  });
});

it('an account that is not connected here is a fault of ours', async () => {
  await expect(connect().examine('ebay-xx', signal)).rejects.toThrow('ebay-xx');
});

it('every key that is found here was seen above', () => {
  expect([...findingKeys].sort()).toEqual(['ebay/clock-off', 'ebay/clock-ok', 'ebay/clock-unknown', 'ebay/consent-ends-soon', 'ebay/consent-until', 'ebay/credentials-differ', 'ebay/limit', 'ebay/limit-configured', 'ebay/role-ok', 'ebay/site-twice', 'ebay/token-ok']);
});
