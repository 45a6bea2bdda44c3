import { lastGiven } from '../identifiers.ts';
import type { ViewContext } from './view.ts';

/**
 * Something that differs as soon as anything happened that a page shows: a sync moved on, a state was applied, somebody did
 * something. Summed over all accounts, however many there are: chains only grow, and what moves without an entry of a chain
 * moves from one total to another.
 */
export async function pulse({ store: { db } }: ViewContext): Promise<string> {
  const heads = await db.selectFrom('audit_head').select((eb) => [eb.fn.countAll<number>().as('lanes'), eb.fn.sum<number | null>('number').as('entries')]).executeTakeFirst();
  const counters = await db.selectFrom('counter').select((eb) => ['status', 'cause', eb.fn.sum<number>('n').as('n')]).groupBy(['status', 'cause']).orderBy('status').orderBy('cause').execute();
  const numbers = await lastGiven(db);
  return JSON.stringify([heads, counters, numbers]);
}
