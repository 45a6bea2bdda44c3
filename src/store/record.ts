import { sql } from 'kysely';
import type { Duration, Instant } from '../runtime/clock.ts';
import type { Operation } from '../planning/operation.ts';
import type { LaneProfile, Recorded, Result, Tenure } from '../syncing/ledger.ts';
import type { Outcome } from '../syncing/outcome.ts';
import { settle } from '../syncing/settle.ts';
import type { Settlement } from '../syncing/settle.ts';
import { failed, hasEnded, isDone } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { append, appendAll } from './audit.ts';
import type { Entry } from './audit.ts';
import { readAllBudgets } from './budgets.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import type { Totals } from './counters.ts';
import { listen, readFirst } from './hearing.ts';
import { transact } from './transact.ts';
import { assertArrow, callOf, letGo, waitedFor } from './transitions.ts';
import { lockOrders } from './locks.ts';
import { momentOf } from './moment.ts';
import { inParts, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import { replanOrders } from './waiting.ts';

/** Outcomes of one lane. */
export interface Telling {
  readonly tenure: Tenure;
  readonly profile: LaneProfile;
  readonly results: readonly Result[];
  /** Now, by the lane's own clock. */
  readonly given: Instant;
}

/** Writes outcomes and what they make of their syncs; see Ledger.record. */
export async function record(context: Context, tenure: Tenure, profile: LaneProfile, results: readonly Result[], given: Instant): Promise<Recorded> {
  const [recorded] = await recordAll(context, [{ tenure, profile, results, given }]);
  if (recorded === undefined) throw new Error(`nothing was recorded for ${profile.account}`);
  return recorded;
}

/** The same for many lanes, in one transaction and about as many statements as for one. */
export async function recordAll(context: Context, tellings: readonly Telling[]): Promise<readonly Recorded[]> {
  return transact(context.store.db, async (tx) => {
    const accounts = [...new Set(tellings.map(({ profile }) => profile.account))].toSorted();
    const lanes = await inParts(accounts, (part) => tx.selectFrom('lane').select(['account', 'number', 'holder', momentOf(tx, tellings[0]?.given ?? 0).as('now')]).where('account', 'in', part).orderBy('account').forNoKeyUpdate().execute());
    const now = lanes.at(-1)?.now ?? tellings[0]?.given ?? 0;
    const told = tellings.flatMap(({ results }) => results);
    await lockOrders(tx, told.map((result) => result.member.order));
    const standing = await readStanding(tx, told.map((result) => result.member.intent.sync));
    const parts = tellings.map((telling) => ({ ...telling, isHeld: lanes.some((lane) => lane.account === telling.profile.account && lane.number === telling.tenure.number && lane.holder === telling.tenure.worker) }));
    const written = await alreadyWritten(tx, parts.flatMap(({ isHeld, results }) => (isHeld ? results.filter((result) => !isThisAttempt(standing.get(result.member.intent.sync), result)) : [])));
    const fresh = parts.map((part) => {
      const results = part.results.filter((result) => !written.has(result)).map((result) => bySharedClock(result, now - part.given));
      const isCurrent = (result: Result): boolean => part.isHeld && isThisAttempt(standing.get(result.member.intent.sync), result);
      return { ...part, results, current: results.filter(isCurrent), late: results.filter((result) => !isCurrent(result)), entries: results.map((result) => entryOf(result, isCurrent(result))) };
    });

    const budgets = await readAllBudgets(tx, context.store, tellings.map(({ profile }) => profile), now);
    const entries = new Map<string, Entry[]>();
    for (const { profile, entries: some } of fresh) entries.set(profile.account, [...(entries.get(profile.account) ?? []), ...some]);
    await appendAll(tx, context.audit, now, entries);
    const changed = totals();
    await apply(tx, fresh.flatMap(({ profile, current }) => current.map((result) => ({ sync: result.member.intent.sync, settlement: result.settlement, profile }))), standing, changed, now);
    const news: Recorded['news'][] = [];
    for (const { late } of fresh) await keepLate(tx, late, standing);
    // What was read of these orders while they were under way, or their fate was open, could not hold them: it does now.
    await replanOrders(tx, context, fresh.flatMap(({ current }) => current.filter(isFreeAgain).map((result) => result.member.order)), now);
    for (const { profile, results } of fresh) if (listen(budgets.of(profile), results, profile, now)) await readFirst(tx, profile, now);
    await budgets.write(tx);
    await changed.write(tx, 'by its holder');
    for (const { profile, current } of fresh) news.push(await noticeCauses(tx, profile, current, now));
    return fresh.map(({ isHeld }, n) => ({ late: !isHeld, news: news[n] ?? [] }));
  });
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
async function apply(tx: Tx, settled: readonly { readonly sync: number; readonly settlement: Settlement; readonly profile: LaneProfile }[], standing: ReadonlyMap<number, StandingRow>, changed: Totals, now: Instant): Promise<void> {
  const rows = settled.flatMap(({ sync, settlement, profile }) => {
    const row = standing.get(sync);
    return row === undefined ? [] : [{ row, settlement, offers: profile.offers }];
  });
  for (const { row, settlement } of rows) assertArrow(row.id, row.status, settlement.status);
  await updateRows(
    tx,
    'sync',
    rows.map(({ row, settlement: s, offers }) => ({
      id: row.id,
      status: s.status,
      step: s.step,
      call: callOf(offers, row.operation, s.step),
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
  // What depended on them is of the same account, and is offered what it is.
  const byAccount = Map.groupBy(ended, ({ row }) => row.account);
  const waited = byAccount.size > 1 ? await waitedFor(tx, ended.map(({ row }) => row.id)) : null;
  for (const [account, some] of byAccount) {
    if (waited?.has(account) === false) continue;
    await letGo(tx, some.map(({ row, settlement }) => ({ id: row.id, operation: row.operation as Operation, done: isDone(settlement.status) })), some[0]?.offers, changed, now);
  }
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
    await apply(tx, [{ sync: row.id, settlement, profile }], new Map([[row.id, { ...row, status: row.status as Status }]]), changed, now);
  }
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
