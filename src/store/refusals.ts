import type { Duration, Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { inParts } from './rows.ts';
import type { Tx } from './rows.ts';

/*
 * What a marketplace refuses an account: all of it where its credentials are not taken, or one call where a role is missing.
 */

/** A refused account or call is tried again this often. */
export const probeEvery: Duration = 5 * minute;

export interface Refusal {
  readonly cause: string;
  readonly since: Instant;
  readonly probeAt: Instant;
}

export interface Refusals {
  /** For the whole account (`*`) or one call. */
  refusal(call: string): Refusal | undefined;
  refuse(call: string, refusal: Refusal): void;
  /** Nothing is refused any more; undefined where nothing was, else the moment since when it was. */
  pardon(call?: string): Instant | undefined;
  refused(): readonly string[];
}

export async function readRefusals(tx: Tx, accounts: readonly string[]): Promise<Map<string, Map<string, Refusal>>> {
  const refusals = new Map<string, Map<string, Refusal>>();
  const rows = await inParts(accounts, (part) => tx.selectFrom('refusal').selectAll().where('account', 'in', part).orderBy('account').orderBy('call').forNoKeyUpdate().execute());
  for (const row of rows) {
    const ofAccount = refusals.get(row.account) ?? new Map<string, Refusal>();
    refusals.set(row.account, ofAccount);
    ofAccount.set(row.call, { cause: row.cause, since: row.since, probeAt: row.probe_at });
  }
  return refusals;
}

export function refusalsOf(refusals: Map<string, Refusal>, changed: (call: string) => void): Refusals {
  return {
    refusal: (call) => refusals.get(call),
    refuse(call, refusal) {
      refusals.set(call, refusal);
      changed(call);
    },
    pardon(call) {
      let since: Instant | undefined;
      for (const [refused, refusal] of refusals) {
        if (call !== undefined && refused !== '*' && refused !== call) continue;
        since = Math.min(since ?? refusal.since, refusal.since);
        refusals.delete(refused);
        changed(refused);
      }
      return since;
    },
    refused: () => [...refusals.keys()],
  };
}

export async function writeRefusal(tx: Tx, account: string, call: string, refusal: Refusal | undefined): Promise<void> {
  if (refusal === undefined) {
    await tx.deleteFrom('refusal').where('account', '=', account).where('call', '=', call).execute();
    return;
  }
  const values = { cause: refusal.cause, since: refusal.since, probe_at: refusal.probeAt };
  await tx.insertInto('refusal').values({ account, call, ...values }).onConflict((conflict) => conflict.columns(['account', 'call']).doUpdateSet(values)).execute();
}
