import { hour, minute } from '../../src/runtime/clock.ts';
import { arrivals } from './arrivals.ts';
import { chanceOf } from './chance.ts';
import { faults } from './mishaps.ts';
import type { Plan } from './plan.ts';
import { upheavals } from './upheavals.ts';

/** Longer than what accounts have by default: leases are renewed and orders read less often, so that hours cost less. */
const patient: Plan['patience'] = { timeoutS: 60, settleS: 120, sweepS: 600 };

/** The longest backoff, and a settling time or two; then as long as a rerun takes to be read back. */
const rest: Plan['rest'] = [80 * minute, 40 * minute];

/** The plan that a seed decides. Each part draws on a chance of its own, so that a change of one leaves the others as they are. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed, 'plan');
  const calmAt = Math.round(chance.between(2, 10) * 0.5 * hour);
  const patience = chance.pick([{ timeoutS: 15, settleS: 60, sweepS: 180 }, patient, patient, patient]);
  const events = [...arrivals(chanceOf(seed, 'arrivals'), calmAt), ...faults(chanceOf(seed, 'faults'), calmAt, patience), ...upheavals(chanceOf(seed, 'upheavals'), calmAt, patience)];
  return { seed, patience, calmAt, rest, events: events.toSorted((a, b) => a.at - b.at) };
}
