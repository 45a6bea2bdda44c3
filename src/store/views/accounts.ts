import { sql } from 'kysely';
import { day } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import { latestChecks } from '../account-checks.ts';
import type { AccountCheck } from '../account-checks.ts';
import { accountViews, inLane } from '../account-views.ts';
import type { AccountView } from '../account-views.ts';
import { logsOwn } from '../log-ids.ts';
import { unled } from '../postgres-dialect.ts';
import type { Db } from '../rows.ts';
import type { ViewContext } from './view.ts';

/** An account as its page shows it. */
export interface AccountPage extends AccountView {
  /** When the sync that has waited longest in its lane was planned. */
  readonly oldest: Instant | null;
  readonly check: AccountCheck | null;
}

export async function accountPages(context: ViewContext, { now }: { readonly now: Instant }): Promise<readonly AccountPage[]> {
  const { db } = context.store;
  const checks = await latestChecks(db);
  const pages: AccountPage[] = [];
  for (const view of await accountViews(context, now)) pages.push({ ...view, oldest: view.laneLength === 0 ? null : await oldestOf(db, view.id), check: checks.get(view.id) ?? null });
  return pages;
}

/** Groups of statuses as the indexes over what is open have them: each is answered by its index alone. */
const groups = [sql`status = 'ready'`, sql`status in ('delayed', 'submitted')`, sql`status in ('sending', 'checking')`, sql`status = 'blocked' and ${logsOwn}`] as const;

/** Numbers are given in the order of time: the least of what is open is the oldest. */
async function oldestOf(db: Db, account: string): Promise<Instant | null> {
  let least: number | null = null;
  for (const group of groups) {
    const { rows } = await sql<{ id: number | null }>`select min(id) as id from sync where ${group} and ${unled(db)}account = ${account}`.execute(db);
    const id = rows[0]?.id ?? null;
    if (id !== null && (least === null || id < least)) least = id;
  }
  return least === null ? null : ((await db.selectFrom('sync').select('created_at').where('id', '=', least).executeTakeFirst())?.created_at ?? null);
}

/** What waits in a lane, before somebody halts it or lets it go. */
export interface LaneAhead {
  readonly waiting: number;
  /** Of them: past their deadline, and due within a day. */
  readonly overdue: number;
  readonly soon: number;
  readonly earliest: Instant | null;
}

export async function laneAhead({ store: { db } }: ViewContext, { account, now }: { readonly account: string; readonly now: Instant }): Promise<LaneAhead> {
  const count = (until: Instant) => sql<number>`coalesce(sum(case when ship_by < ${until} then 1 else 0 end), 0)`;
  const row = await db
    .selectFrom('sync')
    .select((eb) => [eb.fn.countAll<number>().as('waiting'), count(now).as('overdue'), count(now + day).as('until'), eb.fn.min<number | null>('ship_by').as('earliest')])
    .where('ended_at', 'is', null)
    .where('account', '=', account)
    .where('status', 'in', inLane)
    .executeTakeFirstOrThrow();
  return { waiting: row.waiting, overdue: row.overdue, soon: row.until - row.overdue, earliest: row.earliest };
}

/** Confirmations of an account that have not left and lack nothing, soonest deadline first; `unsure`: those of which nobody knows whether they arrived. */
export async function waitingParcels({ store: { db } }: ViewContext, { account }: { readonly account: string }): Promise<{ readonly ids: readonly number[]; readonly unsure: number }> {
  const rows = await db
    .selectFrom('sync')
    .select(['id', 'unsettled'])
    .where('ended_at', 'is', null)
    .where('account', '=', account)
    .where('operation', '=', 'confirm-shipment')
    .where('status', 'in', ['ready', 'delayed', 'blocked'])
    .orderBy('ship_by')
    .orderBy('id')
    .execute();
  return { ids: rows.filter(({ unsettled }) => unsettled === 0).map(({ id }) => id), unsure: rows.filter(({ unsettled }) => unsettled === 1).length };
}
