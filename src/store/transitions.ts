import type { Instant } from '../runtime/clock.ts';
import { dependence, follows, refusedAfter } from '../planning/dependence.ts';
import type { Operation } from '../planning/operation.ts';
import { pointless } from '../planning/plan.ts';
import type { Reason } from '../planning/state-types.ts';
import type { Offer, Step } from '../syncing/destination.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { allowed, hasEnded, isDone } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import type { Totals } from './counters.ts';
import { inParts, insertRows, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { SyncTable } from './schema.ts';
import { earliersOf, loadDossiers } from './situations.ts';

/** What a change of status needs to know of the sync as it stands. */
export type Standing = Pick<SyncTable, 'id' | 'account' | 'operation' | 'cause' | 'share' | 'grace_until' | 'ended_at'> & { readonly status: Status };

/** A sync that has ended, as those that waited for it see it. */
export interface Ended {
  readonly id: number;
  readonly operation: Operation;
  readonly done: boolean;
}

/** A change of status with whatever changes beside it. */
export interface Move {
  readonly sync: Standing;
  readonly to: Status;
  readonly cause: string | null;
  readonly step: Step;
  readonly dueAt: Instant | null;
}

/** The API call that a sync's next step costs first; null where no room offers its operation. */
export function callOf(offers: LaneProfile['offers'] | undefined, operation: string, step: Step): string | null {
  const offer: Offer | undefined = offers?.[operation as Operation];
  if (offer === undefined || offer === 'not-offered') return null;
  return (step === 'send' ? offer.send : offer.check)[0];
}

/** Draws arrows of the status table, and lets go what waited for those that ended. */
export async function move(tx: Tx, moves: readonly Move[], offers: LaneProfile['offers'] | undefined, totals: Totals, now: Instant): Promise<void> {
  if (moves.length === 0) return;
  for (const { sync, to } of moves) assertArrow(sync.id, sync.status, to);
  await updateRows(
    tx,
    'sync',
    moves.map(({ sync, to, cause, step, dueAt }) => ({
      id: sync.id,
      status: to,
      cause,
      step,
      call: callOf(offers, sync.operation, step),
      due_at: dueAt,
      ended_at: hasEnded(to) ? (hasEnded(sync.status) ? sync.ended_at : now) : null,
    })),
  );
  for (const { sync, to, cause } of moves) totals.move(sync.account, sync, { status: to, cause });
  const ended = moves.filter(({ sync, to }) => hasEnded(to) && !hasEnded(sync.status));
  await letGo(tx, ended.map(({ sync, to }) => ({ id: sync.id, operation: sync.operation as Operation, done: isDone(to) })), offers, totals, now);
}

/** A status is changed along an arrow of the table, or not at all. */
export function assertArrow(sync: number, from: Status, to: Status): void {
  if (from !== to && !allowed(from, to)) throw new Error(`sync ${sync}: no arrow leads from ${from} to ${to}`);
}

/** Accounts of which something waits for one of these. */
export async function waitedFor(tx: Tx, ended: readonly number[]): Promise<ReadonlySet<string>> {
  const rows = await inParts(ended, (part) => tx.selectFrom('dependence').innerJoin('sync', 'sync.id', 'dependence.sync_id').select('sync.account').where('dependence.on_sync_id', 'in', part).execute());
  return new Set(rows.map((row) => row.account));
}

/** What depended on those that ended goes on, or has nothing to do any more. */
export async function letGo(
  tx: Tx,
  ended: readonly Ended[],
  offers: LaneProfile['offers'] | undefined,
  totals: Totals,
  now: Instant,
): Promise<void> {
  if (ended.length === 0) return;
  const byId = new Map(ended.map((one) => [one.id, one]));
  const waiting = await inParts([...byId.keys()], (part) =>
    tx
      .selectFrom('dependence')
      .innerJoin('sync', 'sync.id', 'dependence.sync_id')
      .select(['dependence.on_sync_id as on', 'sync.id', 'sync.order_id', 'sync.account', 'sync.operation', 'sync.status', 'sync.step', 'sync.cause', 'sync.share', 'sync.grace_until', 'sync.ended_at'])
      .where('dependence.on_sync_id', 'in', part)
      .execute(),
  );
  if (waiting.length === 0) return;
  const moves: Move[] = [];
  const settled = new Set<number>();
  for (const row of waiting) {
    const older = byId.get(row.on);
    if (older === undefined) continue;
    await tx.deleteFrom('dependence').where('sync_id', '=', row.id).where('on_sync_id', '=', row.on).execute();
    if (row.status !== 'blocked' || settled.has(row.id)) continue;
    const newer = row.operation as Operation;
    const refused = refusedAfter(newer, older.operation, older.done);
    const standing = { ...row, status: row.status as Status };
    if (refused !== null) {
      settled.add(row.id);
      await tx.deleteFrom('dependence').where('sync_id', '=', row.id).execute();
      moves.push({ sync: standing, to: 'rejected', cause: refused, step: 'send', dueAt: null });
      continue;
    }
    const rest = await tx.selectFrom('dependence').select('on_sync_id').where('sync_id', '=', row.id).limit(1).executeTakeFirst();
    if (rest !== undefined) continue;
    settled.add(row.id);
    const idle = follows(newer) ? await pointlessNow(tx, row) : null;
    const grace = row.grace_until !== null && row.grace_until > now;
    if (idle === null) moves.push({ sync: standing, to: grace ? 'delayed' : 'ready', cause: null, step: row.step as Step, dueAt: grace ? row.grace_until : null });
    else moves.push({ sync: standing, to: 'skipped', cause: idle, step: 'send', dueAt: null });
  }
  await move(tx, moves, offers, totals, now);
}

/** Has nothing that a sync could follow been done, by us or by others? Judged once it waits for nothing more. */
async function pointlessNow(tx: Tx, { id, order_id }: Pick<SyncTable, 'id' | 'order_id'>): Promise<Reason | null> {
  const dossier = (await loadDossiers(tx, [order_id])).get(order_id);
  const sync = dossier?.syncs.find((one) => one.id === id);
  if (dossier === undefined || sync === undefined) return null;
  const subject = { operation: sync.operation as Operation, parcel: sync.parcel_id, lines: sync.payload.lines };
  return pointless(subject, { order: dossier.order, parcels: dossier.parcels, earlier: earliersOf(dossier, id) });
}

/** A newer sync takes the place of older ones, which never go out: what waited for them waits for it, where it has a say. */
export async function supersede(tx: Tx, older: readonly Standing[], by: Heir, offers: LaneProfile['offers'] | undefined, totals: Totals, now: Instant): Promise<void> {
  if (older.length === 0) return;
  for (const id of await inheritedBy(tx, older.map((one) => one.id), by)) {
    await tx.insertInto('dependence').values({ sync_id: id, on_sync_id: by.id }).onConflict((conflict) => conflict.doNothing()).execute();
  }
  await move(tx, older.map((sync) => ({ sync, to: 'superseded', cause: null, step: 'send', dueAt: null })), offers, totals, now);
  await tx.updateTable('sync').set({ superseded_by: by.id }).where('id', 'in', older.map((one) => one.id)).execute();
}

export interface Heir {
  readonly id: number;
  readonly operation: Operation;
}

/** What waits for these, and would wait for an heir of theirs. */
async function inheritedBy(tx: Tx, older: readonly number[], heir: Heir): Promise<ReadonlySet<number>> {
  const waiting = await waitersOf(tx, older);
  return new Set(waiting.filter((one) => one.id !== heir.id && waitsForHeir(one.operation, one.onOperation, heir.operation)).map((one) => one.id));
}

/** What an heir of these must not wait for: it would wait for the heir, at once or in the end. */
export async function circleOf(tx: Tx, older: readonly number[], heir: Heir): Promise<ReadonlySet<number>> {
  const circle = new Set<number>();
  for (let next = [...(await inheritedBy(tx, older, heir))]; next.length > 0; ) {
    for (const id of next) circle.add(id);
    next = (await waitersOf(tx, next)).map((one) => one.id).filter((id) => !circle.has(id));
  }
  return circle;
}

async function waitersOf(tx: Tx, ids: readonly number[]): Promise<readonly { readonly id: number; readonly operation: Operation; readonly onOperation: Operation }[]> {
  const rows = await inParts(ids, (part) =>
    tx
      .selectFrom('dependence')
      .innerJoin('sync', 'sync.id', 'dependence.sync_id')
      .innerJoin('sync as older', 'older.id', 'dependence.on_sync_id')
      .select(['sync.id', 'sync.operation', 'older.operation as on'])
      .where('dependence.on_sync_id', 'in', part)
      .where('sync.status', '=', 'blocked')
      .execute(),
  );
  return rows.map((row) => ({ id: row.id, operation: row.operation as Operation, onOperation: row.on as Operation }));
}

/** Writes what a sync waits for from now on, instead of whatever it waited for before. */
export async function waitFor(tx: Tx, sync: number, others: readonly number[]): Promise<void> {
  await tx.deleteFrom('dependence').where('sync_id', '=', sync).execute();
  await insertRows(tx, 'dependence', others.map((on) => ({ sync_id: sync, on_sync_id: on })));
}

/** The same operation does the superseded one's work; another one is waited for where the table says so. */
function waitsForHeir(newer: Operation, older: Operation, heir: Operation): boolean {
  return heir === older || dependence[newer][heir].wait !== 'free';
}
