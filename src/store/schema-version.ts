import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Access } from './database.ts';
import { migrationNames, migrations } from './migrations/index.ts';
import type { Dialect } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { StoreUnusable } from './unusable.ts';

/**
 * The schema is made or brought up to date, found right, or refused.
 * Several programs may come here at once: they migrate one after another, and all but the first find nothing to do.
 * @param database.isNew there is nothing in it yet
 * @throws StoreUnusable where it is newer than this program, or missing or older and not to be upgraded
 */
export async function matchSchema(db: Kysely<Schema>, dialect: Dialect, { place, access, isNew }: { readonly place: string; readonly access: Access; readonly isNew: boolean }): Promise<void> {
  const applied = isNew ? [] : await appliedMigrations(db);
  const unknown = applied.filter((name) => !migrationNames.includes(name));
  if (unknown.length > 0) throw new StoreUnusable({ code: 'newer', file: place, what: unknown.join(', ') });
  if (applied.length === migrationNames.length) return;
  if (access === 'look') {
    if (applied.length === 0) throw new StoreUnusable({ code: 'no-suivi', file: place, what: '' });
    return;
  }
  if (access !== 'upgrade') throw new StoreUnusable({ code: 'older', file: place, what: migrationNames.slice(applied.length).join(', ') });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations(dialect)) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function appliedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>).selectFrom('kysely_migration').select('name').orderBy('name').execute();
  return rows.map((row) => row.name);
}
