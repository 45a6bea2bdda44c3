import { minute, second } from '../../../src/runtime/clock.ts';
import type { Acknowledged } from '../merchant.ts';
import { momentText } from '../trace.ts';
import { sinceBeginning } from '../troubles.ts';
import type { Finding, World } from '../world.ts';
import { strikes } from './effects.ts';

/** Nothing is late that could have been in time, and the earliest deadline goes first. */
export function checkTime(world: World): readonly Finding[] {
  const clean = [...world.merchant.acknowledged.values()].filter((one) => one.undoneAt === null);
  return [...clean.flatMap((one) => tooLong(world, one)), ...outOfOrder(world, clean)];
}

/**
 * How long a telling may wait once it could go and nothing stands in its way any more: until the orders were read, what
 * was begun was settled and a refused account was probed, and the backoff of as many failures as there were.
 */
function allowance(world: World, failures: number): number {
  const { sweepS, settleS } = world.plan.patience;
  return (2 * sweepS + 4 * settleS) * second + 6 * minute + Math.min(60 * minute, failures === 0 ? 0 : 30 * second * 2 ** (failures - 1));
}

function tooLong(world: World, one: Acknowledged): Finding[] {
  const told = world.markets[one.market].ledger.effects().find((effect) => effect.order === one.order && effect.tracking === one.tracking && effect.tracking !== null);
  if (told === undefined) return [];
  const at = sinceBeginning(told.moment);
  const grace = one.application.byHand ? 60 * second : 0;
  const could = Math.max(one.at + grace, world.merchant.changed.get(one.order) ?? 0, one.tracking === null || needsMapping(one) ? Infinity : 0);
  if (!Number.isFinite(could)) return [];
  const struck = strikes(world, one.market, could, at);
  const free = Math.max(could, struck.at(-1) ?? 0);
  const waited = at - free;
  const mostly = Math.max(allowance(world, struck.length), closedFor(world, one, free));
  if (waited <= mostly) return [];
  return [{ promise: 'late', what: `${one.application.ref} could go at ${momentText(could)}, nothing stood in its way after ${momentText(free)}, and it was told at ${momentText(at)}` }];
}

/** Without a Retry-After a call that was turned away again and again is left alone for up to an hour: the reads that a telling waits for, too. */
function closedFor(world: World, { market }: Acknowledged, from: number): number {
  const turnedAway = world.markets[market].ledger.requests().filter((request) => request.throttled && request.fault !== null).map((request) => sinceBeginning(request.moment));
  const last = Math.max(...turnedAway.filter((moment) => moment <= from), -Infinity);
  return Number.isFinite(last) ? last + 65 * minute - from : 0;
}

/** Carriers that the merchant had to map first. */
function needsMapping({ application }: Acknowledged): boolean {
  return ['Transports Martin', 'Colissimo'].includes(application.parcel.carrier);
}

/** Of two that could go, and of which nothing had been tried, the one with the earlier deadline goes first. */
function outOfOrder(world: World, clean: readonly Acknowledged[]): Finding[] {
  const once = clean.filter((one) => one.answer.syncs[0]?.status === 'ready' && !world.merchant.changed.has(one.order) && clean.filter((other) => other.order === one.order).length === 1 && !needsMapping(one));
  const firstTold = new Map<string, number>();
  for (const begun of world.watch.begun) if (!firstTold.has(begun.order)) firstTold.set(begun.order, begun.at);
  const found: Finding[] = [];
  for (const urgent of once) {
    for (const other of once) {
      if (urgent.account !== other.account || urgent.sale.shipBy >= other.sale.shipBy) continue;
      const first = firstTold.get(urgent.order) ?? Infinity;
      const second = firstTold.get(other.order) ?? Infinity;
      if (urgent.at < second - 1 && second < first && !strikes(world, urgent.market, urgent.at, first).some(() => true)) {
        found.push({ promise: 'order', what: `${other.order} was told at ${momentText(second)}, before ${urgent.order}, whose deadline is earlier and which could go since ${momentText(urgent.at)}` });
      }
    }
  }
  return found;
}
