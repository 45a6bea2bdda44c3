import { Client } from 'pg';
import type { Clock } from '../../src/runtime/clock.ts';
import { openStore } from '../../src/store/database.ts';
import type { Store } from '../../src/store/database.ts';

interface Kept {
  readonly url: string;
  readonly admin: Client;
  readonly wipe: string;
  readonly store: Store;
  /** What times are compared by. */
  clock: Pick<Clock, 'now'>;
}

const free: Kept[] = [];
let made = 0;

/** Whether this run's shops are on a server. */
export const isOnServer = process.env['TEST_SERVER'] !== undefined;

/**
 * A store on the run's server that is empty but for its schema, until it is closed. A database is made once per place of
 * the runner, and emptied again and again with its connections open, which costs less.
 */
export async function lendStore(clock: Clock): Promise<Store> {
  const kept = free.pop() ?? (await makeDatabase(clock));
  kept.clock = clock;
  await kept.admin.query(kept.wipe);
  const store = { ...kept.store, close: () => Promise.resolve(void free.push(kept)) };
  addresses.set(store, kept.url);
  return store;
}

const addresses = new WeakMap<Store, string>();

/** Where a lent store is, for another process. */
export function addressOf(store: Store): string {
  return addresses.get(store) ?? store.place;
}

async function makeDatabase(clock: Clock): Promise<Kept> {
  const server = process.env['TEST_SERVER'];
  if (server === undefined) throw new Error('this run has no server');
  const name = `test_${process.env['VITEST_POOL_ID'] ?? '0'}_${(made += 1)}`;
  const maker = new Client({ connectionString: server });
  await maker.connect();
  const known = await maker.query('select 1 from pg_database where datname = $1', [name]);
  if (known.rowCount === 0) await maker.query(`create database ${name} template suivi_template`);
  await maker.end();
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = new Client({ connectionString: url });
  admin.on('error', () => undefined);
  await admin.connect();
  const kept: Kept = { url, admin, wipe: await wiping(admin), clock, store: await openStore(url, 'use', { now: () => kept.clock.now() }) };
  return kept;
}

/** Nobody is in the middle of anything in it, its tables are emptied past the triggers that forbid it, and its identifiers begin anew. */
async function wiping(admin: Client): Promise<string> {
  const { rows } = await admin.query<{ name: string; kind: string }>("select relname as name, relkind as kind from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') and relname not like 'kysely%' order by relname");
  return [
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'",
    'set session_replication_role = replica',
    ...rows.map(({ name, kind }) => (kind === 'r' ? `delete from "${name}"` : `alter sequence "${name}" restart`)),
    'set session_replication_role = default',
  ].join('; ');
}

/** A database of the run's server that nobody else has, with the schema and nothing in it; and how to be rid of it. */
export async function ownDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = process.env['TEST_SERVER'];
  if (server === undefined) throw new Error('this run has no server');
  const name = `own_${crypto.randomUUID().replaceAll('-', '')}`;
  const ask = async (statement: string): Promise<void> => {
    const maker = new Client({ connectionString: server });
    await maker.connect();
    await maker.query(statement);
    await maker.end();
  };
  await ask(`create database ${name} template suivi_template`);
  return { url: Object.assign(new URL(server), { pathname: `/${name}` }).href, drop: () => ask(`drop database ${name} with (force)`) };
}

/** The database that all others are copies of. */
export async function makeTemplate(server: string): Promise<void> {
  const maker = new Client({ connectionString: server });
  await maker.connect();
  await maker.query('create database suivi_template');
  await maker.end();
  const url = Object.assign(new URL(server), { pathname: '/suivi_template' }).href;
  const store = await openStore(url, 'upgrade');
  await store.close();
}
