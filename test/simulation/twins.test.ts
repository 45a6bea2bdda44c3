import { hour, minute } from '../../src/runtime/clock.ts';
import { describe, expect, test, vi } from 'vitest';
import { promises } from './checker.ts';
import { narrow } from './narrow.ts';
import type { Plan } from './plan.ts';
import { simulate } from './run.ts';
import { twins } from './twins.ts';
import type { Twin } from './twins.ts';

// As with the seeds: for a processor that is shared by many.
vi.setConfig({ testTimeout: 300_000 });

/** A short day in which what a twin does shows. */
function planFor({ events, patiently }: Twin): Plan {
  return { seed: 1, patience: { timeoutS: 60, settleS: 120, sweepS: 600 }, calmAt: 45 * minute, rest: patiently === true ? [3 * hour, 10 * minute] : [15 * minute, 15 * minute], events };
}

describe('an engine that is broken on purpose', () => {
  test.each(twins)('$does: the checker finds that "$promise" does not hold', async (twin) => {
    const { findings } = await simulate(planFor(twin), twin.broken);
    expect(findings.map((finding) => finding.promise)).toContain(twin.promise);
  });

  const different = [...new Map(twins.map((twin) => [JSON.stringify(twin.events), twin])).values()];
  test.each(different)('the sound one lives through the same: $does', async (twin) => {
    expect((await simulate(planFor(twin))).findings).toEqual([]);
  });

  test('what it needs to be found is narrowed down to it', async () => {
    const twin = twins.find((one) => one.promise === 'twice');
    if (twin === undefined) throw new Error('there is no such twin');
    const smallest = await narrow(planFor(twin), async (plan) => (await simulate(plan, twin.broken)).findings.some((finding) => finding.promise === 'twice'), () => undefined);
    expect(smallest.events.map((event) => event.do).toSorted()).toEqual(['apply', 'fault', 'sell']);
  });

  test('there is a twin for every promise that the checker knows', () => {
    expect([...new Set(twins.map((twin) => twin.promise))].toSorted()).toEqual([...promises].toSorted());
  });
});
