import { PgBoss } from 'pg-boss';
import type { Peer } from './protocol.ts';
import { startPostgres } from './servers.ts';

/** Fetching in batches, on again at once where a batch was full, woken by NOTIFY. */
export async function openPgBoss(folder: string, batchSize: number, localConcurrency: number): Promise<Peer> {
  const postgres = await startPostgres(folder);
  const boss = new PgBoss({ connectionString: postgres.connectionString, max: 25, useListenNotify: true, schedule: false });
  let closing = false;
  boss.on('error', (error) => {
    if (!closing) process.stderr.write(`pg-boss: ${error.message}\n`);
  });
  await boss.start();
  await boss.createQueue('tell', { notify: true });
  return {
    server: postgres.pid,
    async addMany(from, count) {
      for (let first = from; first < from + count; first += 5_000) await boss.insert('tell', Array.from({ length: Math.min(5_000, from + count - first) }, (_, i) => ({ data: { job: first + i } })));
    },
    add: (job) => boss.send('tell', { job }),
    async work(onJob) {
      await boss.work('tell', { batchSize, localConcurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        for (const { data } of jobs) onJob(data.job);
      });
      return () => boss.offWork('tell');
    },
    async close() {
      closing = true;
      await boss.stop({ graceful: false });
      await postgres.stop();
    },
  };
}
