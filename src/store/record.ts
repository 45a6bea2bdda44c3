import { sql } from 'kysely';
import type { Duration, Instant } from '../runtime/clock.ts';
import { heard } from '../syncing/breaker.ts';
import type { Operation } from '../planning/operation.ts';
import type { Hearing, LaneProfile, Recorded, Result, Tenure } from '../syncing/ledger.ts';
import type { Evidence, Outcome, OutcomeKind } from '../syncing/outcome.ts';
import { calmed, learn, throttled } from '../syncing/quota.ts';
import { settle, staysWithUs } from '../syncing/settle.ts';
import type { Settlement } from '../syncing/settle.ts';
import { failed, hasEnded, isDone } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { append } from './audit.ts';
import { probeEvery, readBudgets } from './budgets.ts';
import type { Budgets } from './budgets.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import type { Totals } from './counters.ts';
import { transact } from './transact.ts';
import { assertArrow, callOf, letGo } from './transitions.ts';
import { lockOrders } from './locks.ts';
import { fillPurses, isShared, purseOf } from './purses.ts';
import { momentIn, momentOf } from './moment.ts';
import { inParts, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import { replanOrders } from './waiting.ts';

/** Writes outcomes and what they make of their syncs; see Ledger.record. */
export async function record(context: Context, tenure: Tenure, profile: LaneProfile, told: readonly Result[], given: Instant): Promise<Recorded> {
  return transact(context.store.db, async (tx) => {
    const lane = await tx.selectFrom('lane').select(['number', 'holder', momentOf(tx, given).as('now')]).where('account', '=', profile.account).forNoKeyUpdate().executeTakeFirst();
    const now = lane?.now ?? given;
    await lockOrders(tx, told.map((result) => result.member.order));
    const held = lane !== undefined && lane.number === tenure.number && lane.holder === tenure.worker;
    const standing = await readStanding(tx, told.map((result) => result.member.intent.sync));
    const written = held ? await alreadyWritten(tx, told.filter((result) => !isThisAttempt(standing.get(result.member.intent.sync), result))) : new Set<Result>();
    const fits = (result: Result): boolean => held && isThisAttempt(standing.get(result.member.intent.sync), result);

    const results = told.filter((result) => !written.has(result)).map((result) => bySharedClock(result, now - given));
    const budgets = await readBudgets(tx, context.store, profile, now);
    await append(tx, context.audit, profile.account, now, results.map((result) => entryOf(result, fits(result))));
    const changed = totals();
    const current = results.filter(fits);
    await apply(tx, profile, current.map((result) => ({ sync: result.member.intent.sync, settlement: result.settlement })), standing, changed, now);
    await keepLate(tx, results.filter((result) => !fits(result)), standing);
    // What was read of these orders while they were under way, or their fate was open, could not hold them: it does now.
    await replanOrders(tx, context, current.filter(isFreeAgain).map((result) => result.member.order), now);
    const sweepAfter = listen(budgets, results, profile, now);
    if (sweepAfter) await readFirst(tx, profile, now);
    await budgets.write(tx);
    await changed.write(tx, 'by its holder');
    return { late: !held, news: await noticeCauses(tx, profile, current, now) };
  });
}

/** What a read outside any attempt met feeds the same budgets and breakers. See Ledger.heard. */
export async function recordHearing(context: Context, profile: LaneProfile, call: string, hearing: Hearing, given: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    const now = await momentIn(tx, given);
    const budgets = await readBudgets(tx, context.store, profile, now);
    const kind: OutcomeKind = hearing.kind === 'ok' || hearing.kind === 'rejected' ? 'accepted' : hearing.kind === 'role' ? 'unauthorized' : hearing.kind;
    const what = hearing.kind === 'role' ? 'role' : 'credentials';
    const sweepAfter = listenTo(budgets, call, { kind, what, cause: hearing.cause, retryAfter: hearing.retryAfter, evidence: hearing.evidence }, profile, now);
    if (sweepAfter) await readFirst(tx, profile, now);
    await budgets.write(tx);
  });
}

/** One call of a budget for a page or a repeated read; see Ledger.debit. */
export async function debit(context: Context, profile: LaneProfile, call: string, given: Instant): Promise<boolean> {
  if (isShared(context.store.db, profile)) {
    await fillPurses(context.store, profile, [call], given);
    return purseOf(context.store, profile.scope.quota, profile.limits[call]?.budget ?? call).take(1) === 1;
  }
  return transact(context.store.db, async (tx) => {
    const now = await momentIn(tx, given);
    const budgets = await readBudgets(tx, context.store, profile, now);
    if (budgets.afford(call) < 1) return false;
    budgets.spend(call);
    await budgets.write(tx);
    return true;
  });
}

/** All lanes of the scope read the changed orders before they send anything. */
async function readFirst(tx: Tx, profile: LaneProfile, now: Instant): Promise<void> {
  // Whoever has a lane in hand just now is not waited for: they may wait for ours.
  const lanes = tx.selectFrom('lane').select('account').where('account', 'in', profile.scopeAccounts).orderBy('account').forNoKeyUpdate().skipLocked();
  await tx.updateTable('lane').set({ sweep_after: now }).where('account', 'in', lanes).execute();
}

/** What a worker settled by its own clock, by the clock that all go by. */
function bySharedClock(result: Result, ahead: Duration): Result {
  if (ahead === 0) return result;
  const { settlement, member } = result;
  const acceptedNow = settlement.acceptedAt !== null && settlement.acceptedAt !== member.attempted.acceptedAt;
  return { ...result, settlement: { ...settlement, dueAt: settlement.dueAt === null ? null : settlement.dueAt + ahead, acceptedAt: acceptedNow ? settlement.acceptedAt + ahead : settlement.acceptedAt } };
}

type StandingRow = { id: number; account: string; operation: string; status: Status; cause: string | null; attempts: number; unsettled: number; look_first: number; ended_at: number | null };

async function readStanding(tx: Tx, ids: readonly number[]): Promise<Map<number, StandingRow>> {
  const rows = await inParts(ids, (part) => tx.selectFrom('sync').select(['id', 'account', 'operation', 'status', 'cause', 'attempts', 'unsettled', 'look_first', 'ended_at']).where('id', 'in', part).orderBy('id').forNoKeyUpdate().execute());
  return new Map(rows.map((row) => [row.id, { ...row, status: row.status as Status }]));
}

/** Outcomes that were written before, by a transaction of which the answer was lost on the way. */
async function alreadyWritten(tx: Tx, results: readonly Result[]): Promise<ReadonlySet<Result>> {
  if (results.length === 0) return new Set();
  const rows = await inParts(results, (part) => tx.selectFrom('audit_entry').select(['sync_id', 'attempt', 'what']).where('sync_id', 'in', part.map((result) => result.member.intent.sync)).where('kind', '=', 'outcome').execute());
  return new Set(results.filter(({ member: { intent }, outcome }) => rows.some((row) => row.sync_id === intent.sync && row.attempt === intent.attempt && row.what === outcome.kind)));
}

function isThisAttempt(row: StandingRow | undefined, { member }: Result): boolean {
  if (row === undefined || row.attempts !== member.intent.attempt) return false;
  return member.attempted.readBack ? row.status === 'accepted' : row.status === (member.intent.step === 'send' ? 'sending' : 'checking');
}

/** Nothing of it was done: it may be told again. */
function isFreeAgain({ settlement }: Result): boolean {
  return !settlement.unsettled && (settlement.status === 'ready' || settlement.status === 'delayed');
}

function entryOf({ group, member, outcome }: Result, current: boolean) {
  return {
    kind: current ? 'outcome' : 'late',
    sync: member.intent.sync,
    attempt: member.intent.attempt,
    what: outcome.kind,
    cause: 'cause' in outcome ? outcome.cause : null,
    body: { call: group.call, reference: 'reference' in outcome ? outcome.reference : null, evidence: outcome.evidence },
  };
}

/** Writes what attempts made of their syncs, and lets go what depended on those that ended. */
async function apply(tx: Tx, profile: LaneProfile, settled: readonly { readonly sync: number; readonly settlement: Settlement }[], standing: ReadonlyMap<number, StandingRow>, changed: Totals, now: Instant): Promise<void> {
  const rows = settled.flatMap(({ sync, settlement }) => {
    const row = standing.get(sync);
    return row === undefined ? [] : [{ row, settlement }];
  });
  for (const { row, settlement } of rows) assertArrow(row.id, row.status, settlement.status);
  await updateRows(
    tx,
    'sync',
    rows.map(({ row, settlement: s }) => ({
      id: row.id,
      status: s.status,
      step: s.step,
      call: callOf(profile.offers, row.operation, s.step),
      cause: s.cause,
      reference: s.reference,
      due_at: s.dueAt,
      failures: s.failures,
      absents: s.absents,
      unsettled: s.unsettled ? 1 : 0,
      // It was looked for, and is not there.
      look_first: s.step === 'send' ? 0 : row.look_first,
      before: s.before === null ? null : JSON.stringify(s.before),
      accepted_at: s.acceptedAt,
      ended_at: hasEnded(s.status) ? (row.ended_at ?? now) : null,
    })),
  );
  for (const { row, settlement } of rows) changed.move(row.account, row, { status: settlement.status, cause: settlement.cause });
  const ended = rows.filter(({ row, settlement }) => hasEnded(settlement.status) && !hasEnded(row.status));
  await letGo(tx, ended.map(({ row, settlement }) => ({ id: row.id, operation: row.operation as Operation, done: isDone(settlement.status) })), profile.offers, changed, now);
}

/** An answer that came after its worker had lost the lane changes no status; whoever holds the lane now uses it. */
async function keepLate(tx: Tx, late: readonly Result[], standing: ReadonlyMap<number, StandingRow>): Promise<void> {
  for (const { member, outcome } of late) {
    const row = standing.get(member.intent.sync);
    const tells = member.intent.step === 'send' && (outcome.kind === 'accepted' || outcome.kind === 'submitted');
    if (row === undefined || !tells || row.unsettled !== 1) continue;
    await tx.updateTable('sync').set({ late: JSON.stringify({ kind: outcome.kind, reference: outcome.reference, ...(outcome.kind === 'submitted' ? { checkAt: outcome.checkAt } : {}) }) }).where('id', '=', row.id).execute();
  }
}

/** Syncs whose lost worker's answer has come after all are settled by it, as soon as nothing of them is under way. */
export async function useLateOutcomes(tx: Tx, context: Context, profile: LaneProfile, changed: Totals, now: Instant): Promise<void> {
  const late = tx.selectFrom('sync').selectAll().where('account', '=', profile.account).where('late', 'is not', null);
  const found = await late.execute();
  if (found.length === 0) return;
  await lockOrders(tx, found.map((row) => row.order_id));
  for (const row of await late.orderBy('id').forNoKeyUpdate().execute()) {
    if (row.unsettled === 1 && (row.status === 'sending' || row.status === 'checking')) continue;
    await tx.updateTable('sync').set({ late: null }).where('id', '=', row.id).execute();
    const offer = profile.offers[row.operation as Operation];
    if (row.unsettled !== 1 || offer === 'not-offered' || (row.status !== 'delayed' && row.status !== 'ready')) continue;
    const outcome = { ...(JSON.parse(row.late ?? 'null') as Outcome), evidence: null } as Outcome;
    const attempted = { step: 'send', readBack: false, unsettled: true, failures: row.failures, absents: 0, reference: row.reference, before: null, uselessAfter: row.useless_after, again: offer.again, acceptedAt: null } as const;
    const settlement = settle(attempted, outcome, profile.patience, { now, chance: 0, probing: false, sweptUntil: null });
    await append(tx, context.audit, profile.account, now, [{ kind: 'seen', sync: row.id, attempt: row.attempts, what: outcome.kind, cause: null, body: { note: 'the late answer of a former worker was used' } }]);
    await apply(tx, profile, [{ sync: row.id, settlement }], new Map([[row.id, { ...row, status: row.status as Status }]]), changed, now);
  }
}

/** Feeds budgets, breakers and the account's health. True: a pause longer than a sweep has ended, so the lane reads before it sends. */
function listen(budgets: Budgets, results: readonly Result[], profile: LaneProfile, now: Instant): boolean {
  let sweepAfter = false;
  const heardOf = new Set<unknown>();
  for (const { group, member, outcome } of results) {
    // One call told many: the members of a group share one answer.
    if (group.members.length > 1) {
      if (heardOf.has(group)) continue;
      heardOf.add(group);
    }
    void member;
    if (listenTo(budgets, group.call, { kind: staysWithUs(outcome) ? 'interrupted' : outcome.kind, what: outcome.kind === 'unauthorized' ? outcome.what : 'credentials', cause: 'cause' in outcome ? outcome.cause : null, retryAfter: outcome.kind === 'throttled' ? outcome.retryAfter : null, evidence: outcome.evidence }, profile, now)) sweepAfter = true;
  }
  return sweepAfter;
}

interface Heard {
  readonly kind: OutcomeKind;
  readonly what: 'credentials' | 'role';
  readonly cause: string | null;
  readonly retryAfter: number | null;
  readonly evidence: Evidence | null;
}

function listenTo(budgets: Budgets, call: string, { kind, what, cause, retryAfter, evidence }: Heard, profile: LaneProfile, now: Instant): boolean {
  const long = (since: Instant | null | undefined): boolean => since != null && now - since > profile.patience.sweep;
  let sweepAfter = false;
  if (evidence?.rate != null && profile.limits[evidence.call] !== undefined) {
    const { rate } = evidence;
    budgets.adjust(evidence.call, (bucket) => learn(bucket, rate, now));
  }
  // Where telling costs several calls, it is the one that answered which was turned away, or was not.
  const answered = evidence !== null && profile.limits[evidence.call] !== undefined ? evidence.call : call;
  if (kind === 'throttled') {
    budgets.adjust(answered, (bucket) => throttled(bucket, retryAfter, now));
  }
  if (kind !== 'throttled' && kind !== 'unavailable' && kind !== 'unknown' && kind !== 'interrupted' && profile.limits[answered] !== undefined) {
    budgets.adjust(answered, calmed);
  }
  const before = budgets.breaker(call);
  const after = heard(before, kind, now);
  budgets.setBreaker(call, after);
  if (before.openedAt !== null && after.openedAt === null && long(before.openedAt)) sweepAfter = true;
  if (kind === 'unauthorized') {
    const other = budgets.refused().some((refused) => refused !== '*' && refused !== call);
    // The whole account, where its credentials are refused, or where a second call is refused beside this one.
    for (const refused of what === 'credentials' ? ['*'] : other ? [call, '*'] : [call]) {
      const known = budgets.refusal(refused);
      budgets.refuse(refused, { cause: cause ?? 'engine/unauthorized', since: known?.since ?? now, probeAt: now + probeEvery });
    }
  } else if (kind !== 'unavailable' && kind !== 'unknown' && kind !== 'interrupted' && kind !== 'throttled') {
    if (budgets.refused().length > 0 && long(budgets.pardon(call))) sweepAfter = true;
  }
  return sweepAfter;
}

/** Causes of failures, grouped: told of when one comes for the first time. */
async function noticeCauses(tx: Tx, profile: LaneProfile, results: readonly Result[], now: Instant): Promise<Recorded['news']> {
  const news: { cause: `${string}/${string}`; sync: number }[] = [];
  for (const { member, settlement } of results) {
    if (!failed.includes(settlement.status)) continue;
    const cause = settlement.cause ?? 'engine/unexplained';
    const key = `cause ${profile.account} ${cause}`;
    const row = await tx
      .insertInto('alert')
      .values({ key, kind: 'failure', details: JSON.stringify({ account: profile.account, cause, sync: member.intent.sync }), count: 1, first_at: now, last_at: now, posted_at: null, over_at: null })
      .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ count: sql`case when ${eb.ref('alert.over_at')} is null then ${eb.ref('alert.count')} + 1 else 1 end`, last_at: now, over_at: null, posted_at: sql`case when ${eb.ref('alert.over_at')} is null then ${eb.ref('alert.posted_at')} else null end` })))
      .returning('count')
      .executeTakeFirstOrThrow();
    if (row.count === 1) news.push({ cause, sync: member.intent.sync });
  }
  return news;
}
