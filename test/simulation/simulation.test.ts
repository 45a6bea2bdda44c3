import { describe, expect, test } from 'vitest';
import { main } from './command.ts';
import { planOf } from './generate.ts';
import { simulate } from './run.ts';

/** Seeds that are lived through at every test; `npm run simulate` takes as many as one has time for. */
const fixed = [1, 2, 3, 4, 5, 8];

/** Seeds that found a bug, and what it was. */
const found: readonly (readonly [number, string])[] = [
  [6, 'after a restore what had been told since the backup, and was applied again, was told to eBay twice'],
  [7, 'a parcel that left by a clock that was ahead was refused as one that leaves in the future'],
  [111, 'a ship date without fractions lay before the order of the same second'],
];

describe('whatever goes wrong', () => {
  test.each(fixed)('seed %i: nothing is lost, nothing done twice, no limit crossed, everything audited', async (seed) => {
    expect((await simulate(planOf(seed))).findings).toEqual([]);
  });

  test.each(found)('seed %i, which found that %s', async (seed) => {
    expect((await simulate(planOf(seed))).findings).toEqual([]);
  });
});

test('a seed replays exactly, and another one does otherwise', async () => {
  const first = await simulate(planOf(4));
  const second = await simulate(planOf(4));
  expect(second.trace).toEqual(first.trace);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(first.trace.length).toBeGreaterThan(20);
  expect((await simulate(planOf(5))).fingerprint).not.toBe(first.fingerprint);
});

test('the command ends with a total, and refuses what it does not know', async () => {
  const lines: string[] = [];
  expect(await main(['--seeds', '1', '--from', '4'], (line) => void lines.push(line))).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^1 seeds, 0 failed, /)]);
  expect(await main(['--sedes', '1'], () => undefined)).toBe(2);
});
