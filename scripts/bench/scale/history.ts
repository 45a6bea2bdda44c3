import { sql } from 'kysely';
import { copyFileSync, constants, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { minute, systemClock } from '../../../src/runtime/clock.ts';
import { readSnapshot } from '../../../src/store/alerts.ts';
import type { Context } from '../../../src/store/context.ts';
import { openStore } from '../../../src/store/database.ts';
import { createLedger } from '../../../src/store/ledger.ts';
import { countStatuses, searchSyncs, storyOf } from '../../../src/store/log.ts';
import type { LaneProfile, Ledger, Result, Tenure } from '../../../src/syncing/ledger.ts';
import type { SyncFilter } from '../../../src/syncing/rerun.ts';
import { settle } from '../../../src/syncing/settle.ts';
import { ratio, spreadOf } from '../frame/figures.ts';
import type { Spread } from '../frame/figures.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { createMarketplace } from '../shop/marketplace.ts';
import { account, openShop } from '../shop/shop.ts';
import { commonCause, openFilling, rareCause, smallAccount } from './fill.ts';

export interface HistoryCase {
  /** Finished syncs, one database each, growing. */
  readonly steps: readonly number[];
  /** As many delayed and as many blocked ones beside them. */
  readonly waiting: number;
  readonly rounds: number;
}

export interface History {
  readonly one: HistoryCase;
  readonly bytes: readonly number[];
  /** How long the last database took to be filled, s. */
  readonly filledIn: number;
  /** By what was done, for each step: ms. */
  readonly costs: Readonly<Record<string, readonly Spread[]>>;
}

const flat = 1.3;

/** Less than this (ms) is told apart from nothing by no clock of a busy machine. */
const noise = 0.1;

/** Orders that one round claims: as many as Amazon's room lets be under way. */
const width = 8;

/** Pages of each kind; the first is not counted. */
const pageRounds = 8;

export function history(size: Size): Measurement<HistoryCase, History> {
  return {
    name: 'history',
    about: 'what a round of claiming and a page of the log cost beside 1,000, 100,000 and 2,000,000 finished syncs',
    cases: [size === 'whole' ? { steps: [1_000, 100_000, 2_000_000], waiting: 100_000, rounds: 150 } : { steps: [1_000, 10_000, 50_000], waiting: 2_000, rounds: 20 }],
    limit: 10 * minute,
    titleOf: ({ steps, waiting }) => `${steps.join(', ')} finished, ${waiting} delayed, ${waiting} blocked`,
    measure: measureHistory,
    tables: (found) => found.map(table),
  };
}

async function measureHistory(one: HistoryCase, place: Place): Promise<History> {
  const { context, files, filledIn } = await fillAll(one, place);
  const now = Date.now();
  const sides = await Promise.all(files.map((file) => openSide(context, file)));
  const times = new Map<string, number[][]>();
  const note = (what: string, step: number, ms: number): void => {
    const all = times.get(what) ?? one.steps.map(() => []);
    times.set(what, all);
    all[step]?.push(ms);
  };
  place.say('claiming and reading, by turns');
  // By turns, so that a busy minute of the machine falls on all of them alike.
  for (let round = 0; round < one.rounds; round += 1) {
    for (const [step, side] of sides.entries()) for (const [what, ms] of await claimRound(side, now + round)) note(what, step, ms);
  }
  for (let round = 0; round < pageRounds; round += 1) {
    for (const [step, side] of sides.entries()) {
      for (const [what, read] of Object.entries(pages(side, now))) {
        const before = performance.now();
        await read();
        note(what, step, performance.now() - before);
      }
    }
  }
  const bytes = files.map((file) => statSync(file).size);
  for (const side of sides) await side.context.store.close();
  return { one, bytes, filledIn, costs: Object.fromEntries([...times].map(([what, all]) => [what, all.map((ms) => spreadOf(ms.slice(1)))])) };
}

/** One life is really lived; the rest are its copies. Each step's database is the one before, with more history. */
async function fillAll({ steps, waiting, rounds }: HistoryCase, { folder, say }: Place): Promise<{ readonly context: Context; readonly files: readonly string[]; readonly filledIn: number }> {
  const shop = await openShop({ folder, width, marketplace: createMarketplace(() => undefined), logLevel: 'warn' });
  await shop.sell(0, 1);
  const [lived] = await shop.apply(0, 1);
  const engine = shop.start();
  await engine.recorded(1);
  await engine.stop();
  const { context } = shop.suivi;
  await shop.close();

  const files: string[] = [];
  const began = performance.now();
  let done = 100;
  for (const [index, step] of steps.entries()) {
    say(`filling up to ${step} finished`);
    const filling = openFilling(context.store.place, lived !== undefined && 'id' in lived ? lived.order : 0, 100 + (steps.at(-1) ?? 0));
    if (index === 0) {
      filling.delayed({ from: 100_000_000, to: 100_000_000 + waiting });
      filling.blocked({ from: 100_000_000, to: 100_000_000 + waiting }, 200_000_000);
      filling.ready({ from: 300_000_000, to: 300_000_000 + rounds * width + 100 });
    }
    filling.finished({ from: done, to: 100 + step });
    filling.close();
    done = 100 + step;
    const file = join(folder, `${step}.db`);
    if (index === steps.length - 1) renameSync(context.store.place, file);
    else copyFileSync(context.store.place, file, constants.COPYFILE_FICLONE);
    files.push(file);
  }
  return { context, files, filledIn: (performance.now() - began) / 1000 };
}

interface Side {
  readonly context: Context;
  readonly ledger: Ledger;
  readonly profile: LaneProfile;
  readonly tenure: Tenure;
}

async function openSide(context: Context, file: string): Promise<Side> {
  const store = await openStore(file);
  // Writing through to the disk costs the same whatever lies there, and would hide what grows.
  await sql`pragma synchronous = off`.execute(store.db);
  const own: Context = { ...context, store };
  const ledger = createLedger(own);
  const profile = context.profiles.get(account);
  if (profile === undefined) throw new Error(`no account ${account}`);
  await ledger.swept(profile.scope.sweep, { until: Date.now(), startedAt: Date.now() + minute });
  const tenure = await ledger.take(profile, 'bench', Date.now());
  if (tenure === null) throw new Error('the lane was not given');
  return { context: own, ledger, profile, tenure };
}

/** Claims eight orders and records what was answered, as a lane does. */
async function claimRound({ ledger, profile, tenure }: Side, now: number): Promise<readonly (readonly [string, number])[]> {
  const before = performance.now();
  const claimed = await ledger.intend(tenure, profile, { orders: width, busy: new Set(), send: true }, now);
  const between = performance.now();
  const results = claimed.groups.flatMap((group) =>
    group.members.map((member): Result => {
      const outcome = { kind: 'accepted', reference: member.intent.payload.parcel?.reference ?? null, evidence: null } as const;
      return { group, member, outcome, settlement: settle(member.attempted, outcome, profile.patience, { now, chance: 0.5, probing: false, sweptUntil: null }) };
    }),
  );
  if (results.length !== width) throw new Error(`${results.length} orders were claimed, not ${width}`);
  await ledger.record(tenure, profile, results, now);
  return [[`claim of ${width}, with their intents`, between - before], [`outcomes of ${width}`, performance.now() - between]];
}

/** What people ask for: the first page of the log, fifty rows, and what stands around it. */
function pages({ context }: Side, now: number): Readonly<Record<string, () => Promise<unknown>>> {
  const { db } = context.store;
  const page = (filter: SyncFilter) => () => searchSyncs(db, filter, null, 50);
  return {
    'log: first page': page({}),
    'log: failed': page({ status: ['rejected', 'exhausted', 'in-doubt'] }),
    'log: confirmed': page({ status: ['confirmed'] }),
    'log: waiting': page({ status: ['delayed', 'blocked', 'ready'] }),
    'log: a cause that is common': page({ cause: commonCause }),
    'log: a cause of long ago': page({ cause: rareCause }),
    'log: a cause of long ago, failed': page({ cause: rareCause, status: ['rejected', 'exhausted', 'in-doubt'] }),
    'log: an account': page({ account }),
    'log: an account that sells little': page({ account: smallAccount }),
    'log: an order': page({ order: '402-0000000-0000500' }),
    'log: the last hour, in which nothing came': page({ since: now - 60 * minute }),
    'story of one sync': () => storyOf(db, 500),
    'totals': () => countStatuses(db),
    'what alerts look at': () => readSnapshot(db, context.profiles.values(), systemClock.now()),
  };
}

function table({ one, bytes, filledIn, costs }: History): Table {
  const { steps, waiting } = one;
  return {
    name: 'history',
    title: `What the history costs, with ${waiting.toLocaleString('en-GB')} delayed and as many blocked syncs beside`,
    notes: [
      `Databases of ${bytes.map((n) => `${(n / 1e6).toFixed(0)} MB`).join(', ')}, filled in ${filledIn.toFixed(0)} s by copying one life that was really lived, row by row, with SQL; bodies of old audit entries and the states' texts are left out.`,
      `Middle of ${one.rounds} rounds of claiming, and of ${pageRounds - 1} pages each, by turns on all the databases. Nothing is written through to the disk here: that costs the same beside any history, and would hide what grows.`,
      'What waits is newer than all that has ended, as on a day on which much waits.',
    ],
    columns: [{ head: 'what' }, ...steps.map((step) => ({ head: `${step.toLocaleString('en-GB')} ms`, digits: 2 })), { head: 'p99 ms beside most', digits: 2 }, { head: 'times', digits: 2 }, { head: 'aim' }],
    rows: Object.entries(costs).map(([what, spreads]) => {
      const middles = spreads.map(({ p50 }) => p50);
      const times = ratio(middles.at(-1) ?? Number.NaN, middles[0]);
      return [what, ...middles, spreads.at(-1)?.p99 ?? null, times, times === null ? null : aim(`flat within ${flat}`, times <= flat || (middles.at(-1) ?? 0) - (middles[0] ?? 0) < noise)];
    }),
  };
}
