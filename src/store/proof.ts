import { proofFrom } from '../syncing/proof.ts';
import type { Proof, ProofEntry } from '../syncing/proof.ts';
import { digestOf, genesis, hashOf } from './chain.ts';
import type { Context } from './context.ts';
import { findSync, storyOf } from './log.ts';
import type { StoryEntry } from './log.ts';
import type { Db } from './rows.ts';

/** What can be shown of one sync, with every entry that it rests on recomputed; `null`: no such sync. */
export async function proofOf(context: Context, sync: number): Promise<Proof | null> {
  const { db } = context.store;
  const row = await findSync(db, sync);
  if (row === null) return null;
  const order = await db.selectFrom('orders').select('ship_by').where('id', '=', row.order_id).executeTakeFirst();
  const entries = await recomputed(context, sync);
  const head = await db.selectFrom('audit_head').select(['lane', 'number', 'hash']).where('lane', '=', row.account).executeTakeFirst();
  return proofFrom({
    sync,
    account: row.account,
    order: row.order,
    operation: row.operation,
    status: row.status,
    cause: row.cause,
    reference: row.reference,
    deadline: row.ship_by,
    deadlineNamed: order?.ship_by != null,
    attempts: row.attempts,
    entries,
    head: head ?? null,
  });
}

/** The sync's entries, each with its hash computed anew over the one before it, and its body's digest where it is kept. */
async function recomputed(context: Context, sync: number): Promise<readonly ProofEntry[]> {
  const entries: ProofEntry[] = [];
  for (const entry of await storyOf(context.store.db, sync)) entries.push({ ...entry, whole: await isWhole(context, entry) });
  return entries;
}

async function isWhole({ store: { db }, audit }: Context, { lane, number }: Pick<StoryEntry, 'lane' | 'number'>): Promise<boolean> {
  const header = await db.selectFrom('audit_entry').selectAll().where('lane', '=', lane).where('number', '=', number).executeTakeFirst();
  const body = await db.selectFrom('audit_body').select(['salt', 'body']).where('lane', '=', lane).where('number', '=', number).executeTakeFirst();
  const key = header === undefined ? undefined : audit.keyring.keys.get(header.key);
  const previous = await hashBefore(db, lane, number);
  if (header === undefined || key === undefined || previous === null || hashOf(key, previous, header) !== header.hash) return false;
  return body === undefined || digestOf(body.salt, body.body) === header.digest;
}

/** The hash that an entry was chained to; null where it cannot be found. */
async function hashBefore(db: Db, lane: string, number: number): Promise<string | null> {
  if (number === 1) return genesis;
  const before = await db.selectFrom('audit_entry').select('hash').where('lane', '=', lane).where('number', '=', number - 1).executeTakeFirst();
  if (before !== undefined) return before.hash;
  const anchor = await db.selectFrom('audit_anchor').select('hash').where('lane', '=', lane).where('number', '=', number - 1).executeTakeFirst();
  return anchor?.hash ?? null;
}
