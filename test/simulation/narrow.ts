import { minute } from '../../src/runtime/clock.ts';
import type { Promised } from './checker.ts';
import type { Event, Plan } from './plan.ts';

/** Does a plan still break that promise? */
type StillBreaks = (plan: Plan) => Promise<boolean>;

/**
 * Takes out of a plan whatever its finding does not need (Zeller and Hildebrandt's ddmin): halves first, then smaller
 * parts, until no single event can go.
 * @param tell hears how many events are left
 */
export async function narrow(plan: Plan, breaks: StillBreaks, tell: (left: number) => void): Promise<Plan> {
  let events = plan.events;
  for (let parts = 2; events.length > 1; ) {
    const size = Math.ceil(events.length / parts);
    const without = await firstThatBreaks(plan, events, size, breaks);
    if (without !== null) {
      events = without;
      parts = Math.max(2, parts - 1);
      tell(events.length);
    } else if (size === 1) {
      break;
    } else {
      parts = Math.min(events.length, parts * 2);
    }
  }
  return shortened({ ...plan, events }, breaks);
}

async function firstThatBreaks(plan: Plan, events: readonly Event[], size: number, breaks: StillBreaks): Promise<readonly Event[] | null> {
  for (let from = 0; from < events.length; from += size) {
    const without = [...events.slice(0, from), ...events.slice(from + size)];
    if (without.length > 0 && (await breaks({ ...plan, events: without }))) return without;
  }
  return null;
}

/** Nothing happens any more after the last event: the quiet may begin sooner. */
async function shortened(plan: Plan, breaks: StillBreaks): Promise<Plan> {
  const sooner = { ...plan, calmAt: Math.min(plan.calmAt, Math.max(...plan.events.map((event) => event.at)) + 10 * minute) };
  return (await breaks(sooner)) ? sooner : plan;
}

/** The promise that a narrowed plan must still break: the first that was found broken. */
export function promiseOf(findings: readonly { readonly promise: Promised }[]): Promised | null {
  return findings[0]?.promise ?? null;
}
