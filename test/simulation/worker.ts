import { assembleEngine } from '../../src/app/engine.ts';
import type { Engine } from '../../src/app/engine.ts';
import { connectAccounts } from '../../src/app/connections.ts';
import type { Scope } from '../../src/app/connections.ts';
import type { Transport } from '../../src/runtime/http.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { Daemon } from '../../src/syncing/daemon.ts';
import type { Destination } from '../../src/syncing/destination.ts';
import type { Ledger } from '../../src/syncing/ledger.ts';
import { clockOf } from './time.ts';
import { marketNamed } from './plan.ts';
import type { Port } from './plan.ts';
import { groupText, resultText } from './trace.ts';
import type { World } from './world.ts';

/** After the first signal what is under way has so long; then it is cut off, as the product's shutdown does. */
const gentle = 30_000;

const never = new Promise<never>(() => undefined);

/** Between two looks for what others wrote: 50 ms in the product, longer here because nothing but the world writes beside the engine, and the world rings. */
const pace = 60_000;

/** Where a worker is to die. */
interface Doom {
  readonly port: Port;
  readonly when: 'before' | 'after';
  left: number;
}

/**
 * One process of Suivi: the real engine, put together as the product does, between ports that can stop answering.
 * From the moment at which it dies nothing that it awaits ever comes back, and nothing that it asks for is done.
 */
export class Worker {
  readonly name: string;
  readonly #world: World;
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  readonly clock: Clock;
  readonly #onDeath: () => void;
  #dead = false;
  #doom: Doom | null = null;
  #suspendedUntil = 0;
  #diedAt = Infinity;
  #engine: Engine | null = null;

  constructor(world: World, name: string, onDeath: () => void) {
    this.#world = world;
    this.name = name;
    this.#onDeath = onDeath;
    this.clock = clockOf(world.time, () => world.offset, { dead: () => this.#dead, suspendedUntil: () => this.#suspendedUntil });
  }

  alive(): boolean {
    return !this.#dead;
  }

  dead(): boolean {
    return this.#dead;
  }

  /** When it was killed; never, where it was not. */
  diedAt(): number {
    return this.#diedAt;
  }

  /** Puts the engine together and lets it run. */
  start(): void {
    const world = this.#world;
    const random = world.chance(`worker ${this.name}`);
    const scopes = connectAccounts(world.accounts, this.clock, (account) => this.#transport(world.network.to(account.marketplace, this)));
    const engine = assembleEngine({ context: world.context, scopes, clock: this.clock, random, log: world.log, metrics: { attempted: () => undefined }, worker: this.name, mayImport: () => true });
    this.#engine = engine;
    void run(this.#mortal(engine.daemon, scopes), this.#stop.signal, this.#cut.signal).then(
      () => {
        // The process is gone: whatever of it was still under way is not.
        this.#dead = true;
        world.tell(this.name, 'has ended');
        world.workers.count();
      },
      (error: unknown) => world.blame('stop', `${this.name} ended by a fault of our own: ${String(error)}`),
    );
  }

  /** Something was written beside the engine: a process of the product notices within 100 ms. */
  ring(accounts: readonly string[]): void {
    if (this.alive()) this.#engine?.notify(accounts);
  }

  /** The wall clock was put forward or back: the product's beat of 50 ms notices, of one that sleeps once it wakes. */
  async heedClock(): Promise<void> {
    if (this.alive() && !this.suspended()) await this.#engine?.guard.moment();
  }

  stop(): void {
    this.#stop.abort();
    this.clock.after(gentle, () => this.cut());
  }

  cut(): void {
    this.#stop.abort();
    this.#cut.abort();
  }

  suspend(until: number): void {
    this.#suspendedUntil = Math.max(this.#suspendedUntil, until);
  }

  suspended(): boolean {
    return this.#suspendedUntil > this.#world.time.elapsed();
  }

  /** Until when it was last suspended; 0: never. */
  sleptUntil(): number {
    return this.#suspendedUntil;
  }

  doom(doom: Doom): void {
    this.#doom = doom;
  }

  kill(): void {
    if (!this.alive()) return;
    this.#dead = true;
    this.#diedAt = this.#world.time.elapsed();
    this.#world.tell(this.name, 'dies');
    this.#world.workers.count();
    this.#onDeath();
  }

  /** One call of a port: it may be its last, and whatever it brings is for the living only. */
  async #through<T>(port: Port, call: () => Promise<T>, told?: (result: T) => string): Promise<T> {
    if (this.#dead) return never;
    await this.#awake();
    if (this.#strikes(port, 'before')) return never;
    const result = await call();
    const text = told?.(result) ?? '';
    if (text !== '') this.#world.tell(this.name, text);
    if (this.#strikes(port, 'after') || this.#dead) return never;
    await this.#awake();
    return result;
  }

  async #awake(): Promise<void> {
    while (this.suspended()) await this.clock.sleep(this.#suspendedUntil - this.#world.time.elapsed());
  }

  #strikes(port: Port, when: 'before' | 'after'): boolean {
    const doom = this.#doom;
    if (doom === null || doom.port !== port || doom.when !== when) return false;
    doom.left -= 1;
    if (doom.left >= 0) return false;
    this.#doom = null;
    this.#world.tell(this.name, `is struck ${when} ${port}`);
    this.kill();
    return true;
  }

  #transport(inner: Transport): Transport {
    return async (request, signal) => {
      try {
        return await this.#through('answer', () => this.#through('depart', () => Promise.resolve()).then(() => inner(request, signal)));
      } catch (error) {
        if (this.#dead) return never;
        throw error;
      }
    };
  }

  #mortal(daemon: Daemon, scopes: readonly Scope[]): Daemon {
    const ledger = this.#ledger(this.#world.broken.ledger?.(daemon.ledger, this.#world) ?? daemon.ledger);
    const moment = (): Promise<number> => this.#through('renew', () => daemon.guard.moment());
    const destinations = new Map(scopes.flatMap((scope) => scope.accounts.map((served) => [served.profile.account, served.destination] as const)));
    return {
      ...daemon,
      ledger,
      pace,
      guard: { ...daemon.guard, moment },
      lanes: daemon.lanes.map((lane) => ({ ...lane, ledger, moment, destination: this.#destination(destinations.get(lane.profile.account) ?? lane.destination) })),
      sweepings: daemon.sweepings.map((sweeping) => ({ ...sweeping, ledger })),
    };
  }

  #destination(inner: Destination): Destination {
    const real = this.#world.broken.destination?.(inner, this.#world) ?? inner;
    return {
      ...real,
      send: (intents, permit) => this.#through('send', () => real.send(intents, permit)),
      check: (intents, permit) => this.#through('check', () => real.check(intents, permit)),
    };
  }

  #ledger(real: Ledger): Ledger {
    return {
      take: (profile, worker, now) => this.#through('take', () => real.take(profile, worker, now), (tenure) => (tenure === null ? '' : `takes ${profile.account} as holder ${tenure.number}`)),
      renew: (tenure, now) => this.#through('renew', () => real.renew(tenure, now), (held) => (held ? '' : `has lost ${tenure.account}`)),
      release: (tenure, now) => this.#through('release', () => real.release(tenure, now), () => `releases ${tenure.account}`),
      intend: async (tenure, profile, room, now) => {
        const claimed = await this.#through('intend', () => real.intend(tenure, profile, room, now), ({ groups }) => groups.map(groupText).join('; '));
        for (const group of claimed.groups) await this.#world.watch.intends(marketNamed(profile.marketplace), group);
        return claimed;
      },
      record: (tenure, profile, results, now) => this.#through('record', () => real.record(tenure, profile, results, now), ({ late }) => results.map((result) => resultText(result, late)).join('; ')),
      debit: async (profile, call, now) => {
        const paid = await this.#through('debit', () => real.debit(profile, call, now));
        if (paid) this.#world.watch.decides(marketNamed(profile.marketplace), call);
        return paid;
      },
      heard: (profile, call, hearing, now) => this.#through('heard', () => real.heard(profile, call, hearing, now), () => (hearing.kind === 'ok' ? '' : `${call}: ${hearing.kind} (${hearing.cause ?? ''})`)),
      sweep: (scope) => this.#through('swept', () => real.sweep(scope)),
      swept: (scope, state, by) => this.#through('swept', () => real.swept(scope, state, by)),
      takeOver: (profiles, references, orders, now, by) => this.#through('takeOver', () => real.takeOver(profiles, references, orders, now, by), (taken) => (taken.fresh + taken.changed + taken.confirmed === 0 ? '' : `takes over ${orders.map((order) => order.reference).join(' ')}: ${JSON.stringify(taken)}`)),
      missing: (account, limit) => this.#through('debit', () => real.missing(account, limit)),
      unknownThere: (account, reference, now) => this.#through('takeOver', () => real.unknownThere(account, reference, now), () => `${reference} is unknown there`),
      wanted: (account, seen) => this.#through('debit', () => real.wanted(account, seen)),
      ripen: (profile, now) => this.#through('ripen', () => real.ripen(profile, now)),
      shift: (owed) => this.#through('debit', () => real.shift(owed)),
      version: () => real.version(),
    };
  }
}
