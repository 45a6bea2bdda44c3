import type { Rule } from '../../src/marketplaces/simulator/faults.ts';
import { minute, second } from '../../src/runtime/clock.ts';
import type { Chance } from './chance.ts';
import { markets } from './plan.ts';
import type { Event, Market, Plan } from './plan.ts';

const calls: Readonly<Record<Market, readonly string[]>> = {
  amazon: ['confirmShipment', 'confirmShipment', 'confirmShipment', 'getOrder', 'searchOrders', 'token', '*'],
  ebay: ['createShippingFulfillment', 'createShippingFulfillment', 'createShippingFulfillment', 'getShippingFulfillments', 'getOrders', 'getOrder', 'token', '*'],
};

/** What goes wrong at the marketplaces and on the way there. */
export function faults(chance: Chance, until: number, patience: Plan['patience']): Event[] {
  const events = Array.from({ length: chance.pick([0, 1, 3, 6, 12]) }, () => oneFault(chance, until, patience));
  for (let n = chance.pick([0, 0, 0, 1, 2]); n > 0; n -= 1) events.push({ at: chance.between(0, until), do: 'unreachable', market: chance.pick(markets), lasts: chance.pick([20 * second, 3 * minute, 40 * minute]) });
  if (chance.happens(0.1)) events.push({ at: chance.between(0, until), do: 'revoke', market: chance.pick(markets), lasts: chance.between(1, 60) * minute });
  return events;
}

function oneFault(chance: Chance, until: number, patience: Plan['patience']): Event {
  const market = chance.pick(markets);
  const at = chance.between(0, until);
  const rule: Rule = { call: chance.pick(calls[market]), fault: misbehaviour(chance, patience) };
  if (chance.happens(0.5)) return { at, do: 'fault', market, rule: { ...rule, times: chance.between(1, 4) } };
  return { at, do: 'fault', market, rule: { ...rule, probability: chance.pick([0.1, 0.3, 1]) }, lasts: chance.between(1, 40) * minute };
}

const kinds = ['429', '429', '500', 'html-503', 'cut-before', 'cut-after', 'cut-after', 'late-effect', 'late-effect', 'silent-204', 'slow', 'hang', 'garbage', 'half-body', 'token-expired', 'role-missing'] as const;

function misbehaviour(chance: Chance, { timeoutS, settleS }: Plan['patience']): Rule['fault'] {
  const kind = chance.pick(kinds);
  switch (kind) {
    case '429':
      return { kind, ...(chance.happens(0.6) ? { retryAfterS: chance.pick([5, 60, 600]) } : {}) };
    case '500':
    case 'html-503':
    case 'hang':
      return { kind, effect: chance.happens(0.5) };
    case 'late-effect':
      // Later than the settling time would be beyond what is promised; the way there takes up to six seconds.
      return { kind, ms: chance.between(1, settleS - 10) * second, answered: chance.happens(0.2) };
    case 'slow':
      return { kind, ms: chance.between(1, 2 * timeoutS) * second };
    case 'cut-before':
    case 'cut-after':
    case 'silent-204':
    case 'garbage':
    case 'half-body':
    case 'token-expired':
    case 'role-missing':
      return { kind };
  }
}
