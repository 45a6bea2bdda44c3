import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { released } from '../planning/dependence.ts';
import type { Operation } from '../planning/operation.ts';
import type { Offer, Step } from '../syncing/destination.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { allowed, hasEnded, isDone } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import type { Totals } from './counters.ts';
import { inParts, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { SyncTable } from './schema.ts';

/** What a change of status needs to know of the sync as it stands. */
export type Standing = Pick<SyncTable, 'id' | 'account' | 'operation' | 'cause' | 'share' | 'grace_until' | 'ended_at'> & { readonly status: Status };

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
  await letGo(tx, ended.map(({ sync, to }) => ({ id: sync.id, operation: sync.operation as Operation, done: isDone(to), superseded: to === 'superseded' })), offers, totals, now);
}

/** A status is changed along an arrow of the table, or not at all. */
export function assertArrow(sync: number, from: Status, to: Status): void {
  if (from !== to && !allowed(from, to)) throw new Error(`sync ${sync}: no arrow leads from ${from} to ${to}`);
}

/** What depended on those that ended goes on, or has nothing to do any more. */
export async function letGo(
  tx: Tx,
  ended: readonly { readonly id: number; readonly operation: Operation; readonly done: boolean; readonly superseded: boolean }[],
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
      .select(['dependence.on_sync_id as on', 'sync.id', 'sync.account', 'sync.operation', 'sync.status', 'sync.cause', 'sync.share', 'sync.grace_until', 'sync.ended_at'])
      .where('dependence.on_sync_id', 'in', part)
      .execute(),
  );
  if (waiting.length === 0) return;
  const moves: Move[] = [];
  const settled = new Set<number>();
  for (const row of waiting) {
    const older = byId.get(row.on);
    if (older === undefined || row.status !== 'blocked') continue;
    // Who superseded it does its work: what waited for the old one waits for the new one (see supersede).
    const verdict = older.superseded ? ({ go: true } as const) : released(row.operation as Operation, older.operation, older.done);
    await tx.deleteFrom('dependence').where('sync_id', '=', row.id).where('on_sync_id', '=', row.on).execute();
    if (settled.has(row.id)) continue;
    const standing = { ...row, status: row.status as Status };
    if (!verdict.go) {
      settled.add(row.id);
      await tx.deleteFrom('dependence').where('sync_id', '=', row.id).execute();
      moves.push({ sync: standing, to: verdict.status, cause: verdict.cause, step: 'send', dueAt: null });
      continue;
    }
    const rest = await tx.selectFrom('dependence').select('on_sync_id').where('sync_id', '=', row.id).limit(1).executeTakeFirst();
    if (rest !== undefined) continue;
    settled.add(row.id);
    const grace = row.grace_until !== null && row.grace_until > now;
    moves.push({ sync: standing, to: grace ? 'delayed' : 'ready', cause: null, step: 'send', dueAt: grace ? row.grace_until : null });
  }
  await move(tx, moves, offers, totals, now);
}

/** A newer sync tells of the same: the older ones never go out, and what waited for them waits for it. */
export async function supersede(tx: Tx, older: readonly Standing[], by: number, offers: LaneProfile['offers'] | undefined, totals: Totals, now: Instant): Promise<void> {
  for (const one of older) {
    await sql`insert into dependence (sync_id, on_sync_id) select sync_id, ${by} from dependence where on_sync_id = ${one.id} and sync_id <> ${by} on conflict do nothing`.execute(tx);
  }
  await move(tx, older.map((sync) => ({ sync, to: 'superseded', cause: null, step: 'send', dueAt: null })), offers, totals, now);
  if (older.length > 0) await tx.updateTable('sync').set({ superseded_by: by }).where('id', 'in', older.map((one) => one.id)).execute();
}
