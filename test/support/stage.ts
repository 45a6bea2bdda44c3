import { afterEach, expect } from 'vitest';
import type { Wish } from '../../src/orders/applied-state.ts';
import type { ParcelWish } from '../../src/orders/parcel-wish.ts';
import { createBell } from '../../src/runtime/bell.ts';
import type { Duration } from '../../src/runtime/clock.ts';
import { day, second } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import type { Answer, Applied, Giver } from '../../src/store/intake.ts';
import { storyOf } from '../../src/store/log.ts';
import { createShared } from '../../src/store/shared.ts';
import type { StoryEntry } from '../../src/store/log.ts';
import type { SyncTable } from '../../src/store/schema.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { Lane } from '../../src/syncing/lane.ts';
import type { SharedLedger } from '../../src/syncing/shared.ts';
import { createTenancy } from '../../src/syncing/tenancy.ts';
import type { TakenOver } from '../../src/syncing/ledger.ts';
import type { Status } from '../../src/syncing/status.ts';
import { createTestClock } from './clock.ts';
import type { TestClock } from './clock.ts';
import { observe } from './observed.ts';
import type { Observed } from './observed.ts';
import { createRemote } from './remote.ts';
import type { Kind, Remote, RemoteOrder } from './script.ts';
import { seenOrder } from './reader.ts';
import { openShop } from './shop.ts';
import type { AccountPlan, Shop } from './shop.ts';
import { expectEachIntentAnswered, expectWhole } from './whole.ts';
import { mortal } from './worker.ts';
import type { Death } from './worker.ts';

/** A shop, a marketplace in memory and one account's lane between them, on a clock that stands still. */
export interface Stage {
  readonly clock: TestClock;
  readonly shop: Shop;
  readonly remote: Remote;
  readonly account: string;
  readonly observed: Observed;
  /** Sells an order there; it is imported unless told otherwise. */
  sell(reference: string, facts?: Partial<RemoteOrder> & { readonly imported?: boolean }): Promise<void>;
  /** Takes over what the marketplace shows of these orders (all), as a sweep does. */
  read(...references: string[]): Promise<TakenOver>;
  /** A whole sweep has just been read. */
  swept(): Promise<void>;
  /** Sells and ships many at once: orders `P-1`, `P-2`… Returns their syncs. */
  backlog(prefix: string, count: number, facts?: (n: number) => Partial<RemoteOrder>): Promise<number[]>;
  apply(wish: Omit<Wish, 'account'> & { readonly account?: string }, giver?: Partial<Giver>): Promise<Answer>;
  /** Ships an order, or a part of it; what was applied must not be refused. */
  ship(order: string, parcel?: ParcelWish, giver?: Partial<Giver>): Promise<Applied>;
  start(worker?: { readonly name?: string; readonly dies?: Death; readonly sweeping?: boolean; readonly pace?: Duration; readonly over?: Partial<Lane>; readonly sharing?: (shared: SharedLedger) => SharedLedger }): Promise<Running>;
  pass(ms: Duration): Promise<void>;
  row(sync: number): Promise<SyncTable>;
  status(sync: number): Promise<Status>;
  statuses(): Promise<Record<string, number>>;
  story(sync: number): Promise<readonly StoryEntry[]>;
  /** Something was written beside the lanes: they look again, as the composition root would have them. */
  ring(): void;
  /** Faults of our own that this test expects: forgotten. */
  forgive(): void;
  close(): Promise<void>;
}

/** A worker at its lane. */
export interface Running {
  readonly lane: Lane;
  /** First signal. Resolves once it has ended. */
  stop(): Promise<void>;
  /** Second signal. */
  cut(): Promise<void>;
  /** Dies on the spot: nothing is released, nothing recorded. */
  kill(): void;
  dead(): boolean;
}

export interface StageOptions {
  readonly kind?: Kind;
  readonly plan?: Partial<AccountPlan>;
  readonly others?: readonly AccountPlan[];
  readonly offers?: Parameters<typeof createRemote>[2];
  readonly file?: string;
  readonly clock?: TestClock;
  readonly remote?: Remote;
  readonly width?: number;
  /** Another account of the same shop: that stage's shop, clock and database. It must have been opened with this account among its `others`. */
  readonly beside?: Stage;
}

const open = new Set<Stage>();

afterEach(async () => {
  // Those beside another first: they share its database.
  for (const stage of [...open].reverse()) await stage.close();
});

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const kind = options.kind ?? 'amazon';
  const { beside } = options;
  const clock = beside?.clock ?? options.clock ?? createTestClock();
  const remote = options.remote ?? createRemote(clock, kind, options.offers);
  const account = options.plan?.id ?? `${kind}-fr`;
  const shop = beside?.shop ?? (await openShop(clock, [{ id: account, marketplace: kind, offers: remote.offers, ...options.plan }, ...(options.others ?? [])], options.file === undefined ? {} : { file: options.file }));
  const { ledger, context } = shop;
  const observed = beside?.observed ?? (await observe(context.store));
  const profile = shop.profile(account);
  const workers = new Set<Running>();
  const lanes = new Set<Lane>();
  let stopping: AbortController[] = [];

  const stage: Stage = {
    clock,
    shop,
    remote,
    account,
    observed,
    async sell(reference, { imported = true, ...facts } = {}) {
      const now = clock.now();
      remote.orders.set(reference, { account, reference, placedAt: now, updatedAt: now, shipBy: now + 2 * day, payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', lines: [{ lineId: 'L1', quantity: 1, cancelled: 0 }], parcels: [], done: [], ...facts });
      if (imported) await stage.read(reference);
    },
    async read(...references) {
      const wanted = references.length === 0 ? [...remote.orders.keys()] : references;
      const taken = await ledger.takeOver([profile], profile.references, wanted.map((reference) => seenOrder(remote.order(reference), true)), clock.now());
      ring();
      return taken;
    },
    async backlog(prefix, count, facts = () => ({})) {
      const numbers = Array.from({ length: count }, (_, i) => i + 1);
      for (const n of numbers) await stage.sell(`${prefix}-${n}`, { ...facts(n), imported: false });
      await stage.read(...numbers.map((n) => `${prefix}-${n}`));
      const wishes = numbers.map((n) => ({ account, order: `${prefix}-${n}`, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${prefix}-${n}` }] }));
      const answers = await applyStates(context, wishes, { source: 'test', author: 'Ana', byHand: false }, clock.now());
      ring();
      return answers.map((answer) => ('id' in answer ? (answer.syncs[0]?.id ?? 0) : 0));
    },
    swept: () => ledger.swept(profile.scope.sweep, { until: clock.now(), startedAt: clock.now() }),
    async apply(wish, giver = {}) {
      const [answer] = await applyStates(context, [{ account, ...wish }], { source: 'test', author: 'Ana', byHand: false, ...giver }, clock.now());
      ring();
      if (answer === undefined) throw new Error('no answer');
      return answer;
    },
    async ship(order, parcel = {}, giver = {}) {
      const given = { carrier: 'Colissimo', ...(parcel.untracked === true ? {} : { trackingNumber: `T-${order}` }), ...parcel };
      const answer = await stage.apply({ order, state: parcel.lines === undefined ? 'EXPEDIEE' : 'EXPEDIEE_PART', parcels: [given] }, giver);
      if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
      return answer;
    },
    async start({ name = 'test', dies, sweeping = false, pace, over = {}, sharing = (shared: SharedLedger): SharedLedger => shared } = {}) {
      const worker = mortal(ledger, createShared(context), remote.destination(options.width), clock, dies ?? null);
      const sweepBell = createBell(worker.clock);
      const lane = shop.lane(account, worker.destination, { ledger: worker.ledger, clock: worker.clock, worker: name, askSweep: () => sweepBell.ring(), ...over });
      lanes.add(lane);
      if (!sweeping) await stage.swept();
      const stop = new AbortController();
      const cut = new AbortController();
      const sweep = { scope: profile.scope.sweep, reader: remote.reader, profiles: [profile] as const, ledger: worker.ledger, clock: worker.clock, bell: sweepBell, onTakenOver: () => lane.bell.ring() };
      const shared = worker.shared === null ? null : sharing(worker.shared);
      const together = shared === null ? {} : { together: { shared, tenancy: createTenancy({ shared, clock: worker.clock, worker: name, profiles: [profile], onHeld: () => sweepBell.ring(), onError: (error) => void shop.errors.push(['lease', error]) }) } };
      const ended = run({ ...shop.daemon([lane], sweeping ? [sweep] : [], pace), ...together, ledger: worker.ledger, clock: worker.clock }, stop.signal, cut.signal);
      const running: Running = {
        lane,
        async stop() {
          stop.abort();
          await clock.advance(0);
          if (!worker.dead()) await ended;
          workers.delete(running);
        },
        async cut() {
          stop.abort();
          cut.abort();
          await clock.advance(0);
          if (!worker.dead()) await ended;
          workers.delete(running);
        },
        kill: () => worker.kill(),
        dead: () => worker.dead(),
      };
      workers.add(running);
      stopping = [...stopping, stop, cut];
      await clock.advance(0);
      return running;
    },
    pass: (ms) => clock.advance(ms),
    row: (sync) => context.store.db.selectFrom('sync').selectAll().where('id', '=', sync).executeTakeFirstOrThrow(),
    status: async (sync) => (await stage.row(sync)).status as Status,
    async statuses() {
      const rows = await context.store.db.selectFrom('sync').select('status').execute();
      return Object.fromEntries([...Map.groupBy(rows, (row) => row.status)].map(([status, group]) => [status, group.length]));
    },
    ring,
    story: (sync) => storyOf(context.store.db, sync),
    forgive: () => void (shop.errors.length = 0),
    async close() {
      open.delete(stage);
      const abandoned = [...workers].some((worker) => worker.dead());
      for (const controller of stopping) controller.abort();
      await clock.advance(3 * second);
      expect(shop.errors.map((error) => (Array.isArray(error) ? error.map(String) : error)), 'faults of our own').toEqual([]);
      await expectWhole(context, observed);
      if (!abandoned) await expectEachIntentAnswered(context);
      if (beside === undefined) await shop.close();
    },
  };
  open.add(stage);
  return stage;

  function ring(): void {
    for (const lane of lanes) lane.bell.ring();
  }
}
