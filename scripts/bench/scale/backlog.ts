import { sql } from 'kysely';
import { createTestClock } from '../../../test/support/clock.ts';
import { createRandom } from '../../../test/support/random.ts';
import { openSuivi } from '../../../src/app.ts';
import { connectAccounts } from '../../../src/app/connections.ts';
import { assembleEngine } from '../../../src/app/engine.ts';
import { createMetrics } from '../../../src/app/metrics.ts';
import { amazonLimits, simulatedAmazon } from '../../../src/marketplaces/simulator/amazon.ts';
import { withoutSockets } from '../../../src/marketplaces/simulator/transport.ts';
import { hour, minute, second } from '../../../src/runtime/clock.ts';
import type { Duration } from '../../../src/runtime/clock.ts';
import type { Transport } from '../../../src/runtime/http.ts';
import { meetAccounts } from '../../../src/store/accounts.ts';
import { applyStates } from '../../../src/store/intake.ts';
import { createLedger } from '../../../src/store/ledger.ts';
import { countStatuses } from '../../../src/store/log.ts';
import { addState } from '../../../src/store/states.ts';
import { run } from '../../../src/syncing/daemon.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { orderOf, state, wishOf } from '../shop/made-up.ts';
import { account, settle } from '../shop/shop.ts';

export interface BacklogCase {
  readonly parcels: number;
  /** How long Amazon takes for an answer, ms. */
  readonly latency: Duration;
  /** When the simulation ends. */
  readonly until: 'told' | 'seen';
}

export interface Backlog {
  readonly one: BacklogCase;
  /** From the first call until Amazon had said yes to the last, in simulated ms; null: not in the time that was given. */
  readonly toldAfter: Duration | null;
  /** Until the last was seen there by a read; null: not in the time that was given. */
  readonly seenAfter: Duration | null;
  /** Not yet seen there when the simulation ended. */
  readonly unseen: number;
  /** Calls of confirmShipment, of all that its quota would have allowed in that time. */
  readonly used: number;
  readonly calls: Readonly<Record<string, { readonly made: number; readonly throttled: number }>>;
  readonly parcelsThere: number;
  /** How long the simulation took, s. */
  readonly simulatedIn: number;
}

const aimed = 0.95;

/** Simulated time that is given. */
const longest = 12 * hour;

export function backlog(size: Size): Measurement<BacklogCase, Backlog> {
  return {
    name: 'backlog',
    about: 'a backlog of 10,000 parcels under Amazon\'s published limits, in simulated time',
    cases: size === 'whole' ? [{ parcels: 10_000, latency: 250, until: 'told' }, { parcels: 1_000, latency: 250, until: 'seen' }] : [{ parcels: 60, latency: 250, until: 'seen' }],
    limit: 5 * minute,
    titleOf: ({ parcels, until }) => `${parcels} parcels, until the last is ${until}`,
    measure: measureBacklog,
    tables: (found) => [table(found)],
  };
}

/** Amazon's own requests and answers, through its room and the library, to the simulator, which keeps buckets of its own. */
async function measureBacklog(one: BacklogCase, { folder, say }: Place): Promise<Backlog> {
  const clock = createTestClock();
  const random = createRandom(1);
  const amazon = simulatedAmazon({ clock, random, pace: 1 });
  const carried = withoutSockets(amazon, clock);
  const transport: Transport = async (request, signal) => {
    await clock.sleep(one.latency, signal);
    return carried(request, signal);
  };
  const opened = await openSuivi({ variables: settle(folder, { amazon: 'http://127.0.0.1:9', ebay: null }, { SUIVI_LOG_LEVEL: 'warn' }, 'published'), directory: folder, clock, random, as: 'serve' });
  if (!('context' in opened)) throw new Error('Suivi could not be opened');
  const { context, log, tables, accounts } = opened;
  const { db } = context.store;
  // The time is not the machine's: writing through to the disk would only take from ours.
  await sql`pragma synchronous = off`.execute(db);
  const scopes = connectAccounts(accounts, clock, () => transport);
  const profiles = [...context.profiles.values()];
  await meetAccounts(context, [{ id: account, marketplace: 'amazon', mode: 'live', from: 0 }], clock.now());
  const model = tables.models.find(({ mnemonic }) => mnemonic === state);
  if (model === undefined) throw new Error(`there is no model ${state}`);
  await addState(context, { ...model, graceS: 0 }, 'bench', clock.now());

  // Sold and imported during the days before: all of that is past.
  const ledger = createLedger(context);
  for (let n = 0; n < one.parcels; n += 1_000) {
    const page = Array.from({ length: Math.min(1_000, one.parcels - n) }, (_, i) => orderOf(n + i, account, clock.now()));
    for (const { reference, placedAt, shipBy, lines } of page) amazon.world.add({ id: reference, placedAt, shipBy: shipBy ?? clock.now() + hour, lines: lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity })) });
    await ledger.takeOver(profiles, 'ours', page, clock.now());
  }
  for (const profile of profiles) await ledger.swept(profile.scope.sweep, { until: clock.now(), startedAt: clock.now() });
  for (let n = 0; n < one.parcels; n += 1_000) {
    const wishes = Array.from({ length: Math.min(1_000, one.parcels - n) }, (_, i) => wishOf(n + i, account));
    const answers = await applyStates(context, wishes, { source: 'api/bench', author: 'api/bench', byHand: false }, clock.now());
    if (answers.some((answer) => 'faults' in answer)) throw new Error('a state was refused');
  }

  const engine = assembleEngine({ context, scopes, clock, random, log, metrics: createMetrics(() => Promise.reject(new Error('nobody asks'))), worker: 'bench', mayImport: () => true });
  const stop = new AbortController();
  const began = clock.monotonic();
  const beganReal = performance.now();
  // Looking for what other processes write is left to once in a while: there are none.
  const running = run({ ...engine.daemon, pace: 5 * second }, stop.signal, stop.signal);
  let toldAfter: Duration | null = null;
  let seenAfter: Duration | null = null;
  let unseen = one.parcels;
  while ((one.until === 'told' ? toldAfter : seenAfter) === null && clock.monotonic() - began < longest) {
    await clock.advance(10 * second);
    const counts = await countStatuses(db);
    const of = (status: string): number => counts.filter((row) => row.status === status).reduce((sum, row) => sum + row.n, 0);
    unseen = one.parcels - of('confirmed');
    if (toldAfter === null && of('accepted') + of('confirmed') === one.parcels) {
      toldAfter = clock.monotonic() - began;
      say(`all told after ${Math.round(toldAfter / minute)} simulated minutes`);
    }
    if (unseen === 0) seenAfter = clock.monotonic() - began;
  }
  stop.abort();
  await clock.advance(3 * second);
  await running;
  await opened.close();

  const requests = amazon.ledger.requests();
  const calls = Object.fromEntries([...Map.groupBy(requests, ({ call }) => call)].map(([call, all]) => [call, { made: all.length, throttled: all.filter(({ throttled }) => throttled).length }]));
  const sends = requests.filter(({ call }) => call === 'confirmShipment').map(({ moment }) => moment);
  const { rate, burst } = amazonLimits.confirmShipment;
  const span = Math.max(...sends) - Math.min(...sends);
  return { one, toldAfter, seenAfter, unseen, used: sends.length / (burst + (span / second) * rate), calls, parcelsThere: amazon.ledger.packages().length, simulatedIn: (performance.now() - beganReal) / 1000 };
}

function table(found: readonly Backlog[]): Table {
  const { rate } = amazonLimits.confirmShipment;
  const minutes = (ms: Duration | null): number | null => (ms === null ? null : ms / minute);
  return {
    name: 'backlog',
    title: 'A backlog under Amazon\'s published limits, in simulated time',
    notes: [
      `Amazon's own requests and answers, through amazon-sp-api, to the simulator, whose buckets are its own (confirmShipment ${rate}/s, burst ${amazonLimits.confirmShipment.burst}; getOrder 0.5/s, burst 30; searchOrders 0.0056/s, burst 20) and know nothing of ours. Every answer takes ${found[0]?.one.latency ?? 0} ms.`,
      'All orders were imported before. Told: Amazon said yes (204). Seen: a sweep of changed orders (100 a page) or a getOrder that was to spare has shown the parcel. The larger simulation ends when all are told.',
      `One by one: the calls alone, at ${rate} a second from the first to the last. The fulfilment feed, which carries thousands at once, is not told by Suivi yet.`,
      ...found.map(({ simulatedIn, calls }) => `Calls: ${Object.entries(calls).map(([call, { made }]) => `${call} ${made}`).join(', ')}. Simulated in ${simulatedIn.toFixed(0)} s.`),
    ],
    columns: [{ head: 'parcels', digits: 0 }, { head: 'told, min', digits: 1 }, { head: 'one by one, min', digits: 1 }, { head: 'quota used %', digits: 1 }, { head: 'throttled', digits: 0 }, { head: 'parcels there', digits: 0 }, { head: 'seen, min', digits: 1 }, { head: 'not seen yet', digits: 0 }, { head: 'aim' }, { head: 'aim' }],
    rows: found.map(({ one, toldAfter, seenAfter, unseen, used, calls, parcelsThere }) => {
      const throttled = Object.values(calls).reduce((sum, call) => sum + call.throttled, 0);
      return [one.parcels, minutes(toldAfter), one.parcels / rate / 60, used * 100, throttled, parcelsThere, minutes(seenAfter), unseen, aim(`> ${aimed * 100} % used`, used > aimed), aim('none throttled', throttled === 0)];
    }),
  };
}
