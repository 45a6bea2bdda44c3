import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { day } from '../runtime/clock.ts';
import type { LaneProfile, Tenure } from '../syncing/ledger.ts';
import type { Attendance, Attending } from '../syncing/shared.ts';
import type { Context } from './context.ts';
import { momentIn, momentOf } from './moment.ts';
import { insertRows } from './rows.ts';
import type { Db, Tx } from './rows.ts';
import { tellOfWorkers } from './tidings.ts';
import { transact } from './transact.ts';

/** See SharedLedger.attend. Two short transactions at most: the lease first, so that nothing holds it up. */
export async function attend(context: Context, asking: Attending, given: Instant): Promise<Attendance> {
  const { db } = context.store;
  const { worker, profiles } = asking;
  if (asking.renew || !asking.known) await renew(db, asking, given);
  const standing = await look(db, worker, given);
  const mine = standing.me === undefined ? [] : await lanesOf(db, worker);
  const share = Math.ceil(profiles.length / Math.max(1, standing.staying));
  const wanted = asking.stays ? share - mine.length : 0;
  const overdue = standing.others.some((other) => other.lease_until <= standing.now);
  const given_ = overdue || (wanted > 0 && standing.free > 0) ? await assign(context, asking, wanted, given) : [];
  const quiet = await quietAmong(db, given_.map((tenure) => tenure.account));
  return {
    now: standing.now,
    isEldest: standing.eldest === worker,
    surplus: standing.staying > 1 ? Math.max(0, mine.length - share) : 0,
    tenures: [...mine.map((tenure) => ({ ...tenure, worker, isQuiet: false })), ...given_.map((tenure) => ({ ...tenure, worker, isQuiet: quiet.has(tenure.account) }))],
  };
}

/** The worker's own row: alone in its transaction, since whoever waits for it would take it for dead. */
async function renew(db: Db, { worker, profiles, lease, known, stays }: Attending, given: Instant): Promise<void> {
  const now = await momentIn(db, given);
  const values = { lease_until: now + lease, stays: stays ? 1 : 0 };
  const kept = known ? await db.updateTable('worker').set(values).where('name', '=', worker).where('ended_at', 'is', null).executeTakeFirst() : undefined;
  if (kept?.numUpdatedRows === 1n) return;
  // It comes, or comes back after others have taken it for dead: whatever it held before is no longer its own.
  await transact(db, async (tx) => {
    await tx.insertInto('worker').values({ name: worker, started_at: now, ended_at: null, ...values }).onConflict((conflict) => conflict.column('name').doUpdateSet({ started_at: now, ended_at: null, ...values })).execute();
    await tx.updateTable('lane').set({ holder: null }).where('holder', '=', worker).execute();
    await ensureLanes(tx, profiles);
    await tx.deleteFrom('worker').where('ended_at', '<', now - day).execute();
    await tellOfWorkers(tx);
  });
}

async function ensureLanes(tx: Tx, profiles: readonly LaneProfile[]): Promise<void> {
  const known = new Set((await tx.selectFrom('lane').select('account').execute()).map((row) => row.account));
  const missing = profiles.filter(({ account }) => !known.has(account)).toSorted((a, b) => (a.account < b.account ? -1 : 1));
  await insertRows(tx, 'lane', missing.map(({ account }) => ({ account, holder: null, number: 0, lease_until: 0, served_at: null, sweep_after: null })));
}

async function look(db: Db, worker: string, given: Instant) {
  const rows = await db.selectFrom('worker').select(['name', 'stays', 'lease_until', momentOf(db, given).as('now')]).where('ended_at', 'is', null).orderBy('started_at').orderBy('name').execute();
  const now = rows[0]?.now ?? given;
  const here = rows.filter((row) => row.lease_until > now || row.name === worker);
  const free = await db
    .selectFrom('lane')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where((eb) => eb.or([eb('holder', 'is', null), eb('holder', 'not in', here.map((row) => row.name))]))
    .executeTakeFirstOrThrow();
  return { now, me: rows.find((row) => row.name === worker), others: rows.filter((row) => row.name !== worker), staying: here.filter((row) => row.stays === 1).length, eldest: here.find((row) => row.stays === 1)?.name ?? null, free: free.n };
}

async function lanesOf(db: Db, worker: string): Promise<{ account: string; number: number }[]> {
  return db.selectFrom('lane').select(['account', 'number']).where('holder', '=', worker).execute();
}

/** Of those who divide the lanes one works at a time: whole scopes go to one worker. */
const dividing = 7_245_001;

/** Says whose lease has run out, and gives this worker up to `wanted` of the lanes that nobody has, scope by scope. */
async function assign(context: Context, { worker, profiles }: Attending, wanted: number, given: Instant): Promise<{ account: string; number: number }[]> {
  return transact(context.store.db, async (tx) => {
    const { rows } = await sql<{ alone: boolean }>`select pg_try_advisory_xact_lock(${dividing}) as alone`.execute(tx);
    if (rows[0]?.alone !== true) return [];
    const now = await momentIn(tx, given);
    // One that lengthens its lease just now is not dead.
    const dead = await tx.selectFrom('worker').select(['name', 'lease_until']).where('ended_at', 'is', null).where('name', '<>', worker).where('lease_until', '<=', now).forNoKeyUpdate().skipLocked().execute();
    if (dead.length > 0) await tx.updateTable('worker').set({ ended_at: now }).where('name', 'in', dead.map((row) => row.name)).execute();
    if (wanted < 1) return [];
    const workers = await tx.selectFrom('worker').select(['name', 'lease_until', 'ended_at']).execute();
    const here = workers.filter((row) => row.ended_at === null).map((row) => row.name);
    if (!here.includes(worker)) return [];
    const byAccount = new Map(profiles.map((profile) => [profile.account, profile]));
    const free = (await tx.selectFrom('lane').select(['account', 'number', 'holder', 'served_at']).where((eb) => eb.or([eb('holder', 'is', null), eb('holder', 'not in', here)])).orderBy('account').forNoKeyUpdate().skipLocked().execute()).filter((row) => byAccount.has(row.account));
    const chosen: typeof free = [];
    for (const group of Map.groupBy(free, (row) => byAccount.get(row.account)?.scope.sweep).values()) if (chosen.length < wanted) chosen.push(...group);
    const lastSeen = new Map(workers.map((row) => [row.name, row.lease_until]));
    const away = (row: (typeof free)[number]): boolean => {
      const served = Math.max(row.served_at ?? -Infinity, row.holder === null ? -Infinity : (lastSeen.get(row.holder) ?? -Infinity));
      return !Number.isFinite(served) || now - served > (byAccount.get(row.account)?.patience.sweep ?? 0);
    };
    for (const [lanes, sweep] of [[chosen.filter((row) => !away(row)), {}], [chosen.filter(away), { sweep_after: now }]] as const) {
      if (lanes.length === 0) continue;
      await tx.updateTable('lane').set((eb) => ({ holder: worker, number: eb('number', '+', 1), served_at: now, ...sweep })).where('account', 'in', lanes.map((row) => row.account)).execute();
    }
    return chosen.map((row) => ({ account: row.account, number: row.number + 1 }));
  });
}

/** Statuses in which something may be left to do. */
const open = ['ready', 'delayed', 'blocked', 'held', 'sending', 'submitted', 'checking'];

/** Accounts of which nothing is open, and nothing is to be read back. */
async function quietAmong(db: Db, accounts: readonly string[]): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set();
  const counted = await db.selectFrom('counter').select('account').distinct().where('account', 'in', accounts).where('status', 'in', open).where('n', '>', 0).execute();
  const readBack = await db.selectFrom('sync').select('account').distinct().where('status', '=', sql.lit('accepted')).where('due_at', 'is not', null).where('account', 'in', accounts).execute();
  const busy = new Set([...counted, ...readBack].map((row) => row.account));
  return new Set(accounts.filter((account) => !busy.has(account)));
}

/** See SharedLedger.giveBack. */
export async function giveBack(context: Context, tenures: readonly Tenure[], given: Instant): Promise<void> {
  const [first] = tenures;
  if (first === undefined) return;
  await transact(context.store.db, async (tx) => {
    const now = await momentIn(tx, given);
    // A lane that its next holder has already is not touched: the name is another.
    const mine = tx.selectFrom('lane').select('account').where('holder', '=', first.worker).where('account', 'in', tenures.map((tenure) => tenure.account)).orderBy('account').forNoKeyUpdate();
    await tx.updateTable('lane').set({ holder: null, served_at: now }).where('account', 'in', mine).execute();
    await tellOfWorkers(tx);
  });
}

/** See SharedLedger.leave. */
export async function leave(context: Context, worker: string, given: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    const now = await momentIn(tx, given);
    await tx.updateTable('worker').set({ ended_at: now, stays: 0 }).where('name', '=', worker).where('ended_at', 'is', null).execute();
    // What could not be given back, because the way to the server was cut just then.
    const left = tx.selectFrom('lane').select('account').where('holder', '=', worker).orderBy('account').forNoKeyUpdate();
    await tx.updateTable('lane').set({ holder: null, served_at: now }).where('account', 'in', left).execute();
    await tellOfWorkers(tx);
  });
}
