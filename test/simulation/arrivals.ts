import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Chance } from './chance.ts';
import { accountIds, marketOf } from './plan.ts';
import type { AccountId, Event, PlannedParcel } from './plan.ts';

/** What a shop's day brings: orders at three accounts, packed and applied some time later, one by one or in a heap. */
export function arrivals(chance: Chance, until: number): Event[] {
  const events: Event[] = [];
  const count = chance.between(3, 22);
  for (let n = 1; n <= count; n += 1) events.push(...oneOrder(chance, n, until));
  if (chance.happens(0.25)) events.push(...heap(chance, count, until));
  for (let n = chance.pick([0, 0, 1, 2]); n > 0; n -= 1) events.push({ at: chance.between(0, until), do: 'rerun', account: chance.pick(accountIds) });
  if (chance.happens(0.15)) {
    const account = chance.pick(accountIds);
    const at = chance.between(0, until);
    events.push({ at, do: 'pause', account }, { at: at + chance.between(1, 60) * minute, do: 'resume', account });
  }
  return events;
}

function oneOrder(chance: Chance, n: number, until: number): Event[] {
  const account = chance.pick(accountIds);
  const order = numberOf(account, n);
  const soldAt = chance.between(0, Math.floor(until * 0.7));
  const lines = chance.pick([[1], [1], [2], [1, 2], [3, 1]]);
  const pending = chance.happens(0.06);
  const events: Event[] = [{ at: soldAt, do: 'sell', account, order, lines, shipBy: soldAt + chance.between(1, 40) * hour, payment: pending ? 'pending' : 'paid' }];
  if (pending) events.push({ at: soldAt + chance.between(5 * minute, 3 * hour), do: 'pay', order });
  // Some are packed before their order was ever read.
  let at = soldAt + (chance.happens(0.2) ? chance.between(second, 2 * minute) : chance.between(5 * minute, 2 * hour));
  const byHand = chance.happens(0.3);
  const parcels = lines.length > 1 && chance.happens(0.6) ? lines.map((_, line) => lines.map((quantity, i) => (i === line ? quantity : 0))) : [undefined];
  for (const [i, units] of parcels.entries()) {
    const ref = `R${n}.${i + 1}`;
    events.push({ at, do: 'apply', order, ref, byHand, parcel: parcelOf(chance, account, `SIM${n}P${i + 1}`, units) });
    events.push(...afterwards(chance, ref, at));
    at += chance.happens(0.5) ? 1 : chance.between(second, 20 * minute);
  }
  return [...events, ...atMarket(chance, order, soldAt, until)];
}

/** What the merchant does about an application once it was made. */
function afterwards(chance: Chance, ref: string, at: number): Event[] {
  const events: Event[] = [];
  if (chance.happens(0.5)) events.push({ at: at + chance.between(5 * minute, 3 * hour), do: 'give-tracking', ref, tracking: `LATE${ref.replace('.', 'P')}` });
  if (chance.happens(0.12)) events.push({ at: at + chance.between(5, 300) * second, do: 'undo', ref });
  if (chance.happens(0.12)) events.push({ at: at + chance.between(1, 120) * minute, do: 'apply-again', ref, sameKey: chance.happens(0.5) });
  if (chance.happens(0.06)) events.push({ at: at + chance.between(1, 90 * 60) * second, do: 'say', verb: chance.pick(['cancel', 'resolve', 'resend', 'resend'] as const), ref });
  return events;
}

/** What happens to an order in the marketplace's own pages. */
function atMarket(chance: Chance, order: string, soldAt: number, until: number): Event[] {
  const at = chance.between(soldAt, until);
  if (chance.happens(0.08)) return [{ at, do: 'ship-by-hand', order, ref: chance.happens(0.5) ? `R${Number(order.slice(-5))}.1` : null }];
  if (chance.happens(0.05)) return [{ at, do: 'ask-to-cancel', order }];
  if (chance.happens(0.05)) return [{ at, do: 'cancel', order }];
  if (chance.happens(0.04)) return [{ at, do: 'give-up', order }];
  return [];
}

/** Many orders of one account, whose deadlines have nothing to do with the order in which they are applied. */
function heap(chance: Chance, after: number, until: number): Event[] {
  const account = chance.pick(accountIds);
  const soldAt = chance.between(0, Math.floor(until / 4));
  const appliedAt = soldAt + chance.between(15, 60) * minute;
  return Array.from({ length: chance.between(12, 60) }, (_, i): Event[] => {
    const order = numberOf(account, after + i + 1);
    const sale = { at: soldAt + i, do: 'sell', account, order, lines: [1], shipBy: appliedAt + chance.between(2, 60) * hour, payment: 'paid' } as const;
    return [sale, { at: appliedAt, do: 'apply', order, ref: `H${i + 1}`, byHand: false, parcel: { carrier: 'GLS', tracking: `HEAP${i + 1}` } }];
  }).flat();
}

function parcelOf(chance: Chance, account: AccountId, tracking: string, units: readonly number[] | undefined): PlannedParcel {
  const carrier = chance.happens(0.06) ? 'Transports Martin' : chance.happens(0.05) ? 'Colissimo' : chance.pick(['Chronopost', 'GLS', 'UPS']);
  const untracked = marketOf(account) === 'ebay' && chance.happens(0.15);
  const unknown = !untracked && chance.happens(0.12);
  return { carrier, tracking: untracked || unknown ? null : tracking, ...(untracked ? { untracked } : {}), ...(units === undefined ? {} : { units }) };
}

/** Numbers in the form that each marketplace gives them. */
function numberOf(account: AccountId, n: number): string {
  const digits = String(n).padStart(7, '0');
  return marketOf(account) === 'ebay' ? `12-${digits.slice(-5)}-${digits.slice(-5)}` : `171-${digits}-${digits}`;
}
