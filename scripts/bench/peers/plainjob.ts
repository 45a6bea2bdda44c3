import Database from 'better-sqlite3';
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import { better, defineQueue, defineWorker } from 'plainjob';
import type { Peer } from './protocol.ts';

const ignore = (): void => undefined;
const logger = { error: ignore, warn: ignore, info: ignore, debug: ignore };

/**
 * On SQLite within the process, as ours is. It looks every 5 ms instead of every second.
 * @param sync how commits are written through; NORMAL is its own setting
 */
export function openPlainjob(folder: string, sync: 'NORMAL' | 'FULL'): Promise<Peer> {
  const database = new Database(join(folder, 'plainjob.db'));
  const queue = defineQueue({ connection: better(database), logger });
  if (sync === 'FULL') database.pragma('synchronous = full');
  return Promise.resolve({
    server: null,
    async addMany(from, count) {
      for (let first = from; first < from + count; first += 5_000) queue.addMany('tell', Array.from({ length: Math.min(5_000, from + count - first) }, (_, i) => ({ job: first + i })));
    },
    add: (job) => Promise.resolve(queue.add('tell', { job })),
    work(onJob) {
      const work = async ({ data }: { readonly data: string }): Promise<void> => {
        onJob((JSON.parse(data) as { readonly job: number }).job);
        // It would keep the whole process to itself.
        await turn();
      };
      const worker = defineWorker('tell', work, { queue, logger, pollIntervall: 5 });
      worker.start();
      return Promise.resolve(() => worker.stop());
    },
    close: () => Promise.resolve(queue.close()),
  });
}
