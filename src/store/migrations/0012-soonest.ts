import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/**
 * What is due soonest, whoever's it is, is looked for by one statement for all lanes, which says "id > 0". A lane that looks
 * for its own is not led by these: where much falls due at once, it would go through everybody's.
 */
export const soonest: Migrate = async (db, { kind }) => {
  if (kind !== 'postgres') return;
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  for (const [name, where] of [
    ['sync_due_soonest', `status in ('delayed', 'submitted')`],
    ['sync_read_back_soonest', `status = 'accepted' and due_at is not null`],
    ['sync_ripe_soonest', `status = 'held' and cause = 'order/tracking-missing'`],
  ] as const) {
    await run(`drop index ${name}`);
    await run(`create index ${name} on sync (due_at, account) where id > 0 and ${where}`);
  }
};
