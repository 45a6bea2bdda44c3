import { Logger, makeWorkerUtils, runMigrations, runTaskList } from 'graphile-worker';
import { Pool } from 'pg';
import type { Peer } from './protocol.ts';
import { startPostgres } from './servers.ts';

const quiet = new Logger(() => () => undefined);

/** As its own performance test sets it: jobs fetched by the hundred, and completed together. */
export async function openGraphileWorker(folder: string): Promise<Peer> {
  const postgres = await startPostgres(folder);
  const preset = { worker: { connectionString: postgres.connectionString, concurrentJobs: 24, maxPoolSize: 25, pollInterval: 2_000, localQueue: { size: 500, refetchDelay: { durationMs: 10 } }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
  await runMigrations({ preset, logger: quiet });
  const pool = new Pool({ connectionString: postgres.connectionString, max: 30 });
  // It asks for both.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const tools = await makeWorkerUtils({ pgPool: pool, logger: quiet });
  return {
    server: postgres.pid,
    async addMany(from, count) {
      for (let first = from; first < from + count; first += 5_000) await tools.addJobs(Array.from({ length: Math.min(5_000, from + count - first) }, (_, i) => ({ identifier: 'tell', payload: { job: first + i } })));
    },
    add: (job) => tools.addJob('tell', { job }),
    work(onJob) {
      const pool24 = runTaskList({ preset, logger: quiet, noHandleSignals: true }, { tell: (payload) => onJob((payload as { readonly job: number }).job) }, pool);
      return Promise.resolve(() => pool24.gracefulShutdown());
    },
    async close() {
      await tools.release();
      await pool.end();
      await postgres.stop();
    },
  };
}
