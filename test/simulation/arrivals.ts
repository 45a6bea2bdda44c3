import { hour, minute } from '../../src/runtime/clock.ts';
import type { Chance } from './chance.ts';
import { accountIds, marketOf } from './plan.ts';
import type { AccountId, Event, PlannedParcel } from './plan.ts';

/** What a shop's day brings: orders at three accounts, packed and applied some time later, one by one or in heaps. */
export function arrivals(chance: Chance, until: number): Event[] {
  const events: Event[] = [];
  const count = chance.between(4, 30);
  for (let n = 1; n <= count; n += 1) events.push(...oneOrder(chance, n, until));
  return events;
}

function oneOrder(chance: Chance, n: number, until: number): Event[] {
  const account = chance.pick(accountIds);
  const order = numberOf(account, n);
  const soldAt = chance.between(0, Math.floor(until * 0.7));
  const lines = chance.pick([[1], [1], [2], [1, 2], [3, 1]]);
  const events: Event[] = [{ at: soldAt, do: 'sell', account, order, lines, shipBy: soldAt + chance.between(1, 40) * hour, payment: 'paid' }];
  // Some are packed before their order was ever read.
  let at = soldAt + (chance.happens(0.2) ? chance.between(1_000, 2 * minute) : chance.between(5 * minute, 2 * hour));
  const byHand = chance.happens(0.3);
  const parcels = lines.length > 1 && chance.happens(0.6) ? lines.map((_, line) => lines.map((quantity, i) => (i === line ? quantity : 0))) : [undefined];
  for (const [i, units] of parcels.entries()) {
    events.push({ at, do: 'apply', account, order, ref: `R${n}.${i + 1}`, parcel: parcelOf(chance, account, `SIM${n}P${i + 1}`, units), byHand });
    at += chance.happens(0.5) ? 1 : chance.between(1_000, 20 * minute);
  }
  return events;
}

function parcelOf(chance: Chance, account: AccountId, tracking: string, units: readonly number[] | undefined): PlannedParcel {
  const untracked = marketOf(account) === 'ebay' && chance.happens(0.15);
  return { carrier: chance.pick(['Chronopost', 'GLS', 'UPS']), tracking: untracked ? null : tracking, ...(untracked ? { untracked } : {}), ...(units === undefined ? {} : { units }) };
}

/** Numbers in the form that each marketplace gives them. */
function numberOf(account: AccountId, n: number): string {
  const digits = String(n).padStart(7, '0');
  return marketOf(account) === 'ebay' ? `12-${digits.slice(-5)}-${digits.slice(-5)}` : `171-${digits}-${digits}`;
}
