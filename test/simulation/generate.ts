import { hour, minute, second } from '../../src/runtime/clock.ts';
import { arrivals } from './arrivals.ts';
import { chanceOf } from './chance.ts';
import { crashes, faults } from './mishaps.ts';
import type { Plan } from './plan.ts';

/** Longer than what accounts have by default: leases are renewed and orders read less often, so that hours cost less. */
const patient: Plan['patience'] = { timeoutS: 60, settleS: 120, sweepS: 600 };

/** The plan that a seed decides. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed, 'plan');
  const workers = chance.pick([1, 1, 2]);
  // Whoever waits for a lane asks every second: several workers make a short day.
  const calmAt = chance.between(1, workers === 1 ? 6 : 2) * hour;
  const patience = chance.pick([{ timeoutS: 15, settleS: 60, sweepS: 180 }, patient, patient, patient]);
  const events = [...arrivals(chanceOf(seed, 'arrivals'), calmAt), ...faults(chanceOf(seed, 'faults'), calmAt), ...crashes(chanceOf(seed, 'crashes'), calmAt, workers)];
  return { seed, patience, workers, calmAt: calmAt + minute + second, events: events.toSorted((a, b) => a.at - b.at) };
}
