import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Chance } from './chance.ts';
import { ports } from './plan.ts';
import type { Event, Plan } from './plan.ts';

/** What goes wrong on our side: processes die, are stopped, suspended, doubled; the clock jumps; a backup is restored. */
export function upheavals(chance: Chance, until: number, patience: Plan['patience']): Event[] {
  const events = Array.from({ length: chance.pick([0, 0, 1, 2, 4, 8]) }, () => end(chance, until, 0));
  const also = chance.pick(['nothing', 'nothing', 'company', 'company', 'clock', 'company and clock', 'company and clock'] as const);
  if (also.startsWith('company')) events.push(...company(chance, until, patience));
  if (also.endsWith('clock')) events.push(...jumps(chance, until));
  if (chance.happens(0.2)) events.push(...restored(chance, until));
  return events;
}

/** A process dies at a call of a port, is stopped, or is cut off. */
function end(chance: Chance, until: number, place: number): Event {
  const at = chance.between(0, until);
  const back = chance.pick([second, 20 * second, 2 * minute, 15 * minute]);
  const what = chance.pick(['crash', 'crash', 'crash', 'stop', 'cut'] as const);
  if (what !== 'crash') return { at, do: what, place, back };
  return { at, do: 'crash', place, port: chance.pick(ports), when: chance.pick(['before', 'after'] as const), after: chance.between(0, 3), back };
}

/** Others come beside the daemon for a while, which is suspended meanwhile, or dies, or simply keeps its lanes. */
function company(chance: Chance, until: number, { timeoutS, settleS }: Plan['patience']): Event[] {
  return Array.from({ length: chance.between(1, 4) }, (): Event[] => {
    const at = chance.between(0, until);
    const place = chance.pick([1, 1, 2]);
    const events: Event[] = [{ at, do: 'join', place, lasts: chance.between(2, 12) * minute }];
    // As long as its lease and the settling time together are not over, a sleeper's late call is still found by the first look.
    if (chance.happens(0.7)) events.push({ at: at + chance.between(0, 60) * second, do: 'suspend', place: chance.pick([0, 0, place]), lasts: chance.between(5, timeoutS + settleS - 15) * second });
    if (chance.happens(0.3)) events.push({ ...end(chance, until, chance.pick([0, place])), at: at + chance.between(0, 5 * minute) });
    return events;
  }).flat();
}

/** Small ones stay; what is off by more than two minutes is put right again. */
function jumps(chance: Chance, until: number): Event[] {
  return Array.from({ length: chance.between(1, 3) }, (): Event[] => {
    const at = chance.between(0, until);
    const by = chance.pick([-1, 1]) * chance.pick([7 * second, 30 * second, 5 * minute, hour, 30 * hour]);
    return [{ at, do: 'jump', by }, { at: at + chance.between(5 * second, 40 * minute), do: 'jump', by: -by }];
  }).flat();
}

function restored(chance: Chance, until: number): Event[] {
  const at = chance.between(0, Math.floor(until * 0.8));
  const again = at + chance.between(0, Math.floor((until - at) / 2));
  return [{ at, do: 'backup' }, { at: again, do: 'restore', resumeAfter: chance.between(4, 30) * minute }];
}
