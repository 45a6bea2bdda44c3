import type { Instant } from '../../runtime/clock.ts';
import { journalLane } from '../audit.ts';
import { inParts } from '../rows.ts';
import { journal } from './journal.ts';
import type { JournalEntry } from './journal.ts';
import type { ViewContext } from './view.ts';

/** Something that happened: an attempt that ended, something seen at a marketplace, or something that a person did. */
export type Happened =
  | { readonly kind: 'attempt'; readonly at: Instant; readonly sync: number; readonly order: string; readonly orderId: number; readonly account: string; readonly outcome: string; readonly cause: string | null; readonly reference: string | null }
  | { readonly kind: 'person'; readonly at: Instant; readonly entry: JournalEntry };

/** The latest of all lanes, newest first. Reads the end of each chain. */
export async function latestEvents(context: ViewContext, limit: number): Promise<readonly Happened[]> {
  const { db } = context.store;
  const lanes = (await db.selectFrom('audit_head').select('lane').where('lane', '<>', journalLane).execute()).map((row) => row.lane);
  const entries = await inParts(lanes.slice(0, 200), async (part) => {
    const ends: { at: number; sync_id: number | null; what: string | null; cause: string | null; kind: string }[] = [];
    // What is written before each call is no news: one in two entries is left out.
    for (const lane of part) ends.push(...(await db.selectFrom('audit_entry').select(['at', 'sync_id', 'what', 'cause', 'kind']).where('lane', '=', lane).orderBy('number', 'desc').limit(limit * 3).execute()));
    return ends;
  });
  const told = entries.filter(({ kind, sync_id }) => kind !== 'intent' && sync_id !== null).toSorted((a, b) => b.at - a.at).slice(0, limit);
  const ids = [...new Set(told.map(({ sync_id }) => sync_id ?? 0))];
  const rows = await inParts(ids, (part) => db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(['sync.id', 'sync.account', 'sync.reference', 'orders.reference as order', 'orders.id as order_id']).where('sync.id', 'in', part).execute());
  const known = new Map(rows.map((row) => [row.id, row]));
  const attempts = told.flatMap(({ at, sync_id, what, cause }): Happened[] => {
    const row = known.get(sync_id ?? 0);
    return row === undefined ? [] : [{ kind: 'attempt', at, sync: row.id, order: row.order, orderId: row.order_id, account: row.account, outcome: what ?? '', cause, reference: row.reference }];
  });
  const people = (await journal(context, { before: null, limit })).entries.map((entry): Happened => ({ kind: 'person', at: entry.at, entry }));
  return [...attempts, ...people].toSorted((a, b) => b.at - a.at).slice(0, limit);
}
