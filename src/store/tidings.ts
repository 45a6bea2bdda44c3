import { sql } from 'kysely';
import type { News } from '../syncing/shared.ts';
import { serverOf } from './postgres-dialect.ts';
import type { Db, Tx } from './rows.ts';

/** Where workers hear of what others write. Each database has channels of its own. */
export const channel = 'suivi';

const ofWorkers = 'workers';
const ofAccount = 'account ';

/** A lane that had nothing to do has something, once this transaction is committed. On SQLite every write is noticed anyway. */
export async function tellOfAccounts(tx: Db | Tx, accounts: Iterable<string>): Promise<void> {
  const told = [...new Set(accounts)].map((account) => ofAccount + account);
  if (serverOf(tx) === null || told.length === 0) return;
  await sql`select pg_notify(${channel}, told) from unnest(cast(${told} as text[])) as told`.execute(tx);
}

/** Lanes have become free, or a worker has come or gone. */
export async function tellOfWorkers(tx: Db | Tx): Promise<void> {
  if (serverOf(tx) !== null) await sql`select pg_notify(${channel}, ${ofWorkers})`.execute(tx);
}

/** What was told. */
export function newsOf(payload: string): News {
  if (payload.startsWith(ofAccount)) return { of: 'accounts', accounts: [payload.slice(ofAccount.length)] };
  return payload === ofWorkers ? { of: 'workers' } : { of: 'anything' };
}
