import type { SweepState, Tenure } from '../syncing/ledger.ts';
import type { Context } from './context.ts';
import { inParts, upsertRows } from './rows.ts';
import { transact } from './transact.ts';

/** Where the sweeps of these scopes stand, in their order. */
export async function sweepStates({ store: { db } }: Context, scopes: readonly string[]): Promise<readonly SweepState[]> {
  const rows = await inParts(scopes, (part) => db.selectFrom('sweep').select(['scope', 'until', 'started_at']).where('scope', 'in', part).execute());
  const byScope = new Map(rows.map((row) => [row.scope, row]));
  return scopes.map((scope) => ({ until: byScope.get(scope)?.until ?? null, startedAt: byScope.get(scope)?.started_at ?? null }));
}

/** A whole sweep of a scope. */
export interface Swept {
  readonly scope: string;
  readonly state: SweepState;
  /** The hold of the worker that read it. */
  readonly by?: Tenure | undefined;
}

/** Whole sweeps have been read; see Ledger.swept. What one read that has lost its lane since is dropped. */
export async function sweptAll({ store: { db } }: Context, swept: readonly Swept[]): Promise<readonly true[]> {
  await transact(db, async (tx) => {
    const accounts = swept.flatMap(({ by }) => by?.account ?? []);
    const rows = await inParts(accounts, (part) => tx.selectFrom('lane').select(['account', 'holder', 'number']).where('account', 'in', part).execute());
    const lanes = new Map(rows.map((row) => [row.account, row]));
    const isHeld = ({ by }: Swept): boolean => by === undefined || (lanes.get(by.account)?.holder === by.worker && lanes.get(by.account)?.number === by.number);
    const byScope = new Map(swept.filter(isHeld).map(({ scope, state }) => [scope, { scope, until: state.until, started_at: state.startedAt }]));
    await upsertRows(tx, 'sweep', ['scope'], [...byScope.values()].toSorted((a, b) => (a.scope < b.scope ? -1 : 1)));
  });
  return swept.map(() => true);
}
