import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/**
 * Who may sign in to the console. The columns of all tables but the last are those that better-auth reads and writes;
 * their moments and truths are of the kinds that it chooses for each database.
 */
export const people: Migrate = async (db, { int, moment, truth, strict }) => {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  const table = (name: string, columns: string): Promise<unknown> => run(`create table ${name} (${columns})${strict === '' ? '' : ` ${strict}`}`);
  const person = 'person_id text not null references person (id)';

  // `email` is made of the name: nobody's mail is asked for.
  await table('person', `id text primary key not null, name text not null, email text not null unique, email_verified ${truth} not null, image text, role text not null,
    second_factor ${truth}, created_at ${moment} not null, updated_at ${moment} not null, revoked_at ${int}`);
  await table('person_session', `id text primary key not null, ${person}, token text not null unique, expires_at ${moment} not null, created_at ${moment} not null, updated_at ${moment} not null, ip_address text, user_agent text`);
  await run('create index person_session_person on person_session (person_id)');
  await table('person_credential', `id text primary key not null, ${person}, account_id text not null, provider_id text not null, access_token text, refresh_token text, id_token text,
    access_token_expires_at ${moment}, refresh_token_expires_at ${moment}, scope text, password text, created_at ${moment} not null, updated_at ${moment} not null`);
  await run('create index person_credential_person on person_credential (person_id)');
  await table('person_verification', `id text primary key not null, identifier text not null, value text not null, expires_at ${moment} not null, created_at ${moment} not null, updated_at ${moment} not null`);
  await run('create index person_verification_identifier on person_verification (identifier)');
  await table('second_factor', `id text primary key not null, ${person}, secret text not null, backup_codes text not null, verified ${truth}, failed_verification_count ${int}, locked_until ${moment}`);
  await run('create index second_factor_person on second_factor (person_id)');

  // One-time links: a new person's, or a new password for one who is there. Only their hashes are stored.
  await table('invitation', `id ${int} primary key not null, hash text not null unique, person_id text references person (id), name text, role text not null,
    created_at ${int} not null, created_by text not null, expires_at ${int} not null, used_at ${int}, revoked_at ${int}`);
};
