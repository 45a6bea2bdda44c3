import type { Fault } from '../../orders/fault.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { LeftOut, Verb } from '../../syncing/rerun.ts';
import type { ViewContext } from './view.ts';

/** What somebody asked of many syncs at once, and how far it has come. */
export interface VerbRecord {
  readonly id: number;
  readonly verb: Verb;
  readonly author: string;
  readonly reason: string;
  readonly at: Instant;
  readonly total: number;
  readonly done: number;
  /** Those that stay as they are, by the reason. */
  readonly leftOut: readonly { readonly why: LeftOut; readonly n: number }[];
  /** Null: it is still at work, or was cut off. */
  readonly endedAt: Instant | null;
}

/** One record; null: there is none of this number. */
export async function verbRecord({ store: { db } }: ViewContext, { id }: { readonly id: number }): Promise<VerbRecord | null> {
  const row = await db.selectFrom('rerun').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const outcomes = await db.selectFrom('rerun_item').select((eb) => ['outcome', eb.fn.countAll<number>().as('n')]).where('rerun_id', '=', id).groupBy('outcome').execute();
  return {
    id,
    verb: row.verb as Verb,
    author: row.author,
    reason: row.reason,
    at: row.created_at,
    total: row.total,
    done: outcomes.find(({ outcome }) => outcome === 'done')?.n ?? 0,
    leftOut: outcomes.flatMap(({ outcome, n }) => (outcome === null || outcome === 'done' ? [] : [{ why: outcome as LeftOut, n }])),
    endedAt: row.ended_at,
  };
}

/** The latest that were asked of several syncs, newest first. */
export async function verbRecords(context: ViewContext, { limit }: { readonly limit: number }): Promise<readonly VerbRecord[]> {
  const rows = await context.store.db.selectFrom('rerun').select('id').where('total', '>', 1).orderBy('id', 'desc').limit(limit).execute();
  const records: VerbRecord[] = [];
  for (const { id } of rows) {
    const record = await verbRecord(context, { id });
    if (record !== null) records.push(record);
  }
  return records;
}

/** A state applied to many orders at once, and how far it has come. */
export interface BulkRecord {
  readonly id: number;
  readonly state: string;
  readonly author: string;
  readonly source: string;
  readonly at: Instant;
  readonly total: number;
  readonly applied: number;
  readonly refused: number;
  /** The first of those that were refused. */
  readonly refusals: readonly { readonly order: string; readonly faults: readonly Fault[] }[];
  readonly undoneAt: Instant | null;
}

/** So many refusals are named. */
const named = 50;

export async function bulkRecord({ store: { db } }: ViewContext, { id }: { readonly id: number }): Promise<BulkRecord | null> {
  const row = await db.selectFrom('bulk').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const items = db.selectFrom('bulk_item').where('bulk_id', '=', id);
  const { applied, refused } = await items.select((eb) => [eb.fn.count<number>('applied_state_id').as('applied'), eb.fn.count<number>('fault').as('refused')]).executeTakeFirstOrThrow();
  const refusals = await items.select(['reference', 'fault']).where('fault', 'is not', null).orderBy('n').limit(named).execute();
  return { id, state: row.state, author: row.author, source: row.source, at: row.created_at, total: row.total, applied, refused, refusals: refusals.map(({ reference, fault }) => ({ order: reference, faults: JSON.parse(fault ?? '[]') as Fault[] })), undoneAt: row.undone_at };
}
