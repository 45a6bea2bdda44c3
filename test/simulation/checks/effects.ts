import type { Effect, Package } from '../../../src/marketplaces/simulator/ledger.ts';
import type { Acknowledged } from '../merchant.ts';
import { markets } from '../plan.ts';
import type { Market } from '../plan.ts';
import type { Finding, World } from '../world.ts';

/** What was acknowledged, compared with what came about: nothing lost, nothing twice, nothing else than what was meant. */
export function checkEffects(world: World): readonly Finding[] {
  return [...world.merchant.acknowledged.flatMap((one) => lost(world, one)), ...markets.flatMap((market) => twice(world, market))];
}

function lost(world: World, one: Acknowledged): Finding[] {
  const order = world.markets[one.market].world.order(one.order);
  if (order === null || order.cancellation === 'cancelled') return [];
  const there = world.markets[one.market].ledger.packages().filter((parcel) => parcel.order === one.order && parcel.tracking === one.parcel.tracking);
  // Parcels without a number are told apart by what they carry.
  const wanted = one.parcel.units === undefined ? null : one.parcel.units.reduce((sum, n) => sum + n, 0);
  const first = there.find((parcel) => wanted === null || unitsOf(parcel) === wanted) ?? (one.parcel.tracking === null ? undefined : there[0]);
  if (first === undefined) return [{ promise: 'lost', what: `${one.ref}: ${one.market} has no parcel ${one.parcel.tracking ?? 'without a number'} of ${one.order}` }];
  const told = unitsOf(first);
  return wanted === null || wanted === told ? [] : [{ promise: 'wrong', what: `${one.ref}: ${told} units of ${one.order} were told instead of ${wanted}` }];
}

function unitsOf({ lines }: Package): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

function twice(world: World, market: Market): Finding[] {
  const made = world.markets[market].ledger.effects().filter((effect) => effect.kind === 'created' && effect.by === 'api');
  const found: Finding[] = [];
  for (const [key, same] of Map.groupBy(made.filter((effect) => effect.tracking !== null), keyOf)) {
    if (same.length > 1) found.push({ promise: 'twice', what: `${market} got ${key} ${same.length} times` });
  }
  for (const [order, all] of Map.groupBy(made, (effect) => effect.order)) {
    const applied = new Set(world.merchant.acknowledged.filter((one) => one.order === order).map((one) => one.parcel.tracking ?? one.ref)).size;
    if (all.length > applied) found.push({ promise: 'twice', what: `${market} got ${all.length} parcels of ${order}, of which ${applied} were applied` });
  }
  return found;
}

function keyOf({ order, tracking }: Effect): string {
  return `${order} ${tracking ?? ''}`;
}
