import { statSync } from 'node:fs';
import { minute } from '../../../src/runtime/clock.ts';
import { verifyAudit } from '../../../src/store/verify.ts';
import { perSecond, processorTime } from '../frame/figures.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { account, openShop } from '../shop/shop.ts';
import { createMarketplace } from '../shop/marketplace.ts';

export interface LivesCase {
  /** States that one applying carries. */
  readonly batch: number;
  readonly lives: number;
  readonly width: number;
  readonly logLevel: 'info' | 'warn';
}

export interface Lives {
  readonly one: LivesCase;
  readonly insertsPerSecond: number;
  readonly drainedPerSecond: number;
  readonly livesPerSecond: number;
  /** Processor time for one life, µs: applying it, and everything after. */
  readonly applying: number;
  readonly telling: number;
  readonly entriesPerLife: number;
  /** Each hash of the chain was computed again afterwards. */
  readonly isChainWhole: boolean;
  readonly bytesPerLife: number;
}

const aimed = 10_000;

export function lives(size: Size): Measurement<LivesCase, Lives> {
  const times = size === 'whole' ? 1 : 0.05;
  const usual = { width: 256, logLevel: 'info' } as const;
  return {
    name: 'lives',
    about: 'whole lives a second: applied, planned, intended, called, recorded, with the whole audit',
    cases: [
      { ...usual, batch: 1, lives: 2_000 * times },
      { ...usual, batch: 50, lives: 10_000 * times },
      { ...usual, batch: 1_000, lives: 20_000 * times },
      { ...usual, batch: 1_000, lives: 20_000 * times, logLevel: 'warn' },
      { ...usual, batch: 1_000, lives: 5_000 * times, width: 8 },
    ],
    limit: 2 * minute,
    titleOf: ({ batch, lives, width, logLevel }) => `${lives} lives, ${batch} an applying, ${width} orders at once, log at ${logLevel}`,
    measure: measureLives,
    tables: (found) => [table(found)],
  };
}

/** All are applied, then all are told: what each half costs is seen by itself. */
async function measureLives(one: LivesCase, { folder }: Pick<Place, 'folder'>): Promise<Lives> {
  const shop = await openShop({ folder, width: one.width, logLevel: one.logLevel, marketplace: createMarketplace(() => undefined) });
  // A daemon runs for weeks: what it compiles on its first orders is not what one costs.
  const warm = Math.min(one.lives, one.batch === 1 ? 300 : 2_000);
  await shop.sell(0, warm + one.lives);
  await applyAll(0, warm);
  const engine = shop.start();
  await engine.recorded(warm);
  await engine.stop();

  const began = performance.now();
  const atBegin = process.cpuUsage();
  await applyAll(warm, one.lives);
  const applied = performance.now();
  const applying = processorTime(atBegin, one.lives);
  const atApplied = process.cpuUsage();
  const draining = shop.start();
  const ended = await draining.recorded(one.lives);
  const telling = processorTime(atApplied, one.lives);
  await draining.stop();

  const { store, audit } = shop.suivi.context;
  const verdict = (await verifyAudit(store.db, audit.keyring)).find(({ lane }) => lane === account);
  await shop.close();
  return {
    one,
    insertsPerSecond: perSecond(one.lives, applied - began),
    drainedPerSecond: perSecond(one.lives, ended - applied),
    livesPerSecond: perSecond(one.lives, ended - began),
    applying,
    telling,
    entriesPerLife: (verdict?.entries ?? 0) / (warm + one.lives),
    isChainWhole: verdict !== undefined && verdict.faults.length === 0,
    bytesPerLife: statSync(store.place).size / (warm + one.lives),
  };

  async function applyAll(from: number, count: number): Promise<void> {
    for (let first = from; first < from + count; first += one.batch) await shop.apply(first, Math.min(one.batch, from + count - first));
  }
}

function table(found: readonly Lives[]): Table {
  return {
    name: 'lives',
    title: 'Whole lives on a SQLite file, every commit written through to the disk',
    notes: [
      'A life: applied, planned, stored with its sync; claimed, its intent in the audit; told to a destination in memory; its outcome in the audit, its status moved. One process does it all.',
      'Applied: all of them, before the first is told. Told: all of them, from the start of the engine to the last recorded outcome. Whole: both one after the other.',
      '"at once" is how many orders the destination lets be under way: Amazon\'s room says 8, where a real call lasts a hundred milliseconds or more and 2 a second are allowed. The log goes to a file.',
      'Processor time is that of the whole process, SQLite and collecting garbage among it: on a busy machine it is the steadier figure.',
    ],
    columns: [{ head: 'an applying' }, { head: 'lives', digits: 0 }, { head: 'at once', digits: 0 }, { head: 'log' }, { head: 'applied/s', digits: 0 }, { head: 'told/s', digits: 0 }, { head: 'whole/s', digits: 0 }, { head: 'applying µs', digits: 0 }, { head: 'telling µs', digits: 0 }, { head: 'µs a life', digits: 0 }, { head: 'audit entries a life', digits: 2 }, { head: 'chain' }, { head: 'bytes a life', digits: 0 }, { head: 'aim' }],
    rows: found.map((one) => [
      String(one.one.batch),
      one.one.lives,
      one.one.width,
      one.one.logLevel,
      one.insertsPerSecond,
      one.drainedPerSecond,
      one.livesPerSecond,
      one.applying,
      one.telling,
      one.applying + one.telling,
      one.entriesPerLife,
      one.isChainWhole ? 'whole' : 'BROKEN',
      one.bytesPerLife,
      one.one.batch === 1_000 && one.one.width > 8 ? aim(`> ${aimed}/s`, one.livesPerSecond > aimed) : null,
    ]),
  };
}
