import { createHash } from 'node:crypto';
import { loadLibraries } from '../../src/marketplaces/registry.ts';
import { check } from './checker.ts';
import type { Plan } from './plan.ts';
import { withoutRealTime } from './real-time.ts';
import type { Broken } from './broken.ts';
import { World } from './world.ts';
import type { Finding } from './world.ts';

/** What came of one run. */
export interface Result {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly trace: readonly string[];
  /** Stands for the whole trace: two runs that did the same have the same. */
  readonly fingerprint: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** Lives a plan from beginning to end, and checks it. The same plan and the same engine: the same run, to the byte. */
export async function simulate(plan: Plan, broken: Broken = {}): Promise<Result> {
  // Loaded in the middle of a run they would take real time.
  await loadLibraries();
  return withoutRealTime(async () => {
    const world = new World(plan, broken);
    try {
      await world.live();
      const findings = await check(world);
      const figures = { applied: world.merchant.acknowledged.size, requests: world.watch.departures.length, turns: world.time.turns() };
      return { plan, findings, trace: world.trace, fingerprint: createHash('sha256').update(world.trace.join('\n')).digest('hex').slice(0, 16), figures };
    } finally {
      await world.close();
    }
  });
}
