import type { Rule } from '../../src/marketplaces/simulator/faults.ts';
import { minute, second } from '../../src/runtime/clock.ts';
import type { Chance } from './chance.ts';
import { markets, ports } from './plan.ts';
import type { Event, Market } from './plan.ts';

const calls: Readonly<Record<Market, readonly string[]>> = {
  amazon: ['confirmShipment', 'confirmShipment', 'getOrder', 'searchOrders', '*'],
  ebay: ['createShippingFulfillment', 'createShippingFulfillment', 'getShippingFulfillments', 'getOrders', 'getOrder', '*'],
};

/** What goes wrong at the marketplaces and on the way there. */
export function faults(chance: Chance, until: number): Event[] {
  return Array.from({ length: chance.between(0, 14) }, (): Event => {
    const market = chance.pick(markets);
    const at = chance.between(0, until);
    const rule: Rule = { call: chance.pick(calls[market]), fault: misbehaviour(chance) };
    if (chance.happens(0.5)) return { at, do: 'fault', market, rule: { ...rule, times: chance.between(1, 4) } };
    return { at, do: 'fault', market, rule: { ...rule, probability: chance.pick([0.1, 0.3, 1]) }, lasts: chance.between(1, 40) * minute };
  });
}

function misbehaviour(chance: Chance): Rule['fault'] {
  switch (chance.pick(['429', '500', 'html-503', 'cut-before', 'cut-after', 'late-effect', 'slow', 'hang', 'garbage', 'half-body', 'token-expired'] as const)) {
    case '429':
      return { kind: '429', ...(chance.happens(0.6) ? { retryAfterS: chance.pick([5, 60, 600]) } : {}) };
    case '500':
      return { kind: '500', effect: chance.happens(0.5) };
    case 'html-503':
      return { kind: 'html-503', effect: chance.happens(0.5) };
    case 'cut-before':
      return { kind: 'cut-before' };
    case 'cut-after':
      return { kind: 'cut-after' };
    case 'late-effect':
      // Later than any settling time would be beyond what is promised.
      return { kind: 'late-effect', ms: chance.between(1, 50) * second };
    case 'slow':
      return { kind: 'slow', ms: chance.between(1, 50) * second };
    case 'hang':
      return { kind: 'hang', effect: chance.happens(0.5) };
    case 'garbage':
      return { kind: 'garbage' };
    case 'half-body':
      return { kind: 'half-body' };
    case 'token-expired':
      return { kind: 'token-expired' };
  }
}

/** Processes that die at a call of a port, are stopped, or are cut off. */
export function crashes(chance: Chance, until: number, workers: number): Event[] {
  return Array.from({ length: chance.pick([0, 0, 1, 2, 4, 8]) }, (): Event => {
    const at = chance.between(0, until);
    const worker = chance.between(0, workers - 1);
    const back = chance.pick([second, 20 * second, 2 * minute, 15 * minute]);
    const what = chance.pick(['crash', 'crash', 'crash', 'stop', 'cut'] as const);
    if (what !== 'crash') return { at, do: what, worker, back };
    return { at, do: 'crash', worker, port: chance.pick(ports), when: chance.pick(['before', 'after'] as const), after: chance.between(0, 3), back };
  });
}
