import { minute } from '../../../src/runtime/clock.ts';
import { ratio } from '../frame/figures.ts';
import type { Measurement, Size } from '../frame/measurement.ts';
import type { Table } from '../frame/table.ts';
import { measurePeer } from './protocol.ts';
import type { Amounts, Peer, Standing } from './protocol.ts';

export interface PeerCase {
  readonly engine: string;
  readonly settings: string;
  /** What is on the disk, and what of a job can be seen afterwards. */
  readonly keeps: string;
  /** Fewer jobs at once, where all of them would take minutes. */
  readonly bulk?: number;
  readonly open: (folder: string, amounts: Amounts) => Promise<Peer>;
}

export interface PeerFound extends Standing {
  readonly engine: string;
  readonly settings: string;
  readonly keeps: string;
  readonly amounts: Amounts;
}

const whole: Amounts = { bulk: 20_000, idle: 300, open: 500 };
const quick: Amounts = { bulk: 1_000, idle: 20, open: 30 };

const ofPostgres = 'each commit written through; the job alone, no attempts';

const audited = 'each commit written through; order, parcel, sync, and for each attempt an intent and an outcome, chained';

/** Each under the best settings that were found for it. Their packages are loaded only where they are measured. */
const engines: Readonly<Record<string, { readonly about: string; readonly cases: readonly Omit<PeerCase, 'engine'>[] }>> = {
  'ours': {
    about: 'Suivi: what is a no-op to the others is an order that is shipped, with the whole audit',
    cases: [{ settings: 'SQLite, 256 at once', keeps: audited, open: async (folder, amounts) => (await import('./ours.ts')).openOurs(folder, amounts) }],
  },
  'ours-on-postgres': {
    about: 'Suivi on PostgreSQL, with 1, 2 and 4 workers, and with 5,000 accounts',
    cases: [
      ...[1, 2, 4].map((workers) => ({ settings: `PostgreSQL 18, ${workers} worker${workers === 1 ? '' : 's'}, 8 accounts`, keeps: audited, open: async (folder: string, amounts: Amounts) => (await import('./ours-on-server.ts')).openOursOnServer(folder, amounts, { workers, accounts: 8 }) })),
      { settings: 'PostgreSQL 18, 2 workers, 5,000 accounts', keeps: audited, open: async (folder, amounts) => (await import('./ours-on-server.ts')).openOursOnServer(folder, amounts, { workers: 2, accounts: amounts.bulk < 5_000 ? 50 : 5_000 }) },
    ],
  },
  'plainjob': {
    about: 'a queue on SQLite within the process, as ours is',
    cases: [
      { settings: 'SQLite NORMAL (its own), every 5 ms', keeps: 'not written through: a power cut takes the last commits; the job alone', open: async (folder) => (await import('./plainjob.ts')).openPlainjob(folder, 'NORMAL') },
      { bulk: 4_000, settings: 'SQLite FULL, every 5 ms', keeps: 'each commit written through; the job alone', open: async (folder) => (await import('./plainjob.ts')).openPlainjob(folder, 'FULL') },
    ],
  },
  'graphile-worker': {
    about: 'on PostgreSQL, which comes from npm',
    cases: [{ settings: 'PostgreSQL 18, 24 at once, local queue of 500, completed in batches', keeps: `${ofPostgres}, and no trace of what went well`, open: async (folder) => (await import('./graphile-worker.ts')).openGraphileWorker(folder) }],
  },
  'pg-boss': {
    about: 'on the same PostgreSQL',
    cases: [
      { settings: 'PostgreSQL 18, batches of 50 × 4, NOTIFY', keeps: ofPostgres, open: async (folder) => (await import('./pg-boss.ts')).openPgBoss(folder, 50, 4) },
      { settings: 'PostgreSQL 18, batches of 500 × 2, NOTIFY', keeps: ofPostgres, open: async (folder) => (await import('./pg-boss.ts')).openPgBoss(folder, 500, 2) },
    ],
  },
  'bullmq': {
    about: 'on a redis-server that the machine has, and on the same PostgreSQL',
    cases: [
      { settings: 'Redis, 24 at once, appendfsync everysec', keeps: 'a power cut takes up to a second; removed when done', open: async (folder) => (await import('./bullmq.ts')).openOnRedis(folder, 'everysec') },
      { settings: 'Redis, 24 at once, appendfsync always', keeps: 'each write written through; removed when done', open: async (folder) => (await import('./bullmq.ts')).openOnRedis(folder, 'always') },
      { bulk: 4_000, settings: 'PostgreSQL 18, 24 at once', keeps: `${ofPostgres}, removed when done`, open: async (folder) => (await import('./bullmq.ts')).openOnPostgres(folder) },
    ],
  },
};

export function peers(size: Size): readonly Measurement<PeerCase, PeerFound>[] {
  return Object.entries(engines).map(([engine, { about, cases }]) => ({
    name: engine,
    about,
    cases: cases.map((one) => ({ ...one, engine })),
    limit: engine === 'ours-on-postgres' ? 10 * minute : 3 * minute,
    titleOf: ({ settings }) => settings,
    async measure({ settings, keeps, bulk, open }, place) {
      const amounts = size === 'whole' ? { ...whole, ...(bulk === undefined ? {} : { bulk }) } : quick;
      return { engine, settings, keeps, amounts, ...(await measurePeer(await open(place.folder, amounts), amounts, place)) };
    },
    // All stand in one table, once all are measured.
    tables: () => [],
  }));
}

/** All of them beside each other, and ours as many times as each. */
export function compared(found: readonly PeerFound[]): readonly Table[] {
  // On the server alone, where the other one was left out.
  const ours = found.find(({ engine }) => engine === 'ours') ?? found.find(({ engine }) => engine === 'ours-on-postgres');
  const who = (one: PeerFound): readonly [string, string] => [one.engine, one.settings];
  const megabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 1e6);
  const standings: Table = {
    name: 'peers',
    title: 'Engines under one protocol, on the same machine in the same run',
    notes: [
      `Jobs handed over at once and then worked off, each engine in one Node process of its own; then one by one on the idle engine, then 100 a second. A job does nothing; with us it is an order that is shipped, planned, told to a destination in memory, recorded.`,
      'Latency: from just before a job is handed over to the beginning of its work; with us its intent is on the disk by then. At 100 a second from the moment at which it was due.',
      'µs a job: processor time of the Node process and of its database server together. Server MB: what all its processes hold, shared pages counted once, its shared buffers among them as far as they were touched.',
      ...found.map(({ engine, settings, keeps }) => `${engine} (${settings}): ${keeps}.`),
    ],
    columns: [{ head: 'engine' }, { head: 'settings' }, { head: 'jobs', digits: 0 }, { head: 'handed over/s', digits: 0 }, { head: 'worked off/s', digits: 0 }, { head: 'whole/s', digits: 0 }, { head: 'µs a job', digits: 0 }, { head: 'idle p50 ms', digits: 1 }, { head: 'p99', digits: 1 }, { head: '100/s p50 ms', digits: 1 }, { head: 'p99', digits: 1 }, { head: 'Node MB', digits: 0 }, { head: 'server MB', digits: 0 }],
    rows: found.map((one) => [...who(one), one.amounts.bulk, one.addedPerSecond, one.workedPerSecond, one.wholePerSecond, one.microseconds, one.idle.p50, one.idle.p99, one.open.p50, one.open.p99, megabytes(one.resident), megabytes(one.serverMemory)]),
  };
  if (ours === undefined || found.length < 2) return [standings];
  const memory = (one: PeerFound): number => one.resident + (one.serverMemory ?? 0);
  const ratios: Table = {
    name: 'ratios',
    title: 'Ours to each: how many times as many jobs, as long, as much',
    notes: ['Jobs: above 1 ours does more. Times, processor and memory (Node and server together): below 1 ours takes less.'],
    columns: [{ head: 'engine' }, { head: 'settings' }, { head: 'worked off', digits: 2 }, { head: 'whole', digits: 2 }, { head: 'µs a job', digits: 2 }, { head: 'idle p50', digits: 2 }, { head: 'idle p99', digits: 2 }, { head: '100/s p50', digits: 2 }, { head: '100/s p99', digits: 2 }, { head: 'memory', digits: 2 }],
    rows: found
      .filter((one) => one !== ours)
      .map((one) => [
        ...who(one),
        ratio(ours.workedPerSecond, one.workedPerSecond),
        ratio(ours.wholePerSecond, one.wholePerSecond),
        ours.microseconds === null ? null : ratio(ours.microseconds, one.microseconds),
        ratio(ours.idle.p50, one.idle.p50),
        ratio(ours.idle.p99, one.idle.p99),
        ratio(ours.open.p50, one.open.p50),
        ratio(ours.open.p99, one.open.p99),
        ratio(memory(ours), memory(one)),
      ]),
  };
  return [standings, ratios];
}
