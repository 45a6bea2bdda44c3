import { simulatedAmazon } from '../../src/marketplaces/simulator/amazon.ts';
import type { SimulatedMarketplace } from '../../src/marketplaces/simulator/brain.ts';
import { simulatedEbay } from '../../src/marketplaces/simulator/ebay.ts';
import type { Clock, Duration } from '../../src/runtime/clock.ts';
import { hour, minute } from '../../src/runtime/clock.ts';
import { createLog } from '../../src/runtime/log.ts';
import type { Log } from '../../src/runtime/log.ts';
import type { Account } from '../../src/settings/accounts.ts';
import type { Context } from '../../src/store/context.ts';
import type { Destination } from '../../src/syncing/destination.ts';
import type { Ledger } from '../../src/syncing/ledger.ts';
import { simulatedAccounts } from './accounts.ts';
import { chanceOf } from './chance.ts';
import type { Chance } from './chance.ts';
import { Merchant } from './merchant.ts';
import { Network } from './network.ts';
import { accountIds } from './plan.ts';
import type { Event, Market, Plan } from './plan.ts';
import { openSimulatedStore } from './store.ts';
import { Time, trueClock } from './time.ts';
import { momentText } from './trace.ts';
import { Troubles } from './troubles.ts';
import { Watch } from './watch.ts';
import { Workers } from './workers.ts';

/** One thing that was found not to hold. */
export interface Finding {
  /** Which promise it breaks. */
  readonly promise: string;
  readonly what: string;
}

/** An engine that is broken on purpose, between the engine and its ports: the checker must catch it. */
export interface Broken {
  readonly ledger?: (ledger: Ledger, world: World) => Ledger;
  readonly destination?: (destination: Destination, world: World) => Destination;
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
  readonly trace: string[] = [];
  readonly logged: string[] = [];
  readonly log: Log;
  readonly found: Finding[] = [];
  #context: Context | null = null;

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
    if (this.#context === null) throw new Error('the store is not open');
    return this.#context;
  }

  /** Lives through the plan, lets everything come to rest, and stops. The store stays open, to be looked at. */
  async live(): Promise<void> {
    this.#context = await openSimulatedStore(this);
    this.workers.startAll();
    for (const event of this.plan.events.toSorted((a, b) => a.at - b.at)) {
      if (event.at >= this.plan.calmAt) continue;
      await this.time.pass(event.at);
      await this.#happen(event);
    }
    await this.time.pass(this.plan.calmAt);
    await this.#calm();
    await this.workers.stopAll();
  }

  async close(): Promise<void> {
    await this.#context?.store.close();
  }

  /** Everything works again, and whoever is missing comes back. Once all has come to rest, what failed is run again by hand. */
  async #calm(): Promise<void> {
    this.tell('world', 'everything works again');
    this.troubles.end();
    this.workers.leaveOne();
    await this.merchant.settleAll();
    await this.time.pass(this.plan.calmAt + 2.5 * hour);
    await this.merchant.rerunFailed();
    await this.time.pass(this.plan.calmAt + 3.5 * hour);
  }

  async #happen(event: Event): Promise<void> {
    switch (event.do) {
      case 'sell':
      case 'apply':
        return this.merchant.do(event);
      case 'fault':
        return this.troubles.begin(event);
      case 'crash':
      case 'stop':
      case 'cut':
        return this.workers.upset(event);
    }
  }

  /** Something of these accounts was written beside the engines. */
  ring(accounts: readonly string[] = accountIds): void {
    this.workers.ring(accounts);
  }

  tell(who: string, what: string): void {
    this.trace.push(`${momentText(this.time.elapsed())} ${who} ${what}`);
  }

  blame(promise: string, what: string): void {
    this.found.push({ promise, what: `${momentText(this.time.elapsed())} ${what}` });
    this.tell('!!', `${promise}: ${what}`);
  }

  /** Long enough for whatever is under way to end. */
  readonly grace: Duration = 2 * minute;
}
