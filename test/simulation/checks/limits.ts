import type { RequestEntry } from '../../../src/marketplaces/simulator/ledger.ts';
import { second } from '../../../src/runtime/clock.ts';
import { budgetOf } from '../calls.ts';
import { markets } from '../plan.ts';
import { sinceBeginning } from '../troubles.ts';
import { momentText } from '../trace.ts';
import type { Begun } from '../watch.ts';
import type { Finding, World } from '../world.ts';

/** Budgets were kept: no 429 that we brought about ourselves, and no Retry-After undercut. */
export function checkLimits(world: World): readonly Finding[] {
  return [...overTheLimit(world), ...undercut(world)];
}

function overTheLimit(world: World): Finding[] {
  return markets.flatMap((market) => {
    const asked = world.markets[market].ledger.requests();
    const own = asked.filter((request) => request.throttled && request.fault === null);
    return own.flatMap((request) => {
      const at = sinceBeginning(request.moment);
      // A restored backup knows of no call that was made since.
      if (world.shelf.restores.some((restore) => restore.at < at)) return [];
      const near = (other: number): boolean => other > at - recent && other <= at;
      const refused = own.filter((other) => other.call === request.call && near(sinceBeginning(other.moment))).length;
      const stragglers = world.watch.begun.filter((begun) => begun.market === market && near(begun.at)).map((begun) => arrivalOf(asked, begun) - begun.at);
      return refused <= Math.floor(0.5 + (rates[request.call] ?? 0) * (Math.max(0, ...stragglers) / second)) ? [] : [{ promise: 'limits', what: `${momentText(at)} ${market} turned ${request.call} away: too many of them` }];
    });
  });
}

/** So far back a marketplace's bucket remembers that a call came later than it was paid for. */
const recent = 30 * second;

/** Calls a second that are granted where a late arrival can cost one: Amazon's. */
const rates: Readonly<Record<string, number>> = { confirmShipment: 2, getOrder: 0.5 };

/**
 * When an attempt's call arrived. One that waited for its token, or on the way, comes later than it was paid for: a bucket
 * that was full meanwhile did not fill further, and a burst that follows at once may find it one short.
 */
function arrivalOf(asked: readonly RequestEntry[], begun: Begun): number {
  const arrived = asked.find((request) => request.order === begun.order && sinceBeginning(request.moment) >= begun.at && request.call === (begun.step === 'send' ? 'confirmShipment' : 'getOrder'));
  return arrived === undefined ? begun.at : sinceBeginning(arrived.moment);
}

/** Nothing that was decided on after a Retry-After was heard leaves before its end. */
function undercut(world: World): Finding[] {
  const { departures, decisions } = world.watch;
  return departures.flatMap((asked) => {
    const { heard } = asked;
    if (heard?.status !== 429 || heard.retryAfter === null || asked.call === 'token') return [];
    // Who dies with the answer in hand cannot tell its successor of it.
    if (world.workers.all.some((worker) => worker.name === asked.worker && worker.diedAt() < heard.at + second)) return [];
    // A restored backup knows nothing of it.
    const forgotten = world.shelf.restores.find((restore) => restore.at > heard.at)?.at ?? Infinity;
    const until = Math.min(heard.at + heard.retryAfter, forgotten);
    return decisions
      .filter((decision) => decision.at > heard.at && decision.at < until - 1_000 && decision.market === asked.market && budgetOf(decision.market, decision.call) === budgetOf(asked.market, asked.call))
      .map((decision) => ({ promise: 'limits', what: `${momentText(decision.at)} ${decision.call} at ${decision.market} was begun although ${momentText(heard.at)} said to wait until ${momentText(until)}` }));
  });
}
