import { describe, expect, test, vi } from 'vitest';
import { main } from './command.ts';
import { bugs } from './found.ts';
import { planOf } from './generate.ts';
import { simulate } from './run.ts';

// Days of trade take seconds of a processor; one that is shared by many takes its time.
vi.setConfig({ testTimeout: 300_000 });

/** Seeds that are lived through at every test; `npm run simulate` takes as many as one has time for. */
const fixed = [2, 5, 8, 11];

describe('whatever goes wrong', () => {
  test.each(fixed)('seed %i: nothing is lost, nothing done twice, no limit crossed, everything audited', async (seed) => {
    expect((await simulate(planOf(seed))).findings).toEqual([]);
  });

  test.each(bugs)('seed $seed found: $what', async ({ plan }) => {
    const { findings, figures } = await simulate(plan);
    expect(findings).toEqual([]);
    // A lane that has nothing to do is not looked at every second; a successor that waits for a process to end looks so often, and is counted too.
    expect(figures['turns']).toBeLessThan(7_000);
  });
});

test('a seed replays exactly, and another one does otherwise', async () => {
  const first = await simulate(planOf(8));
  const second = await simulate(planOf(8));
  expect(second.trace).toEqual(first.trace);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(first.trace.length).toBeGreaterThan(20);
  expect((await simulate(planOf(5))).fingerprint).not.toBe(first.fingerprint);
});

test('the command ends with a total, and refuses what it does not know', async () => {
  const lines: string[] = [];
  expect(await main(['--seeds', '1', '--from', '8'], (line) => void lines.push(line))).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^1 seeds, 0 failed, /)]);
  expect(await main(['--sedes', '1'], () => undefined)).toBe(2);
});
