import { describe, expect, test } from 'vitest';
import { main } from './command.ts';
import { planOf } from './generate.ts';
import { simulate } from './run.ts';

/** Seeds that are lived through at every test; `npm run simulate` takes as many as one has time for. */
const fixed = Array.from({ length: 6 }, (_, i) => i + 1);

describe('whatever goes wrong', () => {
  test.each(fixed)('seed %i: nothing is lost, nothing done twice, no limit crossed, everything audited', async (seed) => {
    expect((await simulate(planOf(seed))).findings).toEqual([]);
  });
});

test('a seed replays exactly', async () => {
  const first = await simulate(planOf(7));
  const second = await simulate(planOf(7));
  expect(second.trace).toEqual(first.trace);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(first.trace.length).toBeGreaterThan(20);
});

test('the command ends with a total, and refuses what it does not know', async () => {
  const lines: string[] = [];
  expect(await main(['--seeds', '1', '--from', '7'], (line) => void lines.push(line))).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^1 seeds, 0 failed, /)]);
  expect(await main(['--sedes', '1'], () => undefined)).toBe(2);
});
