import type { Instant } from '../runtime/clock.ts';
import type { CarrierCode } from '../planning/carriers.ts';
import type { Tables } from '../planning/situation.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { wasRestoredBefore } from './restored.ts';
import { inParts, insertRows } from './rows.ts';
import type { Db, Tx } from './rows.ts';
import { tellOfAccounts } from './tidings.ts';
import { transact } from './transact.ts';

/** From which moment on what is applied to the orders of these accounts is told. A host has thousands of others. */
export async function liveFrom(tx: Tx | Db, accounts: Iterable<string>): Promise<Map<string, Instant>> {
  const rows = await inParts([...new Set(accounts)], (part) => tx.selectFrom('account').select(['id', 'live_from']).where('id', 'in', part).execute());
  return new Map(rows.map((row) => [row.id, row.live_from]));
}

/** Accounts of which nothing leaves now, because a person paused them, or somebody or a restore has them observe. */
export async function silentAccounts(tx: Tx | Db): Promise<ReadonlyMap<string, { readonly observing: boolean; readonly paused: boolean }>> {
  const rows = await tx.selectFrom('account').select(['id', 'paused_at', 'observe_since']).where((eb) => eb.or([eb('paused_at', 'is not', null), eb('observe_since', 'is not', null)])).execute();
  return new Map(rows.map((row) => [row.id, { observing: row.observe_since !== null, paused: row.paused_at !== null }]));
}

/** The tables that planning for these accounts needs: those that are shipped, and the merchant's own carrier codes. */
export async function planningTables(tx: Tx | Db, context: Context, accounts: Iterable<string>): Promise<Tables> {
  const mapped = new Map<string, Map<string, CarrierCode>>();
  const rows = await inParts([...new Set(accounts)], (part) => tx.selectFrom('carrier_code').selectAll().where('account', 'in', part).execute());
  for (const row of rows) {
    const ofAccount = mapped.get(row.account) ?? new Map<string, CarrierCode>();
    mapped.set(row.account, ofAccount);
    ofAccount.set(row.name, { code: row.code, name: row.other_name, verified: true });
  }
  return { ...context.tables, mappedCarriers: mapped };
}

/** An account of accounts.json. */
export interface MetAccount {
  readonly id: string;
  readonly marketplace: string;
  readonly mode: 'live' | 'observe';
  /** The starting moment, where the file names one. */
  readonly from: Instant | null;
}

/**
 * Accounts of accounts.json as they are met: the first time sets the starting moment, unless the file names one.
 * One that only observed until now reads the changed orders before it sends anything.
 */
export async function meetAccounts(context: Context, accounts: readonly MetAccount[], now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    const ids = accounts.map(({ id }) => id);
    const known = new Map((await inParts(ids, (part) => tx.selectFrom('account').select(['id', 'marketplace', 'mode', 'live_from']).where('id', 'in', part).execute())).map((row) => [row.id, row]));
    const fresh = accounts.filter(({ id }) => !known.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await insertRows(tx, 'account', fresh.map(({ id, marketplace, mode, from }) => ({ id, marketplace, mode, live_from: from ?? now, first_seen_at: now, paused_at: null, paused_by: null, observe_since: null, observe_why: null })));
    // A scope that gains an account is imported anew: its cursor knows nothing of the new one's orders.
    const gaining = [...new Set(fresh.flatMap(({ id }) => context.profiles.get(id)?.scope.sweep ?? []))].toSorted();
    await inParts(gaining, async (part) => (await tx.deleteFrom('sweep').where('scope', 'in', part).execute(), []));
    for (const { id, marketplace, mode, from } of accounts) {
      const before = known.get(id);
      if (before === undefined || (before.marketplace === marketplace && before.mode === mode && (from === null || before.live_from === from))) continue;
      await tx.updateTable('account').set({ marketplace, mode, ...(from === null ? {} : { live_from: from }) }).where('id', '=', id).execute();
      if (before.mode === 'observe' && mode === 'live') await tx.updateTable('lane').set({ sweep_after: now }).where('account', '=', id).execute();
    }
  });
}

export interface AccountState {
  readonly id: string;
  readonly liveFrom: Instant;
  readonly pausedAt: Instant | null;
  readonly pausedBy: string | null;
  /** Since when nothing leaves although the settings say `live`, and why. */
  readonly observeSince: Instant | null;
  readonly observeWhy: string | null;
}

export async function accountStates(db: Db): Promise<readonly AccountState[]> {
  const rows = await db.selectFrom('account').selectAll().orderBy('id').execute();
  return rows.map((row) => ({ id: row.id, liveFrom: row.live_from, pausedAt: row.paused_at, pausedBy: row.paused_by, observeSince: row.observe_since, observeWhy: row.observe_why }));
}

/** Nothing of the account leaves until it is resumed; everything is planned and kept. */
export async function pauseAccount(context: Context, id: string, author: string, reason: string, now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    await tx.updateTable('account').set({ paused_at: now, paused_by: author }).where('id', '=', id).where('paused_at', 'is', null).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'account-paused', sync: null, attempt: null, what: id, cause: null, body: { by: author, reason } }]);
  });
}

/** Everything is planned and shown, and nothing leaves, although the settings say `live`; until it is resumed. */
export async function observeAccount(context: Context, id: string, author: string, reason: string, now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    await tx.updateTable('account').set({ observe_since: now, observe_why: 'person' }).where('id', '=', id).where('observe_since', 'is', null).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'account-observed', sync: null, attempt: null, what: id, cause: null, body: { by: author, reason } }]);
  });
}

/** The account is served again, also after a restore. It reads the changed orders before it sends anything. */
export async function resumeAccount(context: Context, id: string, author: string, reason: string, now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    const before = await tx.selectFrom('account').select('observe_why').where('id', '=', id).executeTakeFirst();
    await tx.updateTable('account').set({ paused_at: null, paused_by: null, observe_since: null, observe_why: null }).where('id', '=', id).execute();
    await tx.updateTable('lane').set({ sweep_after: now }).where('account', '=', id).execute();
    if (before?.observe_why === 'restored') await wasRestoredBefore(tx, now);
    await tellOfAccounts(tx, [id]);
    await append(tx, context.audit, journalLane, now, [{ kind: 'account-resumed', sync: null, attempt: null, what: id, cause: null, body: { by: author, reason } }]);
  });
}
