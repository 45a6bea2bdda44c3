import { pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { mapCarrier } from '../../src/store/carriers.ts';
import { applyStates } from '../../src/store/intake.ts';
import type { Applied } from '../../src/store/intake.ts';
import type { ParcelWish } from '../../src/orders/parcel-wish.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { perform } from '../../src/store/verbs.ts';
import type { SyncFilter } from '../../src/syncing/rerun.ts';
import { sites } from './accounts.ts';
import { accountIds, marketOf } from './plan.ts';
import type { AccountId, Application, ByHand, Event, Market, Sale, Trade } from './plan.ts';
import { beginning } from './time.ts';
import type { World } from './world.ts';

/** An application that was acknowledged: from then on it must come to its marketplace. */
export interface Acknowledged {
  readonly application: Application;
  readonly account: AccountId;
  readonly market: Market;
  readonly order: string;
  readonly sale: Sale;
  /** When it was acknowledged, and what was answered. */
  at: number;
  answer: Applied;
  /** All syncs that any of the answers named. */
  readonly syncs: Set<number>;
  /** The number that it is to be told with; null: none. */
  tracking: string | null;
  /** It may have been told without its number, which came later. */
  trackingCameLate: boolean;
  /** Nothing of it had left when it was undone: it must never be told. */
  undoneAt: number | null;
  /** The order was given up, or its sync stopped or closed by hand: it need not be told. */
  givenUp: boolean;
}

/** The shop's people and its buyers: they sell, pack and apply, and keep a list of their own of what was acknowledged to them. */
export class Merchant {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly sold = new Map<string, Sale>();
  /** When something about an order changed that may hold up what is told of it. */
  readonly changed = new Map<string, number>();
  /** What was refused when it was repeated after a restore: by a clock that was days behind. */
  readonly #refused: { readonly known: Acknowledged; readonly key: string }[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async do(event: Event & Trade): Promise<void> {
    const world = this.#world;
    switch (event.do) {
      case 'sell':
        return this.#sell(event);
      case 'pay':
      case 'ask-to-cancel':
      case 'cancel':
      case 'ship-by-hand':
        return this.#atMarket(event);
      case 'apply':
        return void (await this.#apply(event));
      case 'apply-again':
        return this.#applyAgain(event.ref, event.sameKey);
      case 'give-tracking':
        return this.#giveTracking(event.ref, event.tracking);
      case 'undo':
        return this.#undo(event.ref);
      case 'give-up':
        return this.#giveUp(event.order);
      case 'map-carrier':
        await mapCarrier(world.context, { account: event.account, carrier: event.carrier, code: event.code, otherName: null }, 'Ana', world.ours().now());
        world.tell('merchant', `maps ${event.carrier} to ${event.code} at ${event.account}`);
        return world.ring([event.account]);
      case 'rerun':
        return this.rerun({ account: event.account });
      case 'pause':
        await pauseAccount(world.context, event.account, 'Ana', 'simulated', world.ours().now());
        world.tell('merchant', `pauses ${event.account}`);
        return world.pauses(event.account, true);
      case 'resume':
        return this.resume(event.account);
      case 'say':
        return this.#say(event.verb, event.ref);
    }
  }

  async resume(account: AccountId): Promise<void> {
    const world = this.#world;
    await resumeAccount(world.context, account, 'Ana', 'simulated', world.ours().now());
    world.tell('merchant', `resumes ${account}`);
    world.pauses(account, false);
    world.ring([account]);
  }

  #sell(sale: Sale): void {
    const { account, order, lines, shipBy, payment } = sale;
    if (this.sold.has(order)) return;
    this.sold.set(order, sale);
    this.#world.markets[marketOf(account)].world.add({ id: order, site: sites[account], payment, shipBy: beginning + shipBy, lines: lines.map((quantity, i) => ({ lineId: lineId(order, i), sku: `SKU-${i + 1}`, quantity })) });
    this.#world.tell('buyer', `orders ${order} at ${account}`);
  }

  #atMarket(event: ByHand | Extract<Trade, { do: 'pay' | 'ask-to-cancel' | 'cancel' }>): void {
    const { order } = event;
    const sale = this.sold.get(order);
    if (sale === undefined) return;
    const there = this.#world.markets[marketOf(sale.account)].world;
    const standing = there.order(order);
    if (standing === null) return;
    if (event.do === 'pay') there.pay(order);
    else if (event.do === 'ask-to-cancel') there.requestCancel(order);
    // A marketplace cancels nothing that was shipped, and lets nobody ship twice.
    else if (standing.parcels.length > 0 || standing.cancellation === 'cancelled') return;
    else if (event.do === 'cancel') there.cancel(order);
    else if (event.do === 'ship-by-hand') there.shipByHand(order, { carrier: 'Other', tracking: event.ref === null ? undefined : (this.acknowledged.get(event.ref)?.tracking ?? undefined) });
    this.changed.set(order, this.#world.time.elapsed());
    this.#world.tell(event.do === 'ship-by-hand' ? 'merchant' : 'buyer', `${event.do} ${order}`);
  }

  /** False where it was refused. */
  async #apply(application: Application, tracking = application.parcel.tracking, key = application.ref): Promise<boolean> {
    const world = this.#world;
    const { order, ref, parcel, byHand } = application;
    const sale = this.sold.get(order);
    if (sale === undefined) return false;
    const { account } = sale;
    const wish: ParcelWish = {
      carrier: parcel.carrier,
      ...(tracking === null ? {} : { trackingNumber: tracking }),
      ...(parcel.untracked === true ? { untracked: true } : {}),
      ...(parcel.units === undefined ? {} : { lines: parcel.units.flatMap((quantity, i) => (quantity > 0 ? [{ lineId: lineId(order, i), quantity }] : [])) }),
    };
    const state = parcel.units === undefined ? 'EXPEDIEE' : 'EXPEDIEE_PART';
    await world.broken.beforeApplying?.(world);
    const [answer] = await applyStates(world.context, [{ account, order, state, sourceRef: key, parcels: [wish] }], { source: 'api/simulated', author: 'Ana', byHand }, world.ours().now());
    world.tell('merchant', `applies ${key} to ${order}: ${JSON.stringify(answer)}`);
    await world.broken.afterApplying?.(world);
    world.ring([account]);
    if (answer === undefined || !('id' in answer)) return false;
    const known = this.acknowledged.get(ref);
    if (known === undefined) this.acknowledged.set(ref, { application, account, market: marketOf(account), order, sale, at: world.time.elapsed(), answer, syncs: new Set(), tracking, trackingCameLate: false, undoneAt: null, givenUp: false });
    else if (!answer.again) Object.assign(known, { at: world.time.elapsed(), answer });
    for (const { id } of answer.syncs) this.acknowledged.get(ref)?.syncs.add(id);
    return true;
  }

  async #applyAgain(ref: string, sameKey: boolean): Promise<void> {
    const known = this.acknowledged.get(ref);
    if (known === undefined || known.undoneAt !== null || known.tracking === null) return;
    await this.#apply(known.application, known.tracking, sameKey ? ref : `${ref} again`);
  }

  async #giveTracking(ref: string, tracking: string): Promise<void> {
    const known = this.acknowledged.get(ref);
    if (known === undefined || known.undoneAt !== null || known.tracking !== null || known.application.parcel.untracked === true) return;
    this.changed.set(known.order, this.#world.time.elapsed());
    // What is refused, by a clock that is days behind, is given again later.
    if (!(await this.#apply(known.application, tracking, `${ref} with its number`))) return;
    known.tracking = tracking;
    known.trackingCameLate = true;
  }

  async #undo(ref: string): Promise<void> {
    const world = this.#world;
    const known = this.acknowledged.get(ref);
    if (known === undefined || known.undoneAt !== null) return;
    const undone = await undoApplied(world.context, known.answer.id, 'Ana', world.ours().now());
    world.tell('merchant', `undoes ${ref}: ${JSON.stringify(undone)}`);
    await world.broken.afterApplying?.(world);
    if (undone?.whole === true && undone.doubtful.length === 0) known.undoneAt = world.time.elapsed();
    // It was stopped, but may have been told before a restore: it need not be told, and may have been.
    else if ((undone?.cancelled.length ?? 0) > 0) known.givenUp = true;
    this.changed.set(known.order, world.time.elapsed());
    world.ring([known.account]);
  }

  async #say(verb: 'cancel' | 'resolve' | 'resend', ref: string): Promise<void> {
    const world = this.#world;
    const known = this.acknowledged.get(ref);
    // At eBay another telling is another parcel, as the question says that is asked before.
    if (known === undefined || (verb === 'resend' && known.market === 'ebay')) return;
    const { done } = await perform(world.context, { verb, filter: { ids: known.answer.syncs.map(({ id }) => id) }, author: 'Ana', reason: 'simulated' }, world.ours().now());
    world.tell('merchant', `says ${verb} of ${ref}: ${done.map((sync) => `#${sync}`).join(' ')}`);
    await world.broken.afterApplying?.(world);
    if (done.length > 0 && verb !== 'resend') known.givenUp = true;
    this.changed.set(known.order, world.time.elapsed());
    world.ring([known.account]);
  }

  async #giveUp(order: string): Promise<void> {
    const world = this.#world;
    const sale = this.sold.get(order);
    if (sale === undefined) return;
    await world.broken.beforeApplying?.(world);
    const [answer] = await applyStates(world.context, [{ account: sale.account, order, state: 'ANNULEE' }], { source: 'api/simulated', author: 'Ana', byHand: false }, world.ours().now());
    world.tell('merchant', `gives ${order} up: ${JSON.stringify(answer)}`);
    if (answer !== undefined && 'id' in answer) for (const known of this.acknowledged.values()) if (known.order === order) known.givenUp = true;
    this.changed.set(order, world.time.elapsed());
    world.ring([sale.account]);
  }

  /** After a restore: what was acknowledged since the backup is not in the database, and is applied again; so is what was undone since, undone. */
  async repeatSince(moment: number): Promise<void> {
    for (const known of this.acknowledged.values()) {
      if (known.at >= moment && known.undoneAt !== null) continue;
      if (known.at >= moment) {
        await this.#applyAtLast(known, `${known.application.ref} after the restore`);
      } else if (known.undoneAt !== null && known.undoneAt >= moment) {
        known.undoneAt = null;
        await this.#undo(known.application.ref);
      } else if (known.trackingCameLate) {
        await this.#applyAtLast(known, `${known.application.ref} with its number, after the restore`);
      }
    }
  }

  async #applyAtLast(known: Acknowledged, key: string): Promise<void> {
    if (!(await this.#apply(known.application, known.tracking, key))) this.#refused.push({ known, key });
  }

  /** What was still missing comes: payments, tracking numbers, the merchant's word; every account is served. */
  async settleAll(): Promise<void> {
    for (const { known, key } of this.#refused.splice(0)) if (known.undoneAt === null) await this.#apply(known.application, known.tracking, key);
    for (const [order, sale] of this.sold) {
      const there = this.#world.markets[marketOf(sale.account)].world;
      if (there.order(order)?.payment !== 'pending') continue;
      there.pay(order);
      this.changed.set(order, this.#world.time.elapsed());
    }
    for (const [ref, known] of this.acknowledged) if (known.tracking === null && known.application.parcel.untracked !== true) await this.#giveTracking(ref, `LATE${ref.replace(/\W/g, 'P')}`);
    for (const account of accountIds) {
      for (const carrier of ['Transports Martin', 'Colissimo']) await mapCarrier(this.#world.context, { account, carrier, code: 'Other', otherName: carrier }, 'Ana', this.#world.ours().now());
      await this.resume(account);
    }
  }

  /** Everything that failed, that is in doubt, or that waits for the merchant's word is put back to work. */
  async rerunAll(): Promise<void> {
    for (const account of accountIds) {
      await this.rerun({ account });
      await this.rerun({ account, status: ['held'], cause: 'order/cancel-requested' });
    }
  }

  async rerun(filter: SyncFilter): Promise<void> {
    const world = this.#world;
    const { done } = await perform(world.context, { verb: 'rerun', filter, author: 'Ana', reason: 'simulated' }, world.ours().now());
    for (const known of this.acknowledged.values()) if (done.some((id) => known.syncs.has(id))) this.changed.set(known.order, world.time.elapsed());
    if (done.length > 0) world.tell('merchant', `reruns ${done.map((sync) => `#${sync}`).join(' ')}`);
    world.ring();
  }
}

function lineId(order: string, line: number): string {
  return `${order.replace(/\D/g, '').slice(-10)}${line + 1}`;
}
