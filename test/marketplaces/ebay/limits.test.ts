import { expect, it } from 'vitest';
import { ebay } from '../../../src/marketplaces/ebay/marketplace.ts';
import { day, minute } from '../../../src/runtime/clock.ts';
import { available, freshBucket, take } from '../../../src/syncing/quota.ts';

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
