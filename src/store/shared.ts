import { sql } from 'kysely';
import type { SharedLedger, Stirring } from '../syncing/shared.ts';
import type { Context } from './context.ts';
import { gather } from './gather.ts';
import { momentOf } from './moment.ts';
import { newsOf } from './tidings.ts';
import { settleAllIn } from './settle-in.ts';
import type { Given } from './settle-in.ts';
import { attend, giveBack, leave } from './workers.ts';

/** The engine's port to a store that several workers share; null where one process has it to itself. */
export function createShared(context: Context): SharedLedger | null {
  const { store, clock } = context;
  const { listen } = store;
  if (listen === null) return null;
  const settleIn = gather<Given, boolean>({ most: 200, atOnce: 2, together: (lanes) => settleAllIn(context, lanes, clock.now()) });
  return {
    attend: (asking) => attend(context, asking, clock.now()),
    settleIn: (tenure, profile) => settleIn({ tenure, profile }),
    giveBack: (tenures) => giveBack(context, tenures, clock.now()),
    leave: (worker) => leave(context, worker, clock.now()),
    listen: (hear, stop) => listen((payload) => hear(newsOf(payload)), clock, stop),
    stirring: () => stirring(context),
  };
}

/**
 * See SharedLedger.stirring: each part walks an index of its own ("id > 0" says so) to what is due, and no further. The moment
 * is asked for once, in a statement of its own: what may differ from row to row leads through no index.
 */
async function stirring({ store: { db }, clock }: Context): Promise<Stirring> {
  const now = sql`(select ${momentOf(db, clock.now())})`;
  const { rows } = await sql<{ what: keyof Stirring; account: string }>`
    select 'ready' as what, account from counter where status = 'ready' and n > 0
    union all select distinct 'due', account from sync where id > 0 and status in ('delayed', 'submitted') and due_at <= ${now}
    union all select distinct 'readBack', account from sync where id > 0 and status = 'accepted' and due_at is not null and due_at <= ${now}
    union all select distinct 'ripe', account from sync where id > 0 and status = 'held' and cause = 'order/tracking-missing' and due_at <= ${now}
    union all select 'missing', account from counter where status = 'held' and cause = 'order/not-imported' and n > 0`.execute(db);
  const of = (what: keyof Stirring): string[] => rows.filter((row) => row.what === what).map((row) => row.account);
  return { ready: of('ready'), due: of('due'), readBack: of('readBack'), ripe: of('ripe'), missing: of('missing') };
}
