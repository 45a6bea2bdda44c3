import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLoop, oneByOne } from '../../scripts/bench/frame/arrivals.ts';
import { noteCalls } from '../../scripts/bench/frame/calls.ts';
import { perSecond, percentile, ratio, spreadOf } from '../../scripts/bench/frame/figures.ts';

describe('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

  test('of the numbers from 1 to 100 are what they are called', () => {
    expect([0.01, 0.5, 0.99, 1].map((p) => percentile(hundred, p))).toEqual([1, 50, 99, 100]);
  });

  test('of one value are that value', () => {
    expect(spreadOf([7])).toEqual({ n: 1, p50: 7, p99: 7, most: 7 });
  });

  test('of few values do not hide the worst', () => {
    expect(percentile([1, 2, 3, 900], 0.99)).toBe(900);
  });

  test('of nothing are refused', () => {
    expect(() => percentile([], 0.5)).toThrow('no values were measured');
  });

  test('are a value that was measured, not exceeded by their share of the others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (values, p) => {
        const found = percentile(values, p);
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(p * values.length - 1e-9);
        expect(values.filter((value) => value < found).length).toBeLessThan(p * values.length);
      }),
    );
  });
});

test('rates and ratios', () => {
  expect(perSecond(500, 250)).toBe(2_000);
  expect([ratio(3, 2), ratio(3, 0), ratio(3, null), ratio(3, undefined)]).toEqual([1.5, null, null, null]);
});

describe('arrivals', () => {
  test('one by one, the next begins when the one before has ended', async () => {
    const log: string[] = [];
    const times = await oneByOne(3, () => 0, async (n) => {
      log.push(`begins ${n}`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`ends ${n}`);
      return n;
    });
    expect(times).toEqual([0, 1, 2]);
    expect(log).toEqual(['begins 0', 'ends 0', 'begins 1', 'ends 1', 'begins 2', 'ends 2']);
  });

  test('in an open loop, what waited while the process was held up is counted from when it was due', async () => {
    const waited = await openLoop(10, 1_000, (n, due) => {
      if (n === 0) for (const end = performance.now() + 60; performance.now() < end; ) void 0;
      return Promise.resolve(performance.now() - due);
    });
    expect(waited).toHaveLength(10);
    // The ninth was due 1 ms after the eighth, and both met a process that was busy for 60 ms.
    expect(waited[9]).toBeGreaterThan(45);
  });
});

test('a call that begins before anybody waits for it is not lost', async () => {
  const calls = noteCalls();
  calls.begin('early', 1);
  const late = calls.began('late');
  calls.begin('late', 2);
  expect(await Promise.all([calls.began('early'), late])).toEqual([1, 2]);
});
