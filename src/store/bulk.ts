import type { Wish } from '../orders/applied-state.ts';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import { breathe } from './breathe.ts';
import type { Context } from './context.ts';
import { allocateOne } from './identifiers.ts';
import { applyAll } from './intake.ts';
import type { Answer } from './intake.ts';
import { lockOrders } from './locks.ts';
import { insertRows } from './rows.ts';
import type { Db } from './rows.ts';
import type { Schema } from './schema.ts';
import { transact } from './transact.ts';
import { undoInside } from './undo.ts';
import type { Undone } from './undo.ts';

/** Many orders, one state, a frozen list, an author. */
export interface BulkAsked {
  readonly state: string;
  readonly author: string;
  /** Where the list came from: a file's name, `console`. */
  readonly source: string;
  readonly wishes: readonly Wish[];
}

/** Applications per transaction: few enough that nobody waits long for the next one. Undoing one costs five times as much. */
const chunk = 50;
const undoChunk = 10;
/** Rows of the frozen list per statement. */
const itemChunk = 1_000;

/**
 * Applies a state to many orders as one record. The list is stored first; it is worked through in short transactions.
 * @param stop leaves what has not been reached: there are fewer answers than wishes then, in their order
 * @param begun called with the number of the record once it is written
 */
export async function applyBulk(context: Context, asked: BulkAsked, now: Instant, onProgress: (done: number, all: number) => void = () => undefined, stop?: AbortSignal, begun: (id: number) => void = () => undefined): Promise<{ readonly id: number; readonly answers: readonly Answer[] }> {
  const { db } = context.store;
  const id = await transact(db, async (tx) => {
    const items: Schema['bulk_item'][] = [];
    const fresh = await allocateOne(tx, 'bulk');
    await tx.insertInto('bulk').values({ id: fresh, state: asked.state, author: asked.author, source: asked.source, created_at: now, total: asked.wishes.length, undone_at: null, undone_by: null }).execute();
    for (const [n, wish] of asked.wishes.entries()) {
      items.push({ bulk_id: fresh, n, account: wish.account, reference: wish.order, applied_state_id: null, fault: null });
      if (items.length < itemChunk && n < asked.wishes.length - 1) continue;
      await insertRows(tx, 'bulk_item', items.splice(0));
      await breathe();
    }
    await append(tx, context.audit, journalLane, now, [{ kind: 'bulk', sync: null, attempt: null, what: asked.state, cause: null, body: { by: asked.author, bulk: fresh, source: asked.source, orders: asked.wishes.length } }]);
    return fresh;
  });
  begun(id);
  const answers: Answer[] = [];
  for (let from = 0; from < asked.wishes.length; from += chunk) {
    await breathe();
    if (stop?.aborted === true) break;
    const part = asked.wishes.slice(from, from + chunk);
    const answered = await transact(db, async (tx) => {
      const told = await applyAll(tx, context, part, { source: `bulk/${id}`, author: asked.author, byHand: true, bulk: id }, now);
      for (const [i, answer] of told.entries()) {
        const outcome = 'id' in answer ? { applied_state_id: answer.id, fault: null } : { applied_state_id: null, fault: JSON.stringify(answer.faults) };
        await tx.updateTable('bulk_item').set(outcome).where('bulk_id', '=', id).where('n', '=', from + i).execute();
      }
      return told;
    });
    answers.push(...answered);
    onProgress(Math.min(from + chunk, asked.wishes.length), asked.wishes.length);
  }
  return { id, answers };
}

/** Undoes a bulk application as a whole: order by order, what has not left never leaves, but for what others applied too. `null`: no such record. */
export async function undoBulk(context: Context, id: number, author: string, now: Instant): Promise<readonly Undone[] | null> {
  const { db } = context.store;
  const bulk = await db.selectFrom('bulk').select('id').where('id', '=', id).executeTakeFirst();
  if (bulk === undefined) return null;
  // By the applications' own record, and by what it stood behind: an item that had been applied before belongs to another.
  const own = db.selectFrom('applied_state').select(['id', 'order_id']).where('bulk_id', '=', id).where('undone_at', 'is', null);
  const claimed = db.selectFrom('claim').innerJoin('applied_state', 'applied_state.id', 'claim.applied_state_id').select(['applied_state.id', 'order_id']).where('claim.source', '=', `bulk/${id}`).where('withdrawn_at', 'is', null).where('undone_at', 'is', null);
  const items = await own.union(claimed).orderBy('id').execute();
  const undone: Undone[] = [];
  for (let from = 0; from < items.length; from += undoChunk) {
    await breathe();
    const part = items.slice(from, from + undoChunk);
    const done = await transact(db, async (tx) => {
      await lockOrders(tx, part.map((item) => item.order_id));
      const told: Undone[] = [];
      for (const item of part) {
        const one = await undoInside(tx, context, item.id, { author, source: `bulk/${id}` }, now);
        if (one !== null) told.push(one);
      }
      return told;
    });
    undone.push(...done);
  }
  await db.updateTable('bulk').set({ undone_at: now, undone_by: author }).where('id', '=', id).execute();
  return undone;
}

/** Bulk applications, newest first. */
export async function listBulks(db: Db, limit: number) {
  return db
    .selectFrom('bulk')
    .select((eb) => [
      'id',
      'state',
      'author',
      'source',
      'created_at',
      'total',
      'undone_at',
      'undone_by',
      eb.selectFrom('bulk_item').select((inner) => inner.fn.countAll<number>().as('n')).whereRef('bulk_item.bulk_id', '=', 'bulk.id').where('applied_state_id', 'is not', null).as('applied'),
      // Applied before by somebody else, or by an earlier file: it belongs to that one.
      eb.selectFrom('bulk_item').innerJoin('applied_state', 'applied_state.id', 'bulk_item.applied_state_id').select((inner) => inner.fn.countAll<number>().as('n')).whereRef('bulk_item.bulk_id', '=', 'bulk.id').where((inner) => inner.or([inner('applied_state.bulk_id', 'is', null), inner('applied_state.bulk_id', '!=', inner.ref('bulk.id'))])).as('known'),
      eb.selectFrom('bulk_item').select((inner) => inner.fn.countAll<number>().as('n')).whereRef('bulk_item.bulk_id', '=', 'bulk.id').where('fault', 'is not', null).as('refused'),
    ])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** The frozen list of one bulk application, with what became of each. */
export async function showBulk(db: Db, id: number) {
  const bulk = await db.selectFrom('bulk').selectAll().where('id', '=', id).executeTakeFirst();
  if (bulk === undefined) return null;
  const items = await db.selectFrom('bulk_item').leftJoin('applied_state', 'applied_state.id', 'applied_state_id').select(['n', 'account', 'reference', 'applied_state_id', 'fault', 'applied_state.undone_at', 'applied_state.undone_by']).where('bulk_item.bulk_id', '=', id).orderBy('n').execute();
  return { ...bulk, items };
}
