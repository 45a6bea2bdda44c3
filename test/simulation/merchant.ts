import { applyStates } from '../../src/store/intake.ts';
import { perform } from '../../src/store/verbs.ts';
import type { ParcelWish } from '../../src/orders/parcel-wish.ts';
import { sites } from './accounts.ts';
import { accountIds, marketOf } from './plan.ts';
import type { AccountId, Event, Market, PlannedParcel, Trade } from './plan.ts';
import { beginning } from './time.ts';
import type { World } from './world.ts';

/** An application that was acknowledged: from then on it must come to its marketplace. */
export interface Acknowledged {
  readonly ref: string;
  readonly account: AccountId;
  readonly market: Market;
  readonly order: string;
  readonly at: number;
  readonly byHand: boolean;
  readonly parcel: PlannedParcel;
  readonly applied: number;
  readonly shipBy: number;
}

interface Sold {
  readonly account: AccountId;
  readonly shipBy: number;
  readonly lineIds: readonly string[];
}

/** The shop's people and its buyers: they sell, pack and apply, and keep a list of their own of what was acknowledged to them. */
export class Merchant {
  readonly acknowledged: Acknowledged[] = [];
  readonly sold = new Map<string, Sold>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async do(event: Event & Trade): Promise<void> {
    switch (event.do) {
      case 'sell':
        return this.#sell(event);
      case 'apply':
        return this.#apply(event);
    }
  }

  #sell({ account, order, lines, shipBy, payment }: Extract<Trade, { do: 'sell' }>): void {
    const lineIds = lines.map((_, i) => `${order.replace(/\D/g, '').slice(-12)}${i + 1}`);
    this.sold.set(order, { account, shipBy, lineIds });
    this.#world.markets[marketOf(account)].world.add({ id: order, site: sites[account], payment, shipBy: beginning + shipBy, lines: lines.map((quantity, i) => ({ lineId: lineIds[i] ?? '', sku: `SKU-${i + 1}`, quantity })) });
    this.#world.tell('buyer', `orders ${order} at ${account}`);
  }

  async #apply({ account, order, ref, parcel, byHand }: Extract<Trade, { do: 'apply' }>): Promise<void> {
    const world = this.#world;
    const sold = this.sold.get(order);
    if (sold === undefined) return;
    const wish: ParcelWish = {
      carrier: parcel.carrier,
      ...(parcel.tracking === null ? {} : { trackingNumber: parcel.tracking }),
      ...(parcel.untracked === true ? { untracked: true } : {}),
      ...(parcel.units === undefined ? {} : { lines: parcel.units.flatMap((quantity, i) => (quantity > 0 ? [{ lineId: sold.lineIds[i] ?? '', quantity }] : [])) }),
    };
    const state = parcel.units === undefined ? 'EXPEDIEE' : 'EXPEDIEE_PART';
    const [answer] = await applyStates(world.context, [{ account, order, state, sourceRef: ref, parcels: [wish] }], { source: 'api/simulated', author: 'Ana', byHand }, world.ours().now());
    world.tell('merchant', `applies ${ref} to ${order}: ${JSON.stringify(answer)}`);
    if (answer !== undefined && 'id' in answer) this.acknowledged.push({ ref, account, market: marketOf(account), order, at: world.time.elapsed(), byHand, parcel, applied: answer.id, shipBy: sold.shipBy });
    world.ring([account]);
  }

  /** What was still missing comes: payments. */
  async settleAll(): Promise<void> {
    for (const [order, { account }] of this.sold) if (this.#world.markets[marketOf(account)].world.order(order)?.payment === 'pending') this.#world.markets[marketOf(account)].world.pay(order);
    this.#world.ring();
    return Promise.resolve();
  }

  /** What failed, or is in doubt, is put back to work by hand, account by account. */
  async rerunFailed(): Promise<void> {
    const { context } = this.#world;
    for (const account of accountIds) {
      const { done } = await perform(context, { verb: 'rerun', filter: { account }, author: 'Ana', reason: 'the simulation is over' }, this.#world.ours().now());
      if (done.length > 0) this.#world.tell('merchant', `reruns ${done.map((sync) => `#${sync}`).join(' ')}`);
    }
    this.#world.ring();
  }
}
