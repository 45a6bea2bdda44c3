import { sql } from 'kysely';
import type { HttpAnswer, HttpRequest } from '../../src/runtime/http.ts';
import type { Group } from '../../src/syncing/ledger.ts';
import { callOf } from './calls.ts';
import type { Market } from './plan.ts';
import type { Worker } from './worker.ts';
import type { World } from './world.ts';

/** A request of a worker's, from the moment at which its first byte leaves. */
export interface Departure {
  readonly at: number;
  readonly market: Market;
  /** The API call by the marketplace's own name, or `token`. */
  readonly call: string;
  readonly order: string | null;
  readonly worker: string;
  /** It tells something: it is no read. */
  readonly tells: boolean;
  /** The status that its sender heard, and when; null where none came, or came to nobody. */
  heard: { readonly at: number; readonly status: number; readonly retryAfter: number | null } | null;
}

/** A call that was decided on: paid for out of its budget. */
export interface Decision {
  readonly at: number;
  readonly market: Market;
  readonly call: string;
}

/** An attempt that was begun. */
export interface Begun {
  readonly at: number;
  readonly market: Market;
  readonly order: string;
  readonly sync: number;
  readonly step: 'send' | 'check';
}

/** Stands at the door while a run goes on: what leaves is compared with what is on disk at that moment. */
export class Watch {
  readonly departures: Departure[] = [];
  readonly decisions: Decision[] = [];
  readonly begun: Begun[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async departs(market: Market, request: HttpRequest, worker: Worker): Promise<Departure> {
    const departure: Departure = { at: this.#world.time.elapsed(), market, ...callOf(market, request), worker: worker.name, heard: null };
    this.departures.push(departure);
    if (departure.tells) {
      await this.#hasIntent(departure);
      await this.#holdsLane(departure, worker);
    }
    return departure;
  }

  decides(market: Market, call: string): void {
    this.decisions.push({ at: this.#world.time.elapsed(), market, call });
  }

  async intends(market: Market, { step, call, members }: Group): Promise<void> {
    this.decides(market, call);
    for (const { intent } of members) {
      this.begun.push({ at: this.#world.time.elapsed(), market, order: intent.payload.order, sync: intent.sync, step });
      if (step === 'send') await this.#mayBeTold(intent.sync);
    }
  }

  hears(departure: Departure, answer: HttpAnswer): void {
    const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
    departure.heard = { at: this.#world.time.elapsed(), status: answer.status, retryAfter: Number.isFinite(seconds) ? seconds * 1_000 : null };
  }

  /** Whoever slept since it last looked can still send: no marketplace checks our numbers, and settling covers it. */
  async #holdsLane({ order, market }: Departure, worker: Worker): Promise<void> {
    if (worker.sleptUntil() > this.#world.time.elapsed() - 2_000 * this.#world.plan.patience.timeoutS) return;
    const { rows } = await sql<{ holder: string | null }>`select lane.holder from orders join lane on lane.account = orders.account where orders.reference = ${order}`.execute(this.#world.context.store.db);
    if (rows[0]?.holder !== worker.name) this.#world.blame('lease', `${worker.name} tells ${market} of ${order ?? ''} although ${rows[0]?.holder ?? 'nobody'} holds its lane`);
  }

  /** What is known to stand against a telling when it is begun: a request to cancel without the merchant's word, a payment that has not come. */
  async #mayBeTold(sync: number): Promise<void> {
    // What was read in the same moment may have come after it was claimed.
    const { rows } = await sql<{ reference: string; what: string }>`
      select orders.reference, case when cancellation <> 'none' then 'its cancellation is ' || cancellation else 'its payment is ' || payment end as what
      from sync join orders on orders.id = sync.order_id
      where sync.id = ${sync} and orders.updated_at < sync.told_at and sync.accepted_at is null
        and (cancellation = 'cancelled' or (cancellation = 'requested' and word = 0) or payment in ('in-progress', 'refused'))`.execute(this.#world.context.store.db);
    for (const { reference, what } of rows) this.#world.blame('held', `#${sync} of ${reference} is told although ${what}`);
  }

  async #hasIntent({ order, call, market, worker }: Departure): Promise<void> {
    const { rows } = await sql<{ open: number }>`
      select count(*) as open from audit_entry intent join sync on sync.id = intent.sync_id join orders on orders.id = sync.order_id
      where intent.kind = 'intent' and orders.reference = ${order} and intent.what = ${call}
        and not exists (select 1 from audit_entry answer where answer.sync_id = intent.sync_id and answer.attempt = intent.attempt and answer.kind in ('outcome', 'late'))`.execute(this.#world.context.store.db);
    if ((rows[0]?.open ?? 0) === 0) this.#world.blame('intent-first', `${worker} tells ${market} of ${order ?? ''} without an intent on disk`);
  }
}
