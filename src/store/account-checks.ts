import type { Instant } from '../runtime/clock.ts';
import type { Db } from './rows.ts';

/** What was found when an account was last checked: figures and names of calls, nothing secret. */
export interface AccountCheck {
  readonly at: Instant;
  readonly by: string;
  readonly findings: readonly { readonly what: string; readonly ok: boolean; readonly key: string; readonly details: Readonly<Record<string, string | number>> }[];
}

const prefix = 'account-check/';

/** Keeps the latest check of an account in place of the one before. */
export async function keepCheck(db: Db, account: string, check: AccountCheck): Promise<void> {
  const value = JSON.stringify(check);
  await db.insertInto('setting').values({ key: prefix + account, value }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute();
}

/** The latest check of each account, by account. */
export async function latestChecks(db: Db): Promise<ReadonlyMap<string, AccountCheck>> {
  const rows = await db.selectFrom('setting').selectAll().where('key', '>=', prefix).where('key', '<', `${prefix}\u{10ffff}`).execute();
  return new Map(rows.map(({ key, value }) => [key.slice(prefix.length), JSON.parse(value) as AccountCheck]));
}
