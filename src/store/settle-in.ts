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
import { momentOf } from './moment.ts';
import { callOf, move } from './transitions.ts';
import { inParts, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';

/** A lane that a worker has been given. */
export interface Given {
  readonly tenure: Tenure;
  readonly profile: LaneProfile;
}

/** What a former holder left is settled, before the first claim; see SharedLedger.settleIn. */
export async function settleIn(context: Context, tenure: Tenure, profile: LaneProfile, given: Instant): Promise<boolean> {
  const [isHeld] = await settleAllIn(context, [{ tenure, profile }], given);
  return isHeld === true;
}

/**
 * The same for many lanes, in one transaction and about as many statements as for one.
 * @returns of each lane whether it is held; `null` for one whose former holder left something unfinished, to be settled by itself
 */
export async function settleAllIn(context: Context, lanes: readonly Given[], given: Instant): Promise<readonly (boolean | null)[]> {
  return transact(context.store.db, async (tx) => {
    const accounts = lanes.map(({ profile }) => profile.account).toSorted();
    const rows = await inParts(accounts, (part) => tx.selectFrom('lane').select(['account', 'number', 'holder', momentOf(tx, given).as('now')]).where('account', 'in', part).orderBy('account').forNoKeyUpdate().execute());
    const now = rows.at(-1)?.now ?? given;
    const standing = new Map(rows.map((row) => [row.account, row]));
    const held = lanes.filter(({ tenure, profile }) => {
      const row = standing.get(profile.account);
      return row !== undefined && row.number === tenure.number && row.holder === tenure.worker;
    });
    const left = held.length > 1 ? await unfinishedAmong(tx, held.map(({ profile }) => profile.account)) : new Set<string>();
    await begin(tx, context, held.map(({ profile }) => profile).filter(({ account }) => !left.has(account)), now);
    return lanes.map((lane) => (left.has(lane.profile.account) ? null : held.includes(lane)));
  });
}

/** Whatever a lane's new holder finds is put right before it claims anything. */
export async function begin(tx: Tx, context: Context, profiles: readonly LaneProfile[], now: Instant): Promise<void> {
  if (profiles.length === 0) return;
  // A sweep that seems to have begun later than now is one by a clock that was ahead: it says nothing of what was read since.
  const scopes = [...new Set(profiles.map((profile) => profile.scope.sweep))].toSorted();
  const ahead = tx.selectFrom('sweep').select('scope').where('scope', 'in', scopes).where('started_at', '>', now).orderBy('scope').forNoKeyUpdate();
  await tx.updateTable('sweep').set({ started_at: null }).where('scope', 'in', ahead).execute();
  const [only] = profiles;
  if (only !== undefined && profiles.length === 1) await settleAbandoned(tx, context, only, now);
  await nameCalls(tx, profiles);
  await startAfresh(tx, profiles, now);
}

/** Accounts of which something is under way, or of which an intent has no outcome. */
async function unfinishedAmong(tx: Tx, accounts: readonly string[]): Promise<ReadonlySet<string>> {
  const underWay = await tx.selectFrom('sync').select('account').distinct().where('account', 'in', accounts).where('status', 'in', [sql.lit('sending'), sql.lit('checking')]).execute();
  const heads = await tx
    .selectFrom('audit_head')
    .select('lane')
    .where('lane', 'in', accounts)
    .where(
      // Counted, not looked for: else a server walks through all that was ever told, in the hope of an early find.
      sql<boolean>`(select count(*) from (
        select 1 from audit_entry
        where audit_entry.lane = audit_head.lane and audit_entry.number > audit_head.number - ${sql.lit(recent)} and kind in ('intent', 'outcome', 'late') and sync_id is not null
        group by sync_id, attempt having max(case when kind = 'intent' then 0 else 1 end) = 0) as unfinished) > 0`,
    )
    .execute();
  return new Set([...underWay.map((row) => row.account), ...heads.map((row) => row.lane)]);
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
async function nameCalls(tx: Tx, profiles: readonly LaneProfile[]): Promise<void> {
  const steps = operations.flatMap((operation) => (['send', 'check'] as const).map((step) => ({ operation, step })));
  const namesOf = ({ offers }: LaneProfile): readonly (string | null)[] => steps.map(({ operation, step }) => callOf(offers, operation, step));
  // As a rule all accounts of a marketplace are offered the same.
  for (const some of Map.groupBy(profiles, (profile) => namesOf(profile).join()).values()) {
    const names = some[0] === undefined ? [] : namesOf(some[0]);
    const cases = steps.map(({ operation, step }, n) => sql`when operation = ${sql.lit(operation)} and step = ${sql.lit(step)} then ${sql.lit(names[n] ?? null)}`);
    const call = sql<string | null>`case ${sql.join(cases, sql` `)} else call end`;
    // As the indexes have them. Whatever else is open is given its call when it moves.
    for (const waiting of [sql<boolean>`status = 'ready'`, sql<boolean>`status in ('delayed', 'submitted')`]) {
      await tx.updateTable('sync').set({ call }).where(waiting).where('account', 'in', accountsOf(some)).where('call', 'is distinct from', call).execute();
    }
  }
}

/** After a restart settling counts afresh, and nothing waits longer than one backoff: the clock may have lied before. */
async function startAfresh(tx: Tx, profiles: readonly LaneProfile[], now: Instant): Promise<void> {
  await boundGrace(tx, profiles, now);
  // Both statuses are written out wherever one is meant: else the index of what is due is not used.
  const waiting = tx.updateTable('sync').where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]);
  for (const [pause, some] of Map.groupBy(profiles, ({ patience }) => patience.settle)) await waiting.set({ due_at: now + pause }).where('account', 'in', accountsOf(some)).where('status', '=', sql.lit('delayed')).where('unsettled', '=', 1).execute();
  await waiting.set({ due_at: now + hour }).where('account', 'in', accountsOf(profiles)).where('due_at', '>', now + hour).execute();
  for (const [pause, some] of Map.groupBy(profiles, ({ patience }) => patience.readBack)) await tx.updateTable('sync').where('account', 'in', accountsOf(some)).set({ due_at: now + pause }).where('status', '=', sql.lit('accepted')).where('due_at', '>', now + hour).execute();
}

/** No grace lasts longer than it was given for: one that seems to was given by a clock that was ahead. */
async function boundGrace(tx: Tx, profiles: readonly LaneProfile[], now: Instant): Promise<void> {
  const running = await tx
    .selectFrom('sync')
    .select(['id', 'applied_state_id', 'status', 'due_at', 'grace_until', 'created_at'])
    .where('account', 'in', accountsOf(profiles))
    .where('status', 'in', [sql.lit('delayed'), sql.lit('held'), sql.lit('blocked')])
    .where('ended_at', 'is', null)
    .where('grace_until', '>', now)
    .forNoKeyUpdate()
    .execute();
  const states = [...new Set(running.flatMap((row) => row.applied_state_id ?? []))];
  const given = new Map((await inParts(states, (part) => tx.selectFrom('applied_state').select(['id', 'grace_until']).where('id', 'in', part).execute())).map((row) => [row.id, row.grace_until]));
  const over = running.flatMap(({ id, applied_state_id: state, status, due_at: due, grace_until: until, created_at: since }) => {
    if (state === null) return [];
    const last = now + Math.max(0, (given.get(state) ?? since) - since);
    return until === null || until <= last ? [] : [{ id, grace_until: last, due_at: status === 'delayed' && due === until ? last : due }];
  });
  await updateRows(tx, 'sync', over);
}

function accountsOf(profiles: readonly LaneProfile[]): string[] {
  return profiles.map((profile) => profile.account);
}
