import type { Operation } from '../planning/operation.ts';
import type { Instant } from '../runtime/clock.ts';
import { mayDo } from '../syncing/rerun.ts';
import { isUnscoped } from '../syncing/rerun.ts';
import type { LeftOut, SyncFilter, Verb } from '../syncing/rerun.ts';
import { failed } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { liveFrom, planningTables } from './accounts.ts';
import { append, journalLane } from './audit.ts';
import { breathe } from './breathe.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import type { Totals } from './counters.ts';
import { countAgain, freeUnits, takeBack, takenSince } from './give-up.ts';
import { allocateOne } from './identifiers.ts';
import { filteredSyncs } from './log.ts';
import { dropCorrections, planAnew } from './replan.ts';
import { lastRestore } from './restored.ts';
import { inParts, insertRows } from './rows.ts';
import type { Db, Tx } from './rows.ts';
import { loadDossiers, planningAccount, refresh } from './situations.ts';
import type { Dossier, StoredSync } from './situations.ts';
import { transact } from './transact.ts';
import { move, waitFor } from './transitions.ts';

/** What somebody asks to be done, on their word. */
export interface Asked {
  readonly verb: Verb;
  readonly filter: SyncFilter;
  readonly author: string;
  readonly reason: string;
}

/** What came of it, sync by sync. */
export interface Done {
  /** The record of it; null for a dry run. */
  readonly id: number | null;
  readonly done: readonly number[];
  readonly leftOut: readonly { readonly sync: number; readonly why: LeftOut }[];
}

/** Syncs per transaction: few enough that nobody waits long for the next one. */
const chunk = 25;

/** Rows of the frozen list per turn, and the most that the journal names. */
const itemChunk = 1_000;

/**
 * Does a verb to all syncs that a filter finds. The list is frozen first; it is worked through in short transactions,
 * so that a rerun of thousands never stops the daemon. Each one that is left out is told with the reason.
 * @param onProgress called after each part, with how many were looked at and how many there are
 * @param begun called with the number of the record once it is written
 * @param stop leaves what has not been reached: it is neither among the done nor among those left out
 */
export async function perform(context: Context, asked: Asked, now: Instant, onProgress: (looked: number, all: number) => void = () => undefined, stop?: AbortSignal, begun: (id: number) => void = () => undefined): Promise<Done> {
  const ids = await frozenList(context, asked);
  const id = await openRecord(context, asked, ids, now);
  begun(id);
  const done: number[] = [];
  const leftOut: { sync: number; why: LeftOut }[] = [];
  for (let from = 0; from < ids.length; from += chunk) {
    if (stop?.aborted === true) break;
    const part = ids.slice(from, from + chunk);
    const results = await transact(context.store.db, async (tx) => {
      const told = await doPart(tx, context, asked, part, ids.length > 1, now);
      if (ids.length === 1) await tell(tx, context, asked, id, ids, told.some(({ why }) => why === null), now);
      for (const { sync, why } of told) await tx.updateTable('rerun_item').set({ outcome: why ?? 'done' }).where('rerun_id', '=', id).where('sync_id', '=', sync).execute();
      return told;
    });
    for (const { sync, why } of results) {
      if (why === null) done.push(sync);
      else leftOut.push({ sync, why });
    }
    onProgress(Math.min(from + chunk, ids.length), ids.length);
    await breathe();
  }
  await context.store.db.updateTable('rerun').set({ ended_at: now }).where('id', '=', id).execute();
  return { id, done, leftOut };
}

/** What `perform` would do now, without doing it. */
export async function rehearse(context: Context, asked: Asked): Promise<Done> {
  const ids = await frozenList(context, asked);
  const rows = await inParts(ids, (part) => context.store.db.selectFrom('sync').select(['id', 'order_id', 'parcel_id', 'account', 'operation', 'status', 'cause', 'unsettled', 'accepted_at']).where('id', 'in', part).execute());
  const known = new Map(rows.map((row) => [row.id, row]));
  const undone = await undoneAmong(context.store.db, ids);
  const given = asked.verb === 'rerun' ? rows.filter((row) => row.status === 'cancelled') : [];
  const dossiers = await loadDossiers(context.store.db, given.map((row) => row.order_id));
  const verdicts = ids.map((sync): { sync: number; why: LeftOut | null } => {
    const row = known.get(sync);
    if (row === undefined) return { sync, why: 'gone' };
    const dossier = dossiers.get(row.order_id);
    const why = verdict(context, asked.verb, { ...row, status: row.status as Status }, undone, dossier);
    if (why === null && dossier !== undefined) countAgain(dossier, row);
    return { sync, why };
  });
  return {
    id: null,
    done: verdicts.filter(({ why }) => why === null).map(({ sync }) => sync),
    leftOut: verdicts.flatMap(({ sync, why }) => (why === null ? [] : [{ sync, why }])),
  };
}

/** Identifiers, oldest deadline first. Without a status, a rerun means what failed. */
async function frozenList(context: Context, { verb, filter }: Asked): Promise<readonly number[]> {
  if (isUnscoped(filter)) throw new RangeError('a verb without a filter would be done to everything');
  if (filter.ids !== undefined && filter.ids.length > 0) return [...new Set(filter.ids)];
  const scoped = filter.status === undefined && verb === 'rerun' ? { ...filter, status: failed } : filter;
  return filteredSyncs(context.store.db, scoped);
}

async function openRecord(context: Context, asked: Asked, ids: readonly number[], now: Instant): Promise<number> {
  return transact(context.store.db, async (tx) => {
    const id = await allocateOne(tx, 'rerun');
    await tx.insertInto('rerun').values({ id, verb: asked.verb, author: asked.author, reason: asked.reason, filter: JSON.stringify(asked.filter), created_at: now, total: ids.length, ended_at: null }).execute();
    for (let from = 0; from < ids.length; from += itemChunk) {
      await insertRows(tx, 'rerun_item', ids.slice(from, from + itemChunk).map((sync_id) => ({ rerun_id: id, sync_id, outcome: null })));
      await breathe();
    }
    // What is asked of one sync is told once it is known whether it is done.
    if (ids.length !== 1) await tell(tx, context, asked, id, ids, ids.length > 0, now);
    return id;
  });
}

/** The journal says of what was asked and came to nothing that nothing was done; the story of the sync, which it did not touch, does not hold it. */
async function tell(tx: Tx, context: Context, asked: Asked, record: number, ids: readonly number[], isDone: boolean, now: Instant): Promise<void> {
  const [one = null] = ids.length === 1 ? ids : [];
  const said = isDone ? { kind: asked.verb, sync: one, what: null } : { kind: `${asked.verb}-left-out`, sync: null, what: one === null ? '—' : `S-${one}` };
  await append(tx, context.audit, journalLane, now, [{ ...said, attempt: null, cause: null, body: { by: asked.author, reason: asked.reason, filter: asked.filter, record, syncs: ids.slice(0, itemChunk), of: ids.length } }]);
}

async function doPart(tx: Tx, context: Context, asked: Asked, ids: readonly number[], many: boolean, now: Instant): Promise<{ sync: number; why: LeftOut | null }[]> {
  const owners = await tx.selectFrom('sync').select(['id', 'order_id']).where('id', 'in', ids).execute();
  const dossiers = await loadDossiers(tx, owners.map((row) => row.order_id));
  const undone = await undoneAmong(tx, ids);
  const restore = await lastRestore(tx);
  const changed = totals();
  const accounts = [...dossiers.values()].map((dossier) => dossier.order.account);
  const from = await liveFrom(tx, accounts);
  const tables = await planningTables(tx, context, accounts);
  const results: { sync: number; why: LeftOut | null }[] = [];
  for (const id of ids) {
    const owner = owners.find((row) => row.id === id);
    const dossier = owner === undefined ? undefined : dossiers.get(owner.order_id);
    const sync = dossier?.syncs.find((one) => one.id === id);
    if (dossier === undefined || sync === undefined) {
      results.push({ sync: id, why: 'gone' });
      continue;
    }
    const why = verdict(context, asked.verb, sync, undone, dossier);
    results.push({ sync: id, why });
    if (why !== null) continue;
    const offers = context.profiles.get(sync.account)?.offers;
    switch (asked.verb) {
      case 'cancel':
        await move(tx, [{ sync, to: 'cancelled', cause: 'person/stopped', step: 'send', dueAt: null }], offers, changed, now);
        await refresh(tx, dossier);
        await freeUnits(tx, dossier, sync, restore, now);
        break;
      case 'resolve':
        await move(tx, [{ sync, to: 'accepted', cause: 'person/closed-by-hand', step: 'check', dueAt: null }], offers, changed, now);
        await tx.updateTable('sync').set({ unsettled: 0 }).where('id', '=', id).execute();
        break;
      case 'resend':
        await move(tx, [{ sync, to: 'ready', cause: null, step: 'send', dueAt: null }], offers, changed, now);
        await tx.updateTable('sync').set({ failures: 0, absents: 0, share: many ? 'rerun' : 'fresh' }).where('id', '=', id).execute();
        break;
      case 'rerun':
        await takeBack(tx, dossier, sync);
        await rerunOne(tx, context, dossier, sync, many, { from, tables, changed, now });
        break;
    }
    await refresh(tx, dossier);
  }
  await changed.write(tx);
  return results;
}

function verdict(context: Context, verb: Verb, sync: Pick<StoredSync, 'id' | 'parcel_id' | 'account' | 'operation' | 'status' | 'cause' | 'unsettled' | 'accepted_at'>, undone: ReadonlySet<number>, dossier: Dossier | undefined): LeftOut | null {
  const offer = context.profiles.get(sync.account)?.offers[sync.operation as Operation];
  const why = mayDo(verb, { status: sync.status, cause: sync.cause, unsettled: sync.unsettled === 1, offered: offer !== undefined && offer !== 'not-offered' });
  // What waits to be sent once more was done: giving it up would say that it was not.
  if (why === null && verb === 'cancel' && sync.accepted_at !== null && sync.status !== 'in-doubt') return 'already-done';
  if (why !== null || verb !== 'rerun') return why;
  return undone.has(sync.id) ? 'pointless' : dossier === undefined ? null : takenSince(dossier, sync);
}

/** Those whose application, or whose parcel, was undone, or whose parcel the marketplace shows: nothing is left that could be told. */
async function undoneAmong(db: Db | Tx, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await inParts(ids, (part) =>
    db
      .selectFrom('sync')
      .leftJoin('applied_state', 'applied_state.id', 'sync.applied_state_id')
      .leftJoin('parcel', 'parcel.id', 'sync.parcel_id')
      .select('sync.id')
      .where('sync.id', 'in', part)
      .where((eb) => eb.or([eb('applied_state.undone_at', 'is not', null), eb('parcel.origin', '=', 'marketplace'),
          // One that was given up by name comes back with its parcel.
          eb.and([eb('parcel.voided_at', 'is not', null), eb.or([eb('sync.status', '<>', 'cancelled'), eb('sync.cause', 'is', null), eb('sync.cause', '<>', 'person/stopped')])])]))
      .execute(),
  );
  return new Set(rows.map((row) => row.id));
}

interface With {
  readonly from: ReadonlyMap<string, Instant>;
  readonly tables: Awaited<ReturnType<typeof planningTables>>;
  readonly changed: Totals;
  readonly now: Instant;
}

/** Back to work: looked for first, where it may have been done; else planned anew, with what was corrected since. */
async function rerunOne(tx: Tx, context: Context, dossier: Dossier, sync: StoredSync, many: boolean, { from, tables, changed, now }: With): Promise<void> {
  const offers = context.profiles.get(sync.account)?.offers;
  const share = many ? 'rerun' : 'fresh';
  const maybeDone = sync.unsettled === 1 || sync.status === 'in-doubt' || sync.cause === 'operation/not-offered';
  if (maybeDone) {
    await move(tx, [{ sync, to: 'ready', cause: null, step: 'check', dueAt: null }], offers, changed, now);
    await tx.updateTable('sync').set({ unsettled: 1, failures: 0, absents: 0, share, word: 1 }).where('id', '=', sync.id).execute();
    return;
  }
  const account = planningAccount(context, sync.account, from);
  const planned = await planAnew(tx, dossier, sync, { account, tables, now }, { word: true, grace: null });
  const step = sync.look_first === 1 ? 'check' : (planned?.firstStep ?? 'send');
  const to = planned?.status ?? 'ready';
  if (to === 'blocked') await waitFor(tx, sync.id, planned?.waitsFor ?? []);
  // The marketplace said that it knows no such order: on somebody's word it is asked once more.
  if (planned?.cause === 'order/not-imported') await tx.updateTable('orders').set({ unknown_at: null }).where('id', '=', dossier.id).execute();
  await move(tx, [{ sync, to, cause: planned?.cause ?? null, step, dueAt: planned?.dueAt ?? null }], offers, changed, now);
  await tx
    .updateTable('sync')
    .set({ failures: 0, absents: 0, share, word: 1, ...(planned === null ? {} : { payload: JSON.stringify(planned.payload) }) })
    .where('id', '=', sync.id)
    .execute();
  await dropCorrections(tx, dossier, sync, { offers, totals: changed, now });
}
