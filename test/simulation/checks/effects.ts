import type { Package } from '../../../src/marketplaces/simulator/ledger.ts';
import type { Acknowledged } from '../merchant.ts';
import { markets } from '../plan.ts';
import type { Market } from '../plan.ts';
import { sinceBeginning } from '../troubles.ts';
import type { Finding, World } from '../world.ts';

/** What was acknowledged, compared with what came about: nothing lost, nothing twice, nothing else than what was meant. */
export function checkEffects(world: World): readonly Finding[] {
  return [...[...world.merchant.acknowledged.values()].flatMap((one) => (one.undoneAt === null ? lost(world, one) : toldAll(world, one))), ...markets.flatMap((market) => twice(world, market))];
}

/** Is the parcel there, as it was meant? Where the order was cancelled, or shipped by hand, nothing need be. */
function lost(world: World, one: Acknowledged): Finding[] {
  const { ref, parcel } = one.application;
  const packages = packagesOf(world, one);
  const order = world.markets[one.market].world.order(one.order);
  if (one.givenUp || order === null || order.cancellation === 'cancelled' || packages.some(({ by }) => by === 'hand')) return [];
  const wanted = unitsWanted(one);
  // Parcels without a number are told apart by what they carry.
  const fits = (there: Package): boolean => there.tracking === one.tracking || (there.tracking === null && one.trackingCameLate);
  const there = packages.filter(fits);
  const found = there.find((candidate) => wanted === null || unitsOf(candidate) === wanted) ?? there.find(({ tracking }) => tracking !== null);
  if (found === undefined) return [{ promise: 'lost', what: `${ref}: ${one.market} has no parcel ${one.tracking ?? 'without a number'} of ${one.order}` }];
  return wanted === null || wanted === unitsOf(found) ? [] : [{ promise: 'wrong', what: `${ref}: ${unitsOf(found)} units of ${one.order} were told instead of ${wanted} (${parcel.carrier})` }];
}

/** What was undone before anything of it had left never leaves. */
function toldAll(world: World, one: Acknowledged): Finding[] {
  const told = one.tracking !== null && packagesOf(world, one).some(({ tracking, by }) => tracking === one.tracking && by === 'api');
  return told ? [{ promise: 'undone', what: `${one.application.ref} was undone, and told to ${one.market} all the same` }] : [];
}

function twice(world: World, market: Market): Finding[] {
  const made = world.markets[market].ledger.effects().filter((effect) => effect.kind === 'created' && effect.by === 'api');
  const found: Finding[] = [];
  for (const [key, same] of Map.groupBy(made.filter((effect) => effect.tracking !== null), ({ order, tracking }) => `${order} ${tracking ?? ''}`)) {
    if (same.length > 1) found.push({ promise: 'twice', what: `${market} got ${key} ${same.length} times` });
  }
  for (const [order, all] of Map.groupBy(made, (effect) => effect.order)) {
    const applied = [...world.merchant.acknowledged.values()].filter((one) => one.order === order).length;
    if (all.length > applied) found.push({ promise: 'twice', what: `${market} got ${all.length} parcels of ${order}, of which ${applied} were applied` });
  }
  return [...found, ...despiteTheHand(world, market)];
}

/** What the merchant told by hand, and was shown long enough to have been read, is not told again. */
function despiteTheHand(world: World, market: Market): Finding[] {
  const effects = world.markets[market].ledger.effects();
  const { sweepS } = world.plan.patience;
  return effects.flatMap((hand) => {
    if (hand.by !== 'hand') return [];
    const by = hand.moment + (2 * sweepS + 300) * 1_000;
    const calm = !strikes(world, market, sinceBeginning(hand.moment), Infinity).some(() => true);
    const again = effects.find((effect) => effect.by === 'api' && effect.order === hand.order && effect.kind === 'created' && effect.moment > by);
    return again !== undefined && calm ? [{ promise: 'twice', what: `${hand.order} had been shipped by hand, and was told to ${market} once more` }] : [];
  });
}

/** Moments at which something stood in the way at a marketplace, between two moments. */
export function strikes(world: World, market: Market, from: number, to: number): readonly number[] {
  const struck = world.markets[market].ledger.requests().flatMap((request) => (request.fault === null ? [] : [sinceBeginning(request.moment)]));
  const beside = world.disturbed.filter((span) => span.market === market && span.from <= to && span.to >= from).map((span) => Math.min(span.to, to));
  return [...struck, ...beside].filter((moment) => moment >= from && moment <= to).toSorted((a, b) => a - b);
}

function packagesOf(world: World, one: Acknowledged): readonly Package[] {
  return world.markets[one.market].ledger.packages().filter((parcel) => parcel.order === one.order);
}

function unitsWanted({ application }: Acknowledged): number | null {
  return application.parcel.units?.reduce((sum, n) => sum + n, 0) ?? null;
}

function unitsOf({ lines }: Package): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}
