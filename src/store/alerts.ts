import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { day } from '../runtime/clock.ts';
import { near } from '../syncing/alert.ts';
import type { Alert, AlertKind, Snapshot } from '../syncing/alert.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';

/** The present, as the alerts judge it: a handful of statements over what is open, however many accounts there are. */
export async function readSnapshot(db: Db, profiles: Iterable<LaneProfile>, now: Instant): Promise<Snapshot> {
  const deadlines = await db.selectFrom('sync').select((eb) => ['account', eb.fn.countAll<number>().as('n'), eb.fn.min('ship_by').as('nearest')]).where('ended_at', 'is', null).where('ship_by', '<', now + near).groupBy('account').execute();
  const oldest = await db.selectFrom('sync').select((eb) => ['account', eb.fn.min('created_at').as('at')]).where('status', '=', sql.lit('ready')).groupBy('account').execute();
  const rows = await db.selectFrom('account').select(['id', 'paused_at', 'observe_since']).execute();
  const sweeps = await db.selectFrom('sweep').select(['scope', 'until']).execute();
  const refusals = Map.groupBy(await db.selectFrom('refusal').select(['account', 'call', 'cause', 'since']).orderBy('account').orderBy('call').execute(), ({ account }) => account);
  const [dueOf, oldestOf, rowOf] = [new Map(deadlines.map((one) => [one.account, one])), new Map(oldest.map((one) => [one.account, one.at])), new Map(rows.map((row) => [row.id, row]))];
  const sweptUntil = new Map(sweeps.map(({ scope, until }) => [scope, until]));
  const accounts = [...profiles].map((profile): Snapshot['accounts'][number] => {
    const { account } = profile;
    const row = rowOf.get(account);
    return {
      id: account,
      asleep: profile.mode === 'observe' || row?.paused_at != null || row?.observe_since != null,
      overdueSoon: dueOf.get(account)?.n ?? 0,
      nearestDeadline: dueOf.get(account)?.nearest ?? null,
      oldestReady: oldestOf.get(account) ?? null,
      refusals: (refusals.get(account) ?? []).map(({ call, cause, since }) => ({ call, cause, since })),
      sweptUntil: sweptUntil.get(profile.scope.sweep) ?? null,
    };
  });
  const last = await db.selectFrom('applied_state').select('received_at').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const before = await db.selectFrom('applied_state').select((eb) => eb.fn.countAll<number>().as('n')).where('received_at', '>=', now - 8 * day).where('received_at', '<', now - 7 * day).executeTakeFirst();
  return { now, accounts, lastApplied: last?.received_at ?? null, appliedWeekBefore: before?.n ?? 0 };
}

/** Alerts of the present are kept; those that are no more are over. Returns what has not been posted yet. */
export async function keepAlerts(db: Db, present: readonly Alert[], now: Instant): Promise<readonly Alert[]> {
  return transact(db, async (tx) => {
    for (const { key, kind, details } of present) {
      await tx
        .insertInto('alert')
        .values({ key, kind, details: JSON.stringify(details), count: 1, first_at: now, last_at: now, posted_at: null, over_at: null })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet((eb) => ({
            details: JSON.stringify(details),
            last_at: now,
            first_at: eb.case().when('alert.over_at', 'is not', null).then(now).else(eb.ref('alert.first_at')).end(),
            posted_at: eb.case().when('alert.over_at', 'is not', null).then(null).else(eb.ref('alert.posted_at')).end(),
            over_at: null,
          })),
        )
        .execute();
    }
    // Failures are kept by whoever recorded them: they are over when nothing fails for that cause any more.
    const keys = present.map((alert) => alert.key);
    await tx.updateTable('alert').set({ over_at: now }).where('kind', '<>', 'failure').where('over_at', 'is', null).$if(keys.length > 0, (query) => query.where('key', 'not in', keys)).execute();
    await overFailures(tx, now);
    const rows = await tx.selectFrom('alert').select(['key', 'kind', 'details']).where('posted_at', 'is', null).where('over_at', 'is', null).execute();
    return rows.map((row) => ({ key: row.key, kind: row.kind as AlertKind, details: JSON.parse(row.details) as Alert['details'] }));
  });
}

async function overFailures(tx: Db, now: Instant): Promise<void> {
  const rows = await tx.selectFrom('alert').select(['key', 'details']).where('kind', '=', 'failure').where('over_at', 'is', null).execute();
  for (const row of rows) {
    const { account, cause } = JSON.parse(row.details) as { account: string; cause: string };
    const open = await tx.selectFrom('counter').select('n').where('account', '=', account).where('cause', '=', cause).where('status', 'in', ['rejected', 'exhausted', 'in-doubt']).where('n', '>', 0).executeTakeFirst();
    if (open === undefined) await tx.updateTable('alert').set({ over_at: now }).where('key', '=', row.key).execute();
  }
}

/** These have been posted: they are not posted again before they were over. */
export async function alertsPosted(db: Db, keys: readonly string[], now: Instant): Promise<void> {
  if (keys.length > 0) await db.updateTable('alert').set({ posted_at: now }).where('key', 'in', keys).execute();
}

/** What is the matter at present, newest first. */
export async function listAlerts(db: Db): Promise<readonly (Alert & { readonly since: Instant; readonly count: number })[]> {
  const rows = await db.selectFrom('alert').selectAll().where('over_at', 'is', null).orderBy('first_at', 'desc').execute();
  return rows.map((row) => ({ key: row.key, kind: row.kind as AlertKind, details: JSON.parse(row.details) as Alert['details'], since: row.first_at, count: row.count }));
}
