import Database from 'better-sqlite3';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../../src/runtime/random.ts';
import { assertWhole, backupTo, prepareRestore, putInPlace, restoreFrom } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/database.ts';
import { migrationNames } from '../../src/store/migrations/index.ts';
import { madeBy } from '../support/older.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const audit = { keyring: { current: 'test', keys: new Map([['test', new Uint8Array(32).fill(1)]]) }, random: systemRandom };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-'));
  file = join(folder, 'suivi.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is no backup', () => {
  test('is spoken of as a backup, and nothing stays beside one that was looked at', async () => {
    const junk = join(folder, 'junk.db');
    writeFileSync(junk, 'this is no database, but a text that is long enough to be looked at'.repeat(20));
    await expect(assertWhole(junk)).rejects.toMatchObject({ why: { code: 'backup-damaged', file: junk } });
    const store = await openStore(file, 'upgrade');
    await store.close();
    await assertWhole(file);
    expect(readdirSync(folder).toSorted()).toEqual(['junk.db', 'suivi.db']);
  });
});

describe('a database of an older version', () => {
  const older = migrationNames.slice(0, -1);
  test.each(older)('made before what came after %s: can be backed up, restored, and is brought up to date by that', async (last) => {
    await madeBy(last, file);
    await expect(openStore(file, 'use')).rejects.toThrow('suivi migrate');
    const backup = join(folder, 'before-upgrade.db');
    const looked = await openStore(file, 'look');
    await expect(looked.db.deleteFrom('account').execute()).rejects.toThrow('readonly');
    await backupTo(looked, backup);
    await looked.close();
    await assertWhole(backup);

    const { kept } = await restoreFrom(backup, file, audit, 'Ana', now);
    const store = await openStore(file, 'use');
    expect(await store.db.selectFrom('account').select(['id', 'observe_since']).execute()).toEqual([{ id: 'amazon-fr', observe_since: now }]);
    await store.close();
    // What was there is kept as it was: the version that made it can still work with it.
    await expect(openStore(kept ?? '', 'read')).rejects.toThrow(`lacks ${migrationNames.slice(migrationNames.indexOf(last) + 1).join(', ')}`);
  });
});

describe('a restore that is killed', () => {
  const made = async (): Promise<string> => {
    const store = await openStore(file, 'upgrade');
    await store.db.insertInto('account').values({ id: 'amazon-fr', marketplace: 'amazon', mode: 'live', live_from: now, first_seen_at: now, paused_at: null, paused_by: null, observe_since: null, observe_why: null }).execute();
    const backup = join(folder, 'backup.db');
    await backupTo(store, backup);
    await store.close();
    return backup;
  };
  const observing = async (): Promise<unknown> => {
    const store = await openStore(file, 'use');
    const rows = await store.db.selectFrom('account').select('observe_since').execute();
    await store.close();
    return rows;
  };

  test('before anything was moved, or in the middle of it: the database is refused until it is run again, and then observes', async () => {
    const backup = await made();
    const { prepared } = await prepareRestore(backup, file, audit, 'Ana', now);
    for (const access of ['upgrade', 'use', 'read'] as const) await expect(openStore(file, access)).rejects.toThrow('run `suivi restore FILE` again');
    renameSync(file, `${file}.before-restore-x`);
    // An empty one in its place would lose all without a word.
    await expect(openStore(file, 'upgrade')).rejects.toThrow('a restore was broken off');
    expect([existsSync(file), existsSync(prepared)]).toEqual([false, true]);
    const { kept } = await restoreFrom(backup, file, audit, 'Ana', now + 1);
    expect([kept, existsSync(prepared), await observing()]).toEqual([null, false, [{ observe_since: now + 1 }]]);
  });

  test('at its end: what is there observes', async () => {
    const { prepared } = await prepareRestore(await made(), file, audit, 'Ana', now);
    putInPlace(prepared, file, now);
    expect(await observing()).toEqual([{ observe_since: now }]);
  });
});

test('a database of another program is not made ours', async () => {
  new Database(file).exec('create table letters (id integer)').close();
  await expect(openStore(file, 'upgrade')).rejects.toThrow('no data of Suivi');
  const left = new Database(file);
  expect(left.prepare('select name from sqlite_schema').pluck().all()).toEqual(['letters']);
  left.close();
});

describe('what is restored', () => {
  test('must be of Suivi, and by no newer version: nothing is touched else', async () => {
    const store = await openStore(file, 'upgrade');
    await store.close();
    const strange = join(folder, 'strange.db');
    new Database(strange).exec('create table letters (id integer)').close();
    await expect(restoreFrom(strange, file, audit, 'Ana', now)).rejects.toThrow('no data of Suivi');
    writeFileSync(strange, '');
    await expect(restoreFrom(strange, file, audit, 'Ana', now)).rejects.toThrow('no data of Suivi');
    await expect(restoreFrom(join(folder, 'nowhere.db'), file, audit, 'Ana', now)).rejects.toThrow('check that it exists');
    new Database(strange).exec(`create table kysely_migration (name text, timestamp text); insert into kysely_migration values ('9999-later', '2030')`).close();
    await expect(restoreFrom(strange, file, audit, 'Ana', now)).rejects.toThrow('newer version');
    await (await openStore(file, 'use')).close();
  });

  test('leaves the former one whole beside it, with what it had committed last, whatever version made it', async () => {
    const backup = join(folder, 'backup.db');
    const store = await openStore(file, 'upgrade');
    await backupTo(store, backup);
    await store.close();
    // Killed in the middle of its work, by a newer version: its last writes are in the write-ahead log alone.
    const raw = new Database(file);
    raw.exec(`insert into setting (key, value) values ('last', 'words'); insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`);
    const { kept } = await restoreFrom(backup, file, audit, 'Ana', now);
    raw.close();
    const former = new Database(kept ?? '');
    expect(former.prepare(`select value from setting where key = 'last'`).get()).toEqual({ value: 'words' });
    former.close();
    const restored = await openStore(file, 'use');
    expect(await restored.db.selectFrom('setting').select('key').where('key', '=', 'last').execute()).toEqual([]);
    await restored.close();
  });
});
