import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { minute } from '../../../src/runtime/clock.ts';
import { percentile } from '../frame/figures.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { settle } from '../shop/shop.ts';
import { startDaemon } from './daemon.ts';

export interface StartCase {
  /** Compiled code of an earlier start is used. */
  readonly cached: boolean;
  /** There is no database yet: it is made. */
  readonly first: boolean;
  readonly runs: number;
}

export interface StartUp {
  readonly one: StartCase;
  /** Milliseconds, run by run. */
  readonly times: readonly number[];
}

const aimed = 1_000;

export function startUp(size: Size): Measurement<StartCase, StartUp> {
  const runs = size === 'whole' ? 5 : 2;
  return {
    name: 'start-up',
    about: 'from the start of `suivi start` until /readyz answers 200',
    cases: [
      { cached: false, first: true, runs },
      { cached: false, first: false, runs },
      { cached: true, first: false, runs },
    ],
    limit: 2 * minute,
    titleOf: ({ cached, first, runs }) => `${cached ? 'with' : 'without'} compiled code, ${first ? 'a new database' : 'a database that is there'}, ${runs} times`,
    measure: measureStartUp,
    tables: (found) => [table(found)],
  };
}

async function measureStartUp(one: StartCase, { folder }: Pick<Place, 'folder'>): Promise<StartUp> {
  const cache = one.cached ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' };
  const startIn = async (place: string): Promise<number> => {
    const daemon = await startDaemon(place, settle(place, { amazon: 'http://127.0.0.1:9', ebay: 'http://127.0.0.1:9' }, cache));
    await daemon.stop();
    return daemon.readyAfter;
  };
  // The first one writes what later ones find: the database, and the compiled code.
  if (!one.first) await startIn(folder);
  const times: number[] = [];
  for (let run = 0; run < one.runs; run += 1) {
    const place = one.first ? join(folder, String(run)) : folder;
    mkdirSync(place, { recursive: true });
    times.push(await startIn(place));
  }
  return { one, times };
}

function table(found: readonly StartUp[]): Table {
  return {
    name: 'start-up',
    title: 'From the start of the process until /readyz answers 200',
    notes: ['`node src/cli/bin.js start` with two accounts whose marketplaces cannot be reached. Compiled code lies under node_modules/.cache; the files of Node and of the packages are in the system\'s cache in all runs.'],
    columns: [{ head: 'compiled code' }, { head: 'database' }, { head: 'runs', digits: 0 }, { head: 'middle ms', digits: 0 }, { head: 'longest ms', digits: 0 }, { head: 'aim' }],
    rows: found.map(({ one, times }) => {
      const middle = percentile(times, 0.5);
      return [one.cached ? 'found' : 'none', one.first ? 'made' : 'found', times.length, middle, Math.max(...times), aim(`< ${aimed / 1000} s`, middle < aimed)];
    }),
  };
}
