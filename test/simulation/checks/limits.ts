import { budgetOf } from '../calls.ts';
import { markets } from '../plan.ts';
import { sinceBeginning } from '../troubles.ts';
import { momentText } from '../trace.ts';
import type { Finding, World } from '../world.ts';

/** Budgets were kept: no 429 that we brought about ourselves, and no Retry-After undercut. */
export function checkLimits(world: World): readonly Finding[] {
  return [...overTheLimit(world), ...undercut(world)];
}

function overTheLimit(world: World): Finding[] {
  return markets.flatMap((market) =>
    world.markets[market].ledger
      .requests()
      .filter((request) => request.throttled && request.fault === null)
      .map((request) => ({ promise: 'limits', what: `${momentText(sinceBeginning(request.moment))} ${market} turned ${request.call} away: too many of them` })),
  );
}

/** Nothing that was decided on after a Retry-After was heard leaves before its end. */
function undercut(world: World): Finding[] {
  const { departures, decisions } = world.watch;
  return departures.flatMap((asked) => {
    const { heard } = asked;
    if (heard?.status !== 429 || heard.retryAfter === null || asked.call === 'token') return [];
    const until = heard.at + heard.retryAfter;
    return decisions
      .filter((decision) => decision.at > heard.at && decision.at < until - 1_000 && decision.market === asked.market && budgetOf(decision.market, decision.call) === budgetOf(asked.market, asked.call))
      .map((decision) => ({ promise: 'limits', what: `${momentText(decision.at)} ${decision.call} at ${decision.market} was begun although ${momentText(heard.at)} said to wait until ${momentText(until)}` }));
  });
}
