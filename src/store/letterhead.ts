import type { Fault } from '../orders/fault.ts';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';

/** What stands around every order that a customer sees: the shop's name, and how it is asked something. Empty where nobody wrote it. */
export interface Letterhead {
  readonly name: string;
  readonly contact: string;
}

const key = 'letterhead';

/** In characters. */
export const longestLetterhead = { name: 60, contact: 400 } as const;

export async function findLetterhead(db: Db): Promise<Letterhead> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? { name: '', contact: '' } : (JSON.parse(row.value) as Letterhead);
}

/** Saves it, or says what is wrong with it. */
export async function saveLetterhead(context: Context, letterhead: Letterhead, author: string, now: Instant): Promise<readonly Fault[]> {
  const faults = (['name', 'contact'] as const).flatMap((field): Fault[] => (Array.from(letterhead[field]).length > longestLetterhead[field] ? [{ code: 'too-long', field, limit: longestLetterhead[field] }] : []));
  if (faults.length > 0) return faults;
  await transact(context.store.db, async (tx) => {
    const value = JSON.stringify(letterhead);
    await tx.insertInto('setting').values({ key, value }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'letterhead-edited', sync: null, attempt: null, what: null, cause: null, body: { by: author, letterhead } }]);
  });
  return [];
}
