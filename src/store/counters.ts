import { insertRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { Status } from '../syncing/status.ts';

/** Totals by account, status and (where people count by it) cause, kept in the transaction that changes them. */
export interface Totals {
  move(account: string, from: { readonly status: Status; readonly cause: string | null } | null, to: { readonly status: Status; readonly cause: string | null }): void;
  write(tx: Tx): Promise<void>;
}

/** Statuses whose causes people count by. */
const byCause: ReadonlySet<Status> = new Set<Status>(['held', 'rejected', 'exhausted', 'in-doubt', 'skipped']);

export function totals(): Totals {
  const deltas = new Map<string, { account: string; status: string; cause: string; n: number }>();
  function add(account: string, status: Status, cause: string | null, by: number): void {
    const counted = byCause.has(status) ? (cause ?? '') : '';
    const key = `${account}\n${status}\n${counted}`;
    const delta = deltas.get(key) ?? { account, status, cause: counted, n: 0 };
    delta.n += by;
    deltas.set(key, delta);
  }
  return {
    move(account, from, to) {
      if (from !== null) add(account, from.status, from.cause, -1);
      add(account, to.status, to.cause, 1);
    },
    async write(tx) {
      const changed = [...deltas.values()].filter((delta) => delta.n !== 0);
      deltas.clear();
      // One statement per total: there are as many as there are kinds of change, not as there are syncs.
      for (const delta of changed) {
        const updated = await tx
          .updateTable('counter')
          .set((eb) => ({ n: eb('n', '+', delta.n) }))
          .where('account', '=', delta.account)
          .where('status', '=', delta.status)
          .where('cause', '=', delta.cause)
          .executeTakeFirst();
        if (updated.numUpdatedRows === 0n) await insertRows(tx, 'counter', [delta]);
      }
    },
  };
}
