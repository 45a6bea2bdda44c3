import { sql } from 'kysely';
import type { Migrate } from './index.ts';
import { fewAndBusy } from './postgres.ts';

/** Several workers of one server: one lease for each, however many lanes it has. */
export const workers: Migrate = async (db, { kind, int, text, strict }) => {
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(db);
  await run(`create table worker (name ${text} primary key not null, started_at ${int} not null, lease_until ${int} not null, stays ${int} not null, ended_at ${int}) ${strict}`);
  await run('create index lane_holder on lane (holder) where holder is not null');
  if (kind === 'postgres') await run(`alter table worker set (${fewAndBusy})`);
};
