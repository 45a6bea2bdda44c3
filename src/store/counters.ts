import { upsertRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { Status } from '../syncing/status.ts';
import { tellOfAccounts } from './tidings.ts';

/** Totals by account, status and (where people count by it) cause, kept in the transaction that changes them. */
export interface Totals {
  move(account: string, from: { readonly status: Status; readonly cause: string | null } | null, to: { readonly status: Status; readonly cause: string | null }): void;
  /**
   * Writes them. A lane that turns from having nothing to do to having something is told of it.
   * @param byHolder the lane's own worker changes them, and knows
   */
  write(tx: Tx, byHolder?: 'by its holder'): Promise<void>;
}

/** Statuses whose causes people count by. */
const byCause: ReadonlySet<Status> = new Set<Status>(['held', 'rejected', 'exhausted', 'in-doubt', 'skipped']);

/** Whoever serves the account has something to do: a sync to tell, or an order to fetch. */
function wakes({ status, cause }: { readonly status: string; readonly cause: string }): boolean {
  return status === 'ready' || (status === 'held' && cause === 'order/not-imported');
}

function keyOf({ account, status, cause }: { readonly account: string; readonly status: string; readonly cause: string }): string {
  return `${account}\n${status}\n${cause}`;
}

export function totals(): Totals {
  const deltas = new Map<string, { account: string; status: string; cause: string; n: number }>();
  function add(account: string, status: Status, cause: string | null, by: number): void {
    const counted = byCause.has(status) ? (cause ?? '') : '';
    const delta = { account, status, cause: counted, n: 0 };
    const key = keyOf(delta);
    const known = deltas.get(key) ?? delta;
    known.n += by;
    deltas.set(key, known);
  }
  return {
    move(account, from, to) {
      if (from !== null) add(account, from.status, from.cause, -1);
      add(account, to.status, to.cause, 1);
    },
    async write(tx, byHolder) {
      // Ascending, as all locks are taken.
      const changed = [...deltas].filter(([, delta]) => delta.n !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
      deltas.clear();
      const standing = await upsertRows(tx, 'counter', ['account', 'status', 'cause'], changed.map(([, delta]) => delta), 'n');
      if (byHolder !== undefined) return;
      const by = new Map(changed.map(([key, delta]) => [key, delta.n]));
      await tellOfAccounts(tx, standing.flatMap((row) => (row.n > 0 && row.n <= (by.get(keyOf(row)) ?? 0) && wakes(row) ? [row.account] : [])));
    },
  };
}
