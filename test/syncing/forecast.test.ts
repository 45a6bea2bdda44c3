import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forecast } from '../../src/syncing/forecast.ts';
import type { Queued } from '../../src/syncing/forecast.ts';
import type { Bucket } from '../../src/syncing/quota.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const bucket = (rate: number, burst: number, tokens = burst): Bucket => ({ rate, burst, tokens, refilledAt: now, closedUntil: 0, calmSince: now, throttles: 0 });
const one = (key: string, shipInS: number, inS = 0): Queued => ({ key, shipBy: now + shipInS * 1000, notBefore: now + inS * 1000 });
const seconds = (queue: readonly Queued[], of: Bucket): readonly (readonly [string, number])[] => forecast(queue, of, now).map(({ key, at }) => [key, (at - now) / 1000]);

describe('when the calls of a budget leave', () => {
  test('the burst leaves at once, the rest at the rate', () => {
    const queue = Array.from({ length: 13 }, (_, i) => one(`o${i}`, 3_600 + i));
    const times = seconds(queue, bucket(2, 10)).map(([, at]) => at);
    // Of ten at once a second's calls are kept back.
    expect(times.slice(0, 8)).toEqual(Array(8).fill(0));
    expect(times.slice(8)).toEqual([0.5, 1, 1.5, 2, 2.5]);
  });

  test('10,000 parcels by call at 2 a second take 83 minutes', () => {
    const last = forecast(Array.from({ length: 10_000 }, (_, i) => one(`o${i}`, 86_400)), bucket(2, 10), now).at(-1);
    expect(Math.round(((last?.at ?? 0) - now) / 60_000)).toBe(83);
  });

  test('the earliest deadline goes first, whoever came first', () => {
    expect(seconds([one('late', 900), one('soon', 100), one('next', 500)], bucket(1, 1)).map(([key]) => key)).toEqual(['soon', 'next', 'late']);
  });

  test('nobody leaves within their grace; others pass meanwhile', () => {
    expect(seconds([one('graced', 100, 60), one('free', 900)], bucket(1, 1))).toEqual([['free', 0], ['graced', 60]]);
  });

  test('a budget that grew while nobody could go is there when they can', () => {
    const queue = Array.from({ length: 5 }, (_, i) => one(`o${i}`, 900, 60));
    expect(seconds(queue, bucket(1, 10, 0)).map(([, at]) => at)).toEqual([60, 60, 60, 60, 60]);
  });

  test('a budget that is closed lets nobody go before it opens', () => {
    expect(seconds([one('a', 900)], { ...bucket(1, 5, 0), closedUntil: now + 30_000 })).toEqual([['a', 30]]);
  });

  test('nothing waits: nothing leaves', () => {
    expect(forecast([], bucket(1, 1), now)).toEqual([]);
  });

  test('each leaves once, none before its time, and no stretch of time sees more than the budget allows', () => {
    const queued = fc.record({ shipInS: fc.integer({ min: -100, max: 10_000 }), inS: fc.integer({ min: -10, max: 300 }) });
    fc.assert(
      fc.property(fc.array(queued, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 10 }), (list, rate, burst, tokens) => {
        const queue = list.map(({ shipInS, inS }, i) => one(`o${i}`, shipInS, inS));
        const leaving = forecast(queue, bucket(rate, burst, Math.min(tokens, burst)), now);
        expect(new Set(leaving.map(({ key }) => key)).size).toBe(queue.length);
        for (const { key, at } of leaving) expect(at).toBeGreaterThanOrEqual(Math.max(now, queue.find((q) => q.key === key)?.notBefore ?? 0));
        for (const [i, first] of leaving.entries()) for (const [j, last] of leaving.entries()) expect(j < i || j - i + 1 <= burst + ((last.at - first.at + 2) / 1000) * rate + 1e-6).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
