import { lookingCall } from '../calls.ts';
import { momentText } from '../trace.ts';
import type { Departure } from '../watch.ts';
import type { Finding, World } from '../world.ts';

/**
 * What could be done a second time (eBay: each telling makes a parcel) is told again only where the first was surely not
 * done: a refusal was heard, or two looks, a settling time apart, found nothing.
 */
export function checkSettled(world: World): readonly Finding[] {
  const settle = world.plan.patience.settleS * 1_000;
  const found: Finding[] = [];
  // Of an order with several parcels no request says by its address which one it tells of.
  const single = (order: string): boolean => [...world.merchant.acknowledged.values()].filter((one) => one.order === order).length === 1;
  const told = world.watch.departures.filter((one) => one.market === 'ebay' && one.tells && one.order !== null && single(one.order));
  for (const [order, all] of Map.groupBy(told, (one) => one.order ?? '')) {
    for (const [i, second] of all.entries()) {
      const first = all[i - 1];
      if (first === undefined || isRefusal(first)) continue;
      const looks = world.watch.departures.filter((one) => one.call === lookingCall.ebay && one.order === order && one.at >= first.at && one.at <= second.at && one.heard?.status === 200);
      const [earliest] = looks;
      // After a restore one look is enough: its first sending lies further back than any settling time.
      if (looks.length > 0 && world.shelf.restores.some((restore) => restore.at > first.at && restore.at < second.at)) continue;
      const apart = earliest !== undefined && earliest.at - first.at >= settle && looks.some((look) => look.at - earliest.at >= settle);
      if (!apart) found.push({ promise: 'settling', what: `${order} was told at ${momentText(first.at)} and, with ${looks.length} looks in between, again at ${momentText(second.at)}` });
    }
  }
  return found;
}

/** A no that was heard: nothing was done. */
function isRefusal({ heard }: Departure): boolean {
  return heard !== null && heard.status >= 400 && heard.status < 500 && heard.status !== 409;
}
