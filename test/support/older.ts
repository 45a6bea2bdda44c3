import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations, sqlite } from '../../src/store/migrations/index.ts';

/** Makes a database as the version left it that knew the migrations up to `last`, with one account. */
export async function madeBy(last: string, path: string): Promise<void> {
  const raw = new Database(path);
  raw.pragma('journal_mode = wal');
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  const { error } = await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations(sqlite)) } }).migrateTo(last);
  if (error !== undefined) throw error;
  raw.prepare(`insert into account (id, marketplace, mode, live_from, first_seen_at) values ('amazon-fr', 'amazon', 'live', 0, 0)`).run();
  await db.destroy();
}
