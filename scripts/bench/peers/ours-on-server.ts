import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Variables } from '../../../src/settings/environment.ts';
import { openHouse, openWorker, placing, settleHouse } from '../server/house.ts';
import { createMarketplace } from '../shop/marketplace.ts';
import type { Amounts, Peer } from './protocol.ts';
import { startPostgres } from './servers.ts';

const script = fileURLToPath(new URL('../worker.ts', import.meta.url));

/** Orders of one account that may be under way at once: a real call lasts, one in memory does not. */
const width = 256;

/**
 * Suivi on PostgreSQL: so many workers, each a process of its own, beside the one that hands the jobs over.
 * @param given a server that is there already
 */
export async function openOursOnServer(folder: string, { bulk, idle, open }: Amounts, { workers, accounts }: { readonly workers: number; readonly accounts: number }, given?: Awaited<ReturnType<typeof startPostgres>>): Promise<Peer> {
  const postgres = given ?? (await startPostgres(folder));
  const variables = settleHouse(folder, postgres.connectionString, accounts);
  const suivi = await openWorker(folder, variables, createMarketplace(() => undefined), width);
  const house = await openHouse(suivi, placing(accounts, Math.ceil(bulk / accounts)));
  await house.sell(0, bulk + idle + open);
  const processes = await Promise.all(Array.from({ length: workers }, () => begin(folder, variables)));
  return {
    server: postgres.pid,
    others: processes.map(({ pid }) => pid ?? 0),
    addMany: (from, count) => house.apply(from, count),
    add: (job) => house.apply(job, 1),
    work(onJob) {
      for (const child of processes) {
        child.on('message', ({ jobs }: { readonly jobs: readonly number[] }) => jobs.forEach(onJob));
        child.send('begin');
      }
      return Promise.resolve(async () => {
        await Promise.all(processes.map((child) => (child.send('stop'), once(child, 'exit'))));
      });
    },
    async close() {
      await house.close();
      await postgres.stop();
    },
  };
}

async function begin(folder: string, variables: Variables): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, folder, String(width)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send(variables);
  await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error('a worker ended before it was open')))]);
  return child;
}
