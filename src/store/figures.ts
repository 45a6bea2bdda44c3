import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { Db } from './rows.ts';

/** Throws where the database takes no writes. Changes nothing. */
export async function assertWritable(db: Db): Promise<void> {
  await db.updateTable('setting').set({ value: '' }).where('key', '=', '').execute();
}

/** What is left of each budget, as last written. */
export async function listBudgets(db: Db): Promise<readonly { readonly scope: string; readonly budget: string; readonly tokens: number }[]> {
  return db.selectFrom('quota').select(['scope', 'budget', 'tokens']).execute();
}

/** Syncs that were done between two instants, by account, and how many of them before their deadline. */
export async function doneBetween(db: Db, from: Instant, to: Instant): Promise<readonly { readonly account: string; readonly told: number; readonly inTime: number }[]> {
  const rows = await db
    .selectFrom('sync')
    .select((eb) => ['account', eb.fn.countAll<number>().as('told'), eb.fn.sum<number>(eb.case().when('accepted_at', '<=', eb.ref('ship_by')).then(sql.lit(1)).else(sql.lit(0)).end()).as('in_time')])
    .where('ended_at', '>=', from)
    .where('ended_at', '<', to)
    .where('status', 'in', ['accepted', 'confirmed'])
    .groupBy('account')
    .execute();
  return rows.map((row) => ({ account: row.account, told: row.told, inTime: row.in_time }));
}

/** When the last entry of the audit was written; null where there is none. */
export async function latestEntry(db: Db): Promise<Instant | null> {
  const rows = await db
    .selectFrom('audit_head')
    .innerJoin('audit_entry', (join) => join.onRef('audit_entry.lane', '=', 'audit_head.lane').onRef('audit_entry.number', '=', 'audit_head.number'))
    .select('audit_entry.at')
    .execute();
  return rows.length === 0 ? null : rows.reduce((latest, { at }) => Math.max(latest, at), 0);
}
