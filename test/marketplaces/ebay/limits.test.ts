import { describe, expect, it } from 'vitest';
import { connectAccounts, marketplaceFields } from '../../../src/app/connections.ts';
import { ebay } from '../../../src/marketplaces/ebay/marketplace.ts';
import { day, minute } from '../../../src/runtime/clock.ts';
import { accountsOf } from '../../../src/settings/accounts.ts';
import { createTestClock } from '../../support/clock.ts';
import { available, freshBucket, take } from '../../../src/syncing/quota.ts';
import type { Limit } from '../../../src/syncing/quota.ts';

it('no day, wherever it begins, sees more than 100,000 calls', () => {
  const limit = ebay.limits['createShippingFulfillment'];
  if (limit === undefined) throw new Error('no limit');
  let bucket = freshBucket(limit, 0);
  const taken: number[] = [];
  for (let now = 0; now < 3 * day; now += minute) {
    const calls = available(bucket, now);
    bucket = take(bucket, calls, now);
    taken.push(calls);
  }
  const minutes = day / minute;
  const days = taken.map((_, first) => taken.slice(first, first + minutes).reduce((sum, calls) => sum + calls, 0));
  expect(Math.max(...days)).toBeLessThanOrEqual(100_000);
  expect(Math.max(...days)).toBeGreaterThan(90_000);
});

it('all calls draw on one budget', () => {
  expect(Object.keys(ebay.limits).sort()).toEqual(['createShippingFulfillment', 'getOrder', 'getOrders', 'getShippingFulfillments']);
  expect(new Set(Object.values(ebay.limits).map((limit) => JSON.stringify(limit))).size).toBe(1);
  expect(Object.values(ebay.limits).every(({ budget }) => budget === 'sell.fulfillment')).toBe(true);
});

describe('a call that is given a limit of its own', () => {
  const own = { rate: 0.1, burst: 50 };

  it('takes it out of the day of the application: the others have what is left', () => {
    const { createShippingFulfillment: told, getOrder: read } = withLimits({ createShippingFulfillment: own });
    expect(told).toEqual({ ...own, configured: true });
    const published = ebay.limits['getOrder'];
    expect(read).toMatchObject({ budget: 'sell.fulfillment', burst: 20_000 - own.burst });
    expect((read?.rate ?? 0) + own.rate).toBeCloseTo(published?.rate ?? 0, 9);
  });

  it('leaves the others as they are where it is more than the whole day: more was granted than is published', () => {
    expect(withLimits({ createShippingFulfillment: { rate: 20, burst: 500 } })['getOrder']).toEqual(ebay.limits['getOrder']);
  });

  it('says nothing of the others at Amazon, where each has a budget of its own', () => {
    const { getOrder } = withLimits({ confirmShipment: own }, { id: 'amazon-fr', marketplace: 'amazon', region: 'eu', marketplaceId: 'A13V1IB3VIYZZH', sellerId: 'A1EXAMPLE', clientId: secret, clientSecret: secret, refreshToken: secret });
    expect(getOrder).toMatchObject({ rate: 0.5, burst: 30 });
  });
});

const secret = { env: 'SECRET' };

function withLimits(limits: Readonly<Record<string, Limit>>, account: object = { id: 'ebay-fr', marketplace: 'ebay', site: 'EBAY_FR', appId: secret, certId: secret, refreshToken: secret }): Readonly<Record<string, Limit>> {
  const read = accountsOf({ accounts: [{ ...account, limits }] }, 'a test', { SECRET: 'one-of-many-characters' }, marketplaceFields);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return connectAccounts(read.accounts, createTestClock())[0]?.accounts[0].profile.limits ?? {};
}
