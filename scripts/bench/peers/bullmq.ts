import { Queue, Worker, createPostgresBackend, runMigrations } from 'bullmq';
import { Pool } from 'pg';
import type { Peer } from './protocol.ts';
import { startPostgres, startRedis } from './servers.ts';

type Connection = ConstructorParameters<typeof Queue>[1]['connection'];

/** @throws NotHere where the machine has no Redis */
export async function openOnRedis(folder: string, fsync: 'everysec' | 'always'): Promise<Peer> {
  const redis = await startRedis(folder, fsync);
  return open({ host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null }, [], redis);
}

export async function openOnPostgres(folder: string): Promise<Peer> {
  const postgres = await startPostgres(folder);
  const pool = new Pool({ connectionString: postgres.connectionString, max: 1 });
  const client = await pool.connect();
  await client.query('create schema if not exists bullmq');
  await runMigrations(client);
  client.release();
  await pool.end();
  return open({ connectionString: postgres.connectionString, max: 25 }, [createPostgresBackend], postgres);
}

function open(connection: Connection, backend: readonly [] | readonly [unknown], server: { readonly pid: number; stop(): Promise<void> }): Peer {
  let closing = false;
  const complain = (error: Error): void => {
    if (!closing) process.stderr.write(`bullmq: ${error.message}\n`);
  };
  const queue = new Queue('tell', { connection, defaultJobOptions: { removeOnComplete: true } }, ...backend).on('error', complain);
  return {
    server: server.pid,
    async addMany(from, count) {
      for (let first = from; first < from + count; first += 1_000) await queue.addBulk(Array.from({ length: Math.min(1_000, from + count - first) }, (_, i) => ({ name: 'tell', data: { job: first + i } })));
    },
    add: (job) => queue.add('tell', { job }),
    async work(onJob) {
      const worker = new Worker('tell', async ({ data }) => onJob(data.job), { connection, concurrency: 24 }, ...backend).on('error', complain);
      await worker.waitUntilReady();
      return () => worker.close();
    },
    async close() {
      closing = true;
      await queue.close();
      await server.stop();
    },
  };
}
