import { simulatedAmazon } from '../../src/marketplaces/simulator/amazon.ts';
import type { SimulatedMarketplace } from '../../src/marketplaces/simulator/brain.ts';
import { simulatedEbay } from '../../src/marketplaces/simulator/ebay.ts';
import type { Clock, Duration } from '../../src/runtime/clock.ts';
import { createLog } from '../../src/runtime/log.ts';
import type { Log } from '../../src/runtime/log.ts';
import type { Account } from '../../src/settings/accounts.ts';
import type { Context } from '../../src/store/context.ts';
import { simulatedAccounts } from './accounts.ts';
import type { Broken } from './broken.ts';
import { chanceOf } from './chance.ts';
import type { Chance } from './chance.ts';
import type { Promised } from './checker.ts';
import { Merchant } from './merchant.ts';
import { Network } from './network.ts';
import { accountIds, marketOf, markets } from './plan.ts';
import type { AccountId, Event, Market, Plan } from './plan.ts';
import { Shelf } from './shelf.ts';
import { Time, trueClock } from './time.ts';
import { momentText } from './trace.ts';
import { Troubles } from './troubles.ts';
import { Watch } from './watch.ts';
import { Workers } from './workers.ts';

/** One thing that was found not to hold. */
export interface Finding {
  /** Which promise it breaks. */
  readonly promise: Promised;
  readonly what: string;
}

/** Everything of one run: time, marketplaces, the shop's people, our processes, and what they left behind. */
export class World {
  readonly plan: Plan;
  readonly broken: Broken;
  readonly time = new Time();
  readonly truth: Clock;
  /** How far this machine's wall clock is ahead of the truth. */
  offset: Duration = 0;
  readonly accounts: readonly Account[];
  readonly markets: Readonly<Record<Market, SimulatedMarketplace>>;
  readonly network: Network;
  readonly watch: Watch;
  readonly merchant: Merchant;
  readonly troubles: Troubles;
  readonly workers: Workers;
  readonly shelf: Shelf;
  readonly trace: string[] = [];
  readonly logged: string[] = [];
  readonly log: Log;
  readonly found: Finding[] = [];
  /** Moments, by marketplace, until which something stood in the way there that no request shows. */
  readonly disturbed: { readonly market: Market; readonly from: number; to: number }[] = [];
  readonly #paused = new Map<AccountId, { to: number }>();

  constructor(plan: Plan, broken: Broken = {}) {
    this.plan = plan;
    this.broken = broken;
    this.truth = trueClock(this.time);
    this.accounts = simulatedAccounts(plan.patience);
    const options = { clock: this.truth, pace: 1 };
    this.markets = { amazon: simulatedAmazon({ ...options, random: this.chance('amazon') }), ebay: simulatedEbay({ ...options, random: this.chance('ebay') }) };
    this.log = createLog({ level: 'info', clock: this.ours(), write: (line) => void this.logged.push(line) });
    this.watch = new Watch(this);
    this.network = new Network(this);
    this.merchant = new Merchant(this);
    this.troubles = new Troubles(this);
    this.workers = new Workers(this);
    this.shelf = new Shelf(this);
  }

  /** A stream of chance of its own. */
  chance(stream: string): Chance {
    return chanceOf(this.plan.seed, stream);
  }

  /** This machine's wall clock, with its faults. */
  ours(): Clock {
    return { ...this.truth, now: () => this.truth.now() + this.offset };
  }

  get context(): Context {
    return this.shelf.context;
  }

  /** Lives through the plan, lets everything come to rest, and stops. The store stays open, to be looked at. */
  async live(): Promise<void> {
    await this.shelf.open();
    this.workers.open();
    for (const event of this.plan.events.toSorted((a, b) => a.at - b.at)) {
      if (event.at >= this.plan.calmAt) continue;
      await this.time.pass(event.at);
      await this.#happen(event);
    }
    await this.time.pass(Math.max(this.plan.calmAt, this.time.elapsed()));
    await this.#calm();
    await this.workers.stopAll();
  }

  async close(): Promise<void> {
    await this.shelf.close();
  }

  /** Everything works again, and whoever is missing comes back. Once all has come to rest, what failed is run again by hand. */
  async #calm(): Promise<void> {
    this.tell('world', 'everything works again');
    this.troubles.end();
    await this.#jump(-this.offset);
    this.workers.leaveOne();
    await this.merchant.settleAll();
    await this.time.pass(this.time.elapsed() + this.plan.rest[0]);
    await this.merchant.rerunAll();
    await this.time.pass(this.time.elapsed() + this.plan.rest[1]);
  }

  async #happen(event: Event): Promise<void> {
    switch (event.do) {
      case 'fault':
      case 'unreachable':
      case 'revoke':
        return this.troubles.begin(event);
      case 'crash':
      case 'stop':
      case 'cut':
      case 'join':
      case 'suspend':
        return this.workers.upset(event);
      case 'jump':
        return this.#jump(event.by);
      case 'backup':
        return this.shelf.backup();
      case 'restore':
        return this.shelf.restore(event.resumeAfter);
      case 'sell':
      case 'pay':
      case 'ask-to-cancel':
      case 'cancel':
      case 'ship-by-hand':
      case 'apply':
      case 'apply-again':
      case 'give-tracking':
      case 'undo':
      case 'give-up':
      case 'map-carrier':
      case 'rerun':
      case 'pause':
      case 'resume':
      case 'say':
        return this.merchant.do(event);
    }
  }

  async #jump(by: Duration): Promise<void> {
    if (by === 0) return;
    this.offset += by;
    this.tell('clock', `jumps by ${by / 1_000} s, and is now ${this.offset / 1_000} s ahead`);
    for (const market of markets) this.disturbs(market, 0);
    await this.workers.heedClock();
  }

  /** Nobody is at work, or somebody is again. */
  attended(is: boolean): void {
    if (is === (this.#unattended.length === 0)) return;
    const now = this.time.elapsed();
    if (is) for (const span of this.#unattended.splice(0)) span.to = now;
    else for (const market of markets) this.#unattended.push({ market, from: now, to: Infinity });
    this.disturbed.push(...this.#unattended);
  }
  readonly #unattended: { readonly market: Market; readonly from: number; to: number }[] = [];

  /** Something of these accounts was written beside the engines. */
  ring(accounts: readonly string[] = accountIds): void {
    this.workers.ring(accounts);
  }

  /** Something stands in the way at a marketplace from now on. */
  disturbs(market: Market, lasts: Duration): void {
    this.disturbed.push({ market, from: this.time.elapsed(), to: this.time.elapsed() + lasts });
  }

  /** Nothing of the account leaves, until it is resumed. */
  pauses(account: AccountId, paused: boolean): void {
    const open = this.#paused.get(account);
    if (paused && open === undefined) {
      const span = { market: marketOf(account), from: this.time.elapsed(), to: Infinity };
      this.disturbed.push(span);
      this.#paused.set(account, span);
    } else if (!paused && open !== undefined) {
      open.to = this.time.elapsed();
      this.#paused.delete(account);
    }
  }

  tell(who: string, what: string): void {
    this.trace.push(`${momentText(this.time.elapsed())} ${who} ${what}`);
  }

  blame(promise: Promised, what: string): void {
    this.found.push({ promise, what: `${momentText(this.time.elapsed())} ${what}` });
    this.tell('!!', `${promise}: ${what}`);
  }
}
