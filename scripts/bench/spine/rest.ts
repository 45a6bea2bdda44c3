import { startSimulator } from '../../../src/marketplaces/simulator/simulator.ts';
import { minute, systemClock } from '../../../src/runtime/clock.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { memoryOf, processorTimeOf } from '../frame/memory.ts';
import type { Memory } from '../frame/memory.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { sleep } from '../frame/wait.ts';
import { settle } from '../shop/shop.ts';
import { startDaemon } from './daemon.ts';

export interface RestCase {
  /** How long it is left alone, ms. */
  readonly idle: number;
}

export interface Rest {
  readonly one: RestCase;
  readonly atOnce: Memory;
  readonly memory: Memory;
  /** Share of one processor while it is left alone; null where the system does not tell. */
  readonly busy: number | null;
}

const aimed = 150_000_000;

export function rest(size: Size): Measurement<RestCase, Rest> {
  return {
    name: 'rest',
    about: 'what the daemon holds and uses while nothing is to be done, with two accounts on the simulator',
    cases: [{ idle: size === 'whole' ? 15_000 : 900 }],
    limit: minute,
    titleOf: ({ idle }) => `left alone for ${idle / 1000} s`,
    measure: measureRest,
    tables: (found) => [table(found)],
  };
}

async function measureRest(one: RestCase, { folder }: Pick<Place, 'folder'>): Promise<Rest> {
  const simulator = await startSimulator({ clock: systemClock, random: systemRandom, pace: 1 });
  try {
    const daemon = await startDaemon(folder, settle(folder, { amazon: simulator.amazon.endpoint, ebay: simulator.ebay.endpoint }));
    const atOnce = memoryOf(daemon.pid);
    // Its first sweep, the token for it and the collecting of garbage after the start are past.
    await sleep(one.idle / 3);
    const [used, from] = [processorTimeOf(daemon.pid), performance.now()];
    await sleep((one.idle * 2) / 3);
    const usedLater = processorTimeOf(daemon.pid);
    const busy = used === null || usedLater === null ? null : (usedLater - used) / (performance.now() - from);
    const memory = memoryOf(daemon.pid);
    await daemon.stop();
    return { one, atOnce, memory, busy };
  } finally {
    await simulator.close();
  }
}

function table(found: readonly Rest[]): Table {
  return {
    name: 'rest',
    title: 'At rest, with two accounts on the simulator',
    notes: ['`suivi start` in a process of its own, with a new database. Resident: all pages in memory. Proportional: those that other Node processes share counted in part.'],
    columns: [{ head: 'left alone s', digits: 0 }, { head: 'resident MB, as it is ready', digits: 0 }, { head: 'resident MB', digits: 0 }, { head: 'proportional MB', digits: 0 }, { head: 'processor %', digits: 2 }, { head: 'aim' }],
    rows: found.map(({ one, atOnce, memory, busy }) => [
      one.idle / 1000,
      atOnce.resident / 1e6,
      memory.resident / 1e6,
      memory.proportional === null ? null : memory.proportional / 1e6,
      busy === null ? null : busy * 100,
      aim(`resident < ${aimed / 1e6} MB`, memory.resident < aimed),
    ]),
  };
}
