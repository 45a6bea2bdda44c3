import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { LaneProfile, Room, Tenure } from '../syncing/ledger.ts';
import type { Status } from '../syncing/status.ts';
import type { Totals } from './counters.ts';
import { momentOf } from './moment.ts';
import { inParts } from './rows.ts';
import type { Tx } from './rows.ts';

interface Asking {
  readonly tenure: Tenure;
  readonly profile: LaneProfile;
  readonly room: Room;
  readonly given: Instant;
}

interface LaneRow {
  readonly account: string;
  readonly sweep_after: number | null;
  readonly paused_at: number | null;
  readonly observe_since: number | null;
  readonly swept_from: number | null;
  readonly swept_until: number | null;
}

/** A lane that its worker holds, in the transaction's hand. */
export interface LaneAtHand {
  readonly asking: Asking;
  readonly row: LaneRow;
  readonly standing: Standing;
}

/** What there is to do for a lane. */
interface Standing {
  /** An answer came after its worker had lost the lane. */
  readonly isLate: boolean;
  isReady: boolean;
  /** Something accepted should have been read back by now. */
  readonly isOverdue: boolean;
  /** When something that waits for its time is due. */
  readonly waitingUntil: Instant | null;
  /** When something accepted is to be read back next. */
  readonly readBackAt: Instant | null;
  /** Something that waited for its time has become ready. */
  hasMoved: boolean;
}

/** Locks the lanes, and leaves out those that have gone to another worker. */
export async function lanesAtHand<A extends Asking>(tx: Tx, askings: readonly A[], given: Instant): Promise<{ readonly lanes: ReadonlyMap<A, LaneRow>; readonly now: Instant }> {
  const accounts = askings.map(({ profile }) => profile.account).toSorted();
  const rows = await inParts(accounts, (part) =>
    tx
      .selectFrom('lane')
      .leftJoin('account', 'account.id', 'lane.account')
      .select(['lane.account', 'lane.number', 'lane.holder', 'lane.sweep_after', 'account.paused_at', 'account.observe_since', momentOf(tx, given).as('now')])
      .where('lane.account', 'in', part)
      .orderBy('lane.account')
      .forNoKeyUpdate('lane')
      .execute(),
  );
  const scopes = [...new Set(askings.map(({ profile }) => profile.scope.sweep))];
  const swept = new Map((await inParts(scopes, (part) => tx.selectFrom('sweep').select(['scope', 'started_at', 'until']).where('scope', 'in', part).execute())).map((row) => [row.scope, row]));
  const byAccount = new Map(rows.map((row) => [row.account, row]));
  const lanes = new Map<A, LaneRow>();
  for (const asking of askings) {
    const row = byAccount.get(asking.profile.account);
    if (row === undefined || row.number !== asking.tenure.number || row.holder !== asking.tenure.worker) continue;
    const sweep = swept.get(asking.profile.scope.sweep);
    lanes.set(asking, { ...row, swept_from: sweep?.started_at ?? null, swept_until: sweep?.until ?? null });
  }
  return { lanes, now: rows.at(-1)?.now ?? given };
}

/** What there is to do for each of these lanes: one statement, which costs each of them a look at the end of an index. */
export async function readStandings<A extends Asking>(tx: Tx, held: ReadonlyMap<A, LaneRow>, now: Instant): Promise<{ asking: A; row: LaneRow; standing: Standing }[]> {
  const accounts = [...held.keys()].map(({ profile }) => profile.account);
  const rows = await inParts(accounts, (part) =>
    tx
      .selectFrom('lane')
      .select((eb) => {
        const sync = eb.selectFrom('sync').whereRef('sync.account', '=', 'lane.account');
        const waiting = sync.where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]);
        const accepted = sync.where('status', '=', sql.lit('accepted'));
        return [
          'lane.account',
          sync.where('late', 'is not', null).select('id').limit(1).as('late'),
          sync.where('status', '=', sql.lit('ready')).select('id').limit(1).as('ready'),
          waiting.select((of) => of.fn.min('due_at').as('at')).as('waiting'),
          accepted.where('due_at', '<=', now).select('id').limit(1).as('overdue'),
          accepted.where('due_at', '>', now).select((of) => of.fn.min('due_at').as('at')).as('read_back'),
        ];
      })
      .where('lane.account', 'in', part)
      .execute(),
  );
  const byAccount = new Map(rows.map((row) => [row.account, row]));
  return [...held].flatMap(([asking, row]) => {
    const found = byAccount.get(asking.profile.account);
    if (found === undefined) return [];
    return [{ asking, row, standing: { isLate: found.late !== null, isReady: found.ready !== null, isOverdue: found.overdue !== null, waitingUntil: found.waiting, readBackAt: found.read_back, hasMoved: false } }];
  });
}

/** How many become ready in one round: after an outage all of a queue falls due in the same moment. */
const dueAtOnce = 1_000;

/** What waited for its time is ready. */
export async function becomeDue(tx: Tx, lanes: readonly LaneAtHand[], changed: Totals, now: Instant): Promise<void> {
  const ripe = lanes.filter(({ standing }) => standing.waitingUntil !== null && standing.waitingUntil <= now);
  if (ripe.length === 0) return;
  const ask = (accounts: readonly string[]) => tx.selectFrom('sync').select(['id', 'account', 'status', 'cause']).where('account', 'in', accounts).where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]).where('due_at', '<=', now).orderBy('due_at').limit(dueAtOnce).forNoKeyUpdate().skipLocked().execute();
  const accounts = ripe.map(({ asking }) => asking.profile.account);
  let due = await ask(accounts);
  // The queue of one lane does not hold up another.
  if (due.length === dueAtOnce && accounts.length > 1) {
    due = [];
    for (const account of accounts) due.push(...(await ask([account])));
  }
  await inParts(due, async (part) => {
    await tx.updateTable('sync').set({ status: 'ready', due_at: null }).where('id', 'in', part.map((row) => row.id)).execute();
    return [];
  });
  for (const row of due) changed.move(row.account, { status: row.status as Status, cause: row.cause }, { status: 'ready', cause: row.cause });
  const moved = new Set(due.map((row) => row.account));
  for (const { asking, standing } of ripe) {
    if (!moved.has(asking.profile.account)) continue;
    standing.isReady = true;
    standing.hasMoved = true;
  }
}

/**
 * When something of these lanes falls due next. An overdue read-back waits for a fuller bucket, which may take hours: the
 * next attempt that ends, or the next minute, looks again.
 */
export async function nextDue<L extends LaneAtHand>(tx: Tx, lanes: readonly { readonly lane: L; readonly isMoved: boolean }[], now: Instant): Promise<ReadonlyMap<L, Instant>> {
  const moved = lanes.filter(({ lane, isMoved }) => isMoved || lane.standing.hasMoved).map(({ lane }) => lane);
  const afresh = new Map((moved.length === 0 ? [] : await readStandings(tx, new Map(moved.map((lane) => [lane.asking, lane.row])), now)).map(({ asking, standing }) => [asking, standing]));
  const next = new Map<L, Instant>();
  for (const { lane } of lanes) {
    const { waitingUntil, readBackAt } = afresh.get(lane.asking) ?? lane.standing;
    next.set(lane, Math.min(waitingUntil ?? Infinity, readBackAt ?? Infinity));
  }
  return next;
}
