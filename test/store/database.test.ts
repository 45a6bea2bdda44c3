import { sql } from 'kysely';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertWhole, backupTo } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/database.ts';
import { StoreUnusable } from '../../src/store/unusable.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-'));
  file = join(folder, 'suivi.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('opening a database', () => {
  test('writes go through to the disk, on every opening, and stay so after a write', async () => {
    for (const access of ['upgrade', 'use', 'upgrade'] as const) {
      const store = await openStore(file, access);
      await store.db.insertInto('setting').values({ key: access, value: 'x' }).onConflict((conflict) => conflict.doNothing()).execute();
      const pragma = async (name: string) => Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(store.db)).rows[0] ?? {})[0];
      expect([await pragma('synchronous'), await pragma('journal_mode'), await pragma('foreign_keys')]).toEqual([2, 'wal', 1]);
      await store.close();
    }
  });

  test('only an upgrade makes a schema', async () => {
    await expect(openStore(file, 'use')).rejects.toThrow(StoreUnusable);
    writeFileSync(file, '');
    await expect(openStore(file, 'use')).rejects.toThrow('suivi migrate');
  });

  test('one made by a newer version is refused, and left as it is', async () => {
    const store = await openStore(file, 'upgrade');
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(store.db);
    await store.close();
    for (const access of ['upgrade', 'use', 'read'] as const) await expect(openStore(file, access)).rejects.toThrow('made by a newer version');
  });

  test('one that is damaged, or none, is said to be so', async () => {
    writeFileSync(file, 'this is no database, and long enough not to be taken for an empty one'.repeat(20));
    await expect(openStore(file, 'upgrade')).rejects.toThrow('restore the latest backup');
  });

  test('a migration that fails half-way leaves nothing behind', async () => {
    const store = await openStore(file, 'upgrade');
    const tables = (await sql<{ n: number }>`select count(*) as n from sqlite_master`.execute(store.db)).rows[0]?.n;
    await expect(
      store.db.transaction().execute(async (tx) => {
        await sql`create table half (id integer)`.execute(tx);
        await sql`create table sync (id integer)`.execute(tx);
      }),
    ).rejects.toThrow('already exists');
    expect((await sql<{ n: number }>`select count(*) as n from sqlite_master`.execute(store.db)).rows[0]?.n).toBe(tables);
    await store.close();
  });

  test('the version grows when another connection has written, and only then', async () => {
    const one = await openStore(file, 'upgrade');
    const two = await openStore(file, 'use');
    const before = one.version();
    await one.db.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    expect(one.version()).toBe(before);
    await two.db.insertInto('setting').values({ key: 'b', value: '1' }).execute();
    expect(one.version()).toBeGreaterThan(before);
    await one.close();
    await two.close();
  });

  test('a backup is made while it is used, proved, and whole', async () => {
    const store = await openStore(file, 'upgrade');
    await store.db.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    await backupTo(store, `${file}.backup`);
    await assertWhole(`${file}.backup`);
    const copy = await openStore(`${file}.backup`, 'read');
    expect(await copy.db.selectFrom('setting').selectAll().execute()).toEqual([{ key: 'a', value: '1' }]);
    await copy.close();
    await store.close();
  });
});
