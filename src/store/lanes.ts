import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { hour } from '../runtime/clock.ts';
import { operations } from '../planning/operation.ts';
import type { Operation } from '../planning/operation.ts';
import type { LaneProfile, Tenure } from '../syncing/ledger.ts';
import { settle } from '../syncing/settle.ts';
import type { Outcome } from '../syncing/outcome.ts';
import type { Status } from '../syncing/status.ts';
import { append } from './audit.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import { transact } from './transact.ts';
import { lockOrders } from './locks.ts';
import { momentIn, momentOf } from './moment.ts';
import { callOf, move } from './transitions.ts';
import { serverOf } from './postgres-dialect.ts';
import { updateRows } from './rows.ts';
import type { Db, Tx } from './rows.ts';

/** Takes a lane, unless another worker's lease still runs. See Ledger.take. */
export async function takeLane(context: Context, profile: LaneProfile, worker: string, given: Instant): Promise<Tenure | null> {
  return transact(context.store.db, async (tx) => {
    const { account } = profile;
    const now = await momentIn(tx, given);
    if (serverOf(tx) !== null) await tx.insertInto('lane').values({ account, holder: null, number: 0, lease_until: 0, served_at: null, sweep_after: null }).onConflict((conflict) => conflict.doNothing()).execute();
    const lane = await tx.selectFrom('lane').selectAll().where('account', '=', account).forNoKeyUpdate().executeTakeFirst();
    const length = leaseLength(profile);
    // A lease that seems to run longer than a lease is one by a clock that was ahead.
    const held = lane !== undefined && lane.holder !== null && lane.holder !== worker && lane.lease_until > now && lane.lease_until <= now + length;
    if (held) return null;
    const number = (lane?.number ?? 0) + 1;
    const away = lane?.served_at == null || now - lane.served_at > profile.patience.sweep || now < lane.served_at;
    const sweepAfter = away ? now : lane.sweep_after;
    const values = { holder: worker, number, lease_until: now + length, served_at: now, sweep_after: sweepAfter };
    await tx.insertInto('lane').values({ account, ...values }).onConflict((conflict) => conflict.column('account').doUpdateSet(values)).execute();
    await begin(tx, context, profile, now);
    return { account, worker, number };
  });
}

/** What a former holder left is settled, before the first claim; see SharedLedger.settleIn. */
export async function settleIn(context: Context, tenure: Tenure, profile: LaneProfile, given: Instant): Promise<boolean> {
  return transact(context.store.db, async (tx) => {
    const lane = await tx.selectFrom('lane').select(['number', 'holder', momentOf(tx, given).as('now')]).where('account', '=', tenure.account).forNoKeyUpdate().executeTakeFirst();
    if (lane === undefined || lane.number !== tenure.number || lane.holder !== tenure.worker) return false;
    await begin(tx, context, profile, lane.now);
    return true;
  });
}

async function begin(tx: Tx, context: Context, profile: LaneProfile, now: Instant): Promise<void> {
  // A sweep that seems to have begun later than now is one by a clock that was ahead: it says nothing of what was read since.
  await tx.updateTable('sweep').set({ started_at: null }).where('scope', '=', profile.scope.sweep).where('started_at', '>', now).execute();
  await settleAbandoned(tx, context, profile, now);
  await nameCalls(tx, profile);
  await startAfresh(tx, profile, now);
}

/** Lengthens the lease; false where the lane has another holder. */
export async function renewLane(context: Context, profile: LaneProfile, tenure: Tenure, given: Instant): Promise<boolean> {
  const now = await momentIn(context.store.db, given);
  const result = await context.store.db
    .updateTable('lane')
    .set({ lease_until: now + leaseLength(profile), served_at: now })
    .where('account', '=', tenure.account)
    .where('number', '=', tenure.number)
    .where('holder', '=', tenure.worker)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function releaseLane(context: Context, tenure: Tenure, given: Instant): Promise<void> {
  const now = await momentIn(context.store.db, given);
  await context.store.db
    .updateTable('lane')
    .set({ holder: null, lease_until: 0, served_at: now })
    .where('account', '=', tenure.account)
    .where('number', '=', tenure.number)
    .where('holder', '=', tenure.worker)
    .execute();
}

/** Whether a worker still has a lane; in a transaction it keeps it until that ends. */
export async function holds(db: Db | Tx, { account, worker, number }: Tenure): Promise<boolean> {
  const lane = await db.selectFrom('lane').select('number').where('account', '=', account).where('holder', '=', worker).where('number', '=', number).$if(db.isTransaction, (query) => query.forShare()).executeTakeFirst();
  return lane !== undefined;
}

/** Twice the time-out: a call that began under it has ended before a successor begins. */
function leaseLength(profile: LaneProfile): number {
  return 2 * profile.patience.timeout;
}

/** Every intent gets its outcome: those of a worker that died are cut off, and looked for after a settling time. */
async function settleAbandoned(tx: Tx, context: Context, profile: LaneProfile, now: Instant): Promise<void> {
  const underWay = tx.selectFrom('sync').selectAll().where('account', '=', profile.account).where('status', 'in', [sql.lit('sending'), sql.lit('checking')]);
  await lockOrders(tx, (await underWay.execute()).map((row) => row.order_id));
  const rows = await underWay.orderBy('id').forNoKeyUpdate().execute();
  const abandoned = [...rows.map((row) => ({ sync: row.id, attempt: row.attempts })), ...(await lookedInVain(tx, profile.account, rows.map((row) => row.id)))];
  if (abandoned.length === 0) return;
  const outcome: Outcome = { kind: 'interrupted', evidence: null };
  const changed = totals();
  await append(tx, context.audit, profile.account, now, abandoned.map((one) => ({ ...one, kind: 'outcome', what: 'interrupted', cause: 'engine/worker-lost', body: { note: 'the worker that began this attempt ended without writing its outcome' } })));
  for (const row of rows) {
    const offer = profile.offers[row.operation as Operation];
    const attempted = {
      step: row.step as 'send' | 'check',
      readBack: false,
      unsettled: row.unsettled === 1,
      failures: row.failures,
      absents: row.absents,
      reference: row.reference,
      before: row.before === null ? null : (JSON.parse(row.before) as string[]),
      uselessAfter: row.useless_after,
      again: offer === 'not-offered' ? ('twice' as const) : offer.again,
      acceptedAt: row.accepted_at,
    };
    const next = settle(attempted, outcome, profile.patience, { now, chance: 0, probing: true, sweptUntil: null });
    await move(tx, [{ sync: { ...row, status: row.status as Status }, to: next.status, cause: 'engine/worker-lost', step: next.step, dueAt: next.dueAt }], profile.offers, changed, now);
    await tx.updateTable('sync').set({ unsettled: next.unsettled ? 1 : 0, absents: next.absents }).where('id', '=', row.id).execute();
  }
  await changed.write(tx, 'by its holder');
}

/** Entries in which an attempt that was cut off is looked for: more than a worker leaves unfinished. */
const recent = 20_000;

/** Read-backs that a worker began and never ended: their syncs stand as before, only the intent waits for its outcome. */
async function lookedInVain(tx: Tx, account: string, underWay: readonly number[]): Promise<readonly { readonly sync: number; readonly attempt: number }[]> {
  const head = await tx.selectFrom('audit_head').select('number').where('lane', '=', account).executeTakeFirst();
  // An answer lies behind its intent in the same chain: one walk along its end finds those that have none.
  const { rows } = await sql<{ sync: number; attempt: number }>`
    select sync_id as sync, attempt from audit_entry
    where lane = ${account} and number > ${(head?.number ?? 0) - recent} and kind in ('intent', 'outcome', 'late') and sync_id is not null
    group by sync_id, attempt having max(case when kind = 'intent' then 0 else 1 end) = 0
    order by min(number)`.execute(tx);
  const settled = new Set(underWay);
  return rows.filter((row) => !settled.has(row.sync));
}

/** What is ready or will be costs the calls that this version's room makes: a restore, or an upgrade, may have left others. */
async function nameCalls(tx: Tx, profile: LaneProfile): Promise<void> {
  const cases = operations.flatMap((operation) => (['send', 'check'] as const).map((step) => sql`when operation = ${sql.lit(operation)} and step = ${sql.lit(step)} then ${sql.lit(callOf(profile.offers, operation, step))}`));
  const call = sql<string | null>`case ${sql.join(cases, sql` `)} else call end`;
  // As the indexes have them. Whatever else is open is given its call when it moves.
  for (const waiting of [sql<boolean>`status = 'ready'`, sql<boolean>`status in ('delayed', 'submitted')`]) {
    await tx.updateTable('sync').set({ call }).where(waiting).where('account', '=', profile.account).where('call', 'is distinct from', call).execute();
  }
}

/** After a restart settling counts afresh, and nothing waits longer than one backoff: the clock may have lied before. */
async function startAfresh(tx: Tx, profile: LaneProfile, now: Instant): Promise<void> {
  await boundGrace(tx, profile, now);
  const due = tx.updateTable('sync').where('account', '=', profile.account);
  // Both statuses are written out wherever one is meant: else the index of what is due is not used.
  const waiting = due.where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]);
  await waiting.set({ due_at: now + profile.patience.settle }).where('status', '=', sql.lit('delayed')).where('unsettled', '=', 1).execute();
  await waiting.set({ due_at: now + hour }).where('due_at', '>', now + hour).execute();
  await due.set({ due_at: now + profile.patience.readBack }).where('status', '=', sql.lit('accepted')).where('due_at', '>', now + hour).execute();
}

/** No grace lasts longer than it was given for: one that seems to was given by a clock that was ahead. */
async function boundGrace(tx: Tx, profile: LaneProfile, now: Instant): Promise<void> {
  const running = await tx
    .selectFrom('sync')
    .innerJoin('applied_state', 'applied_state.id', 'sync.applied_state_id')
    .select(['sync.id', 'sync.status', 'sync.due_at', 'sync.grace_until', 'sync.created_at', 'applied_state.grace_until as given'])
    .where('sync.account', '=', profile.account)
    .where('sync.status', 'in', [sql.lit('delayed'), sql.lit('held'), sql.lit('blocked')])
    .where('sync.ended_at', 'is', null)
    .where('sync.grace_until', '>', now)
    .forNoKeyUpdate('sync')
    .execute();
  const over = running.flatMap(({ id, status, due_at: due, grace_until: until, created_at: since, given }) => {
    const last = now + Math.max(0, (given ?? since) - since);
    return until === null || until <= last ? [] : [{ id, grace_until: last, due_at: status === 'delayed' && due === until ? last : due }];
  });
  await updateRows(tx, 'sync', over);
}
