import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { freshBucket } from '../syncing/quota.ts';
import type { Bucket, Limit } from '../syncing/quota.ts';
import { keptBucket } from './budgets.ts';
import { inParts } from './rows.ts';
import type { Db } from './rows.ts';

/** A telling that waits for its turn. */
export interface WaitingCall {
  readonly sync: number;
  readonly account: string;
  readonly call: string;
  readonly shipBy: Instant;
  /** The end of its grace or of its backoff; null: it may go. */
  readonly dueAt: Instant | null;
}

/** What these accounts are still to tell, and could. */
export async function waitingCalls(db: Db, accounts: readonly string[]): Promise<readonly WaitingCall[]> {
  const rows = await inParts(accounts, (part) =>
    db.selectFrom('sync').select(['id', 'account', 'call', 'ship_by', 'due_at']).where('account', 'in', part).where('status', 'in', [sql.lit('ready'), sql.lit('delayed')]).where('step', '=', 'send').where('call', 'is not', null).execute(),
  );
  return rows.map(({ id, account, call, ship_by, due_at }) => ({ sync: id, account, call: call ?? '', shipBy: ship_by, dueAt: due_at }));
}

/** A budget as it was last written; full where nothing was taken from it yet. */
export async function bucketOf(db: Db, scope: string, budget: string, limit: Limit, now: Instant): Promise<Bucket> {
  const row = await db.selectFrom('quota').selectAll().where('scope', '=', scope).where('budget', '=', budget).executeTakeFirst();
  return row === undefined ? freshBucket(limit, now) : keptBucket(row, limit);
}
