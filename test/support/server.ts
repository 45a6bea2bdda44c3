import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Keeping, Kept } from './children/postgres.ts';

/** A real PostgreSQL, from its npm package, in a folder of its own that goes with it; and it goes with whoever began it. */
export interface Server {
  readonly port: number;
  /** The address of one of its databases. */
  url(database: string): string;
  /** Its process. */
  readonly pid: number;
  /** As an operator restarts it: whoever is connected is cut off. Its addresses stay the same. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What a test needs no disk for. A crash of the process loses nothing all the same; one of the machine would. */
const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Few processors, many databases, short lives. */
const common = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'shared_buffers=128MB', 'jit=off', 'autovacuum_naptime=10s', 'log_min_messages=log'];

const keeper = fileURLToPath(new URL('children/postgres.ts', import.meta.url));

/** @param settings of postgresql.conf, over those of a test */
export async function startServer(settings: readonly string[] = careless): Promise<Server> {
  const keeping: Keeping = { user: 'suivi', password: crypto.randomUUID(), settings: [...common, ...settings] };
  const child = spawn(process.execPath, [keeper, JSON.stringify(keeping)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async (): Promise<{ readonly port: number; readonly pid: number }> => {
    const { value, done } = await lines.next();
    const kept: Kept = done === true ? { failed: 'it ended without a word' } : (JSON.parse(value) as Kept);
    if ('failed' in kept) throw new Error(`PostgreSQL did not start: ${kept.failed}`);
    return kept;
  };
  const begun = await heard();
  let { pid } = begun;
  return {
    port: begun.port,
    url: (database) => `postgres://${keeping.user}:${keeping.password}@127.0.0.1:${begun.port}/${database}`,
    get pid() {
      return pid;
    },
    async restart() {
      child.stdin.write('restart\n');
      ({ pid } = await heard());
    },
    async stop() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}
