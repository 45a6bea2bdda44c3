import { lastGiven } from '../identifiers.ts';
import type { ViewContext } from './view.ts';

/** Something that differs as soon as anything happened that a page shows: a sync moved on, a state was applied, somebody did something. */
export async function pulse({ store: { db } }: ViewContext): Promise<string> {
  const heads = await db.selectFrom('audit_head').select(['lane', 'number']).orderBy('lane').execute();
  const counters = await db.selectFrom('counter').selectAll().orderBy('account').orderBy('status').orderBy('cause').execute();
  const numbers = await lastGiven(db);
  return JSON.stringify([heads, counters, numbers]);
}
