import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/**
 * Who was told that an application stands although another had made it: it is not undone under them.
 * `own_id` is the claimant's own application, where there is one beside; 0 where they were told of the other's number.
 */
export const claims: Migrate = async (db, { int, text, withoutRowid }) => {
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(db);
  await run(`create table claim (applied_state_id ${int} not null references applied_state (id), source ${text} not null, author ${text} not null, own_id ${int} not null,
    at ${int} not null, withdrawn_at ${int}, primary key (applied_state_id, source, author, own_id)) ${withoutRowid}`);
  await run('create index claim_own on claim (own_id) where own_id > 0');
  await run('create index claim_source on claim (source)');
};
