import type { Claimed, Ledger, Recorded, SweepState } from '../syncing/ledger.ts';
import { shiftDueTimes } from './clock-shift.ts';
import type { Context } from './context.ts';
import { debitAll, hearAll } from './hearing.ts';
import type { Debit, HeardOf } from './hearing.ts';
import { gather } from './gather.ts';
import { intendAll } from './intend.ts';
import type { Asking } from './intend.ts';
import { releaseLane, renewLane, takeLane } from './lanes.ts';
import { recordAll } from './record.ts';
import type { Telling } from './record.ts';
import { takeOver, wanted } from './take-over.ts';
import { sweepStates, sweptAll } from './sweeps.ts';
import type { Swept } from './sweeps.ts';
import { missingAmong, ripen, unknownThere } from './waiting.ts';

/** Enough to share the cost of a statement, few enough that none is waited for long; connections are left for others. */
const gathered = { most: 200, atOnce: 3 };

/** The engine's port to the store, fulfilled by this room's groups of statements. */
export function createLedger(context: Context): Ledger {
  const profileOf = (account: string) => {
    const profile = context.profiles.get(account);
    if (profile === undefined) throw new Error(`no account ${account}`);
    return profile;
  };
  // Sweeps of thousands of scopes begin in the same moment.
  const sweep = gather<string, SweepState>({ ...gathered, together: (scopes) => sweepStates(context, scopes) });
  const swept = gather<Swept, true>({ ...gathered, atOnce: 1, together: (all) => sweptAll(context, all) });
  const missing = gather<{ readonly account: string; readonly limit: number }, readonly string[]>({ ...gathered, together: (asked) => missingAmong(context, asked) });
  const debit = gather<Debit, boolean>({ ...gathered, together: (all) => debitAll(context, all) });
  const heard = gather<HeardOf, true>({ ...gathered, together: (all) => hearAll(context, all) });
  const intend = gather<Asking, Claimed>({ ...gathered, together: (askings) => intendAll(context, askings) });
  const record = gather<Telling, Recorded>({ ...gathered, together: (tellings) => recordAll(context, tellings) });
  return {
    take: (profile, worker, now) => takeLane(context, profile, worker, now),
    renew: (tenure, now) => renewLane(context, profileOf(tenure.account), tenure, now),
    release: (tenure, now) => releaseLane(context, tenure, now),
    intend: (tenure, profile, room, given) => intend({ tenure, profile, room, given }),
    record: (tenure, profile, results, given) => record({ tenure, profile, results, given }),
    debit: (profile, call, given) => debit({ profile, call, given }),
    heard: async (profile, call, hearing, given) => void (await heard({ profile, call, hearing, given })),
    sweep,
    swept: async (scope, state, by) => void (await swept({ scope, state, by })),
    takeOver: (profiles, references, orders, now, by) => takeOver(context, profiles, references, orders, now, by),
    wanted: (account, seen) => wanted(context, account, seen),
    missing: (account, limit) => missing({ account, limit }),
    unknownThere: (account, reference, now) => unknownThere(context, account, reference, now),
    ripen: (profile, now) => ripen(context, profile, now),
    shift: (owed) => shiftDueTimes(context, owed),
    version: () => context.store.version(),
  };
}
