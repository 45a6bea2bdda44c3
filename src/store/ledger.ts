import type { Ledger } from '../syncing/ledger.ts';
import { shiftDueTimes } from './clock-shift.ts';
import type { Context } from './context.ts';
import { intend } from './intend.ts';
import { holds, releaseLane, renewLane, takeLane } from './lanes.ts';
import { debit, record, recordHearing } from './record.ts';
import { takeOver, wanted } from './take-over.ts';
import { missing, ripen, unknownThere } from './waiting.ts';

/** The engine's port to the store, fulfilled by this room's groups of statements. */
export function createLedger(context: Context): Ledger {
  const { db } = context.store;
  const profileOf = (account: string) => {
    const profile = context.profiles.get(account);
    if (profile === undefined) throw new Error(`no account ${account}`);
    return profile;
  };
  return {
    take: (profile, worker, now) => takeLane(context, profile, worker, now),
    renew: (tenure, now) => renewLane(context, profileOf(tenure.account), tenure, now),
    release: (tenure, now) => releaseLane(context, tenure, now),
    intend: (tenure, profile, room, now) => intend(context, tenure, profile, room, now),
    record: (tenure, profile, results, now) => record(context, tenure, profile, results, now),
    debit: (profile, call, now) => debit(context, profile, call, now),
    heard: (profile, call, hearing, now) => recordHearing(context, profile, call, hearing, now),
    sweep: async (scope) => {
      const row = await db.selectFrom('sweep').select(['until', 'started_at']).where('scope', '=', scope).executeTakeFirst();
      return { until: row?.until ?? null, startedAt: row?.started_at ?? null };
    },
    swept: async (scope, { until, startedAt }, by) => {
      if (by !== undefined && !(await holds(db, by))) return;
      const values = { until, started_at: startedAt };
      await db.insertInto('sweep').values({ scope, ...values }).onConflict((conflict) => conflict.column('scope').doUpdateSet(values)).execute();
    },
    takeOver: (profiles, references, orders, now, by) => takeOver(context, profiles, references, orders, now, by),
    wanted: (account, seen) => wanted(context, account, seen),
    missing: (account, limit) => missing(context, account, limit),
    unknownThere: (account, reference, now) => unknownThere(context, account, reference, now),
    ripen: (profile, now) => ripen(context, profile, now),
    shift: (owed) => shiftDueTimes(context, owed),
    version: () => context.store.version(),
  };
}
