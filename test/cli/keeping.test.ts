import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madeBy } from '../support/older.ts';
import { openRoom, orderLine } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
let daemon: Awaited<ReturnType<Room['daemon']>>;
beforeAll(async () => {
  room = openRoom();
  daemon = await room.daemon();
  room.write('commandes.jsonl', orderLine('171-1'));
  await room.done('states', 'add', 'EXPEDIEE');
  await room.done('orders', 'import', 'commandes.jsonl');
  await room.done('apply', 'EXPEDIEE', '--order', '171-1', '--carrier', 'La Navette', '--tracking', 'N-1');
});
afterAll(() => room.close());

describe('one daemon for one database', () => {
  test('a second one, an upgrade of the schema and a restore find it at work and leave, with 75', async () => {
    room.write('whatever.db', 'whatever it holds');
    room.write('sauvegarde.db', '');
    const all = await Promise.all([room.run('start'), room.run('start', '--lang', 'fr'), room.run('migrate'), room.run('restore', 'whatever.db', '--yes', '--as', 'Marie')]);
    for (const { code, out, err } of all) {
      expect([code, out]).toEqual([75, '']);
      expect(err).toContain(String(daemon.pid));
    }
    expect(all[1]?.err).toContain('Une autre instance de Suivi travaille avec cette base');
  });

  test('whose address another program has says so in the reader’s language, with 69: it may be gone at the next try', async () => {
    const other = openRoom(null);
    try {
      const { code, out, err } = await other.runWith({ env: { SUIVI_LISTEN: new URL(daemon.address).host } }, 'start', '--lang', 'fr');
      expect([code, out.includes('set SUIVI_LISTEN to another address'), err.includes('Un autre programme écoute déjà')], err).toEqual([69, true, true]);
    } finally {
      await other.close();
    }
  });

  test('is found by doctor, and one that serves another database is not taken for it', async () => {
    const host = new URL(daemon.address).host;
    const well = await room.runWith({ env: { SUIVI_LISTEN: host } }, 'doctor', '--json');
    expect((JSON.parse(well.out) as { checks: { what: string; ok: boolean }[] }).checks).toContainEqual({ what: 'daemon', ok: true, message: `The daemon works (http://${host})` });
    const other = openRoom(null);
    try {
      await other.done('migrate');
      const [elsewhere, absent] = await Promise.all([other.runWith({ env: { SUIVI_LISTEN: host } }, 'doctor'), other.runWith({ env: { SUIVI_LISTEN: '127.0.0.1:9' } }, 'doctor', '--lang', 'fr')]);
      expect([elsewhere.code, elsewhere.out.includes('✗ No daemon works with this database')], elsewhere.out).toEqual([1, true]);
      expect([absent.code, absent.out.includes('✗ Aucun démon ne tourne')], absent.out).toEqual([1, true]);
      expect(absent.out).toContain('→ Lancez-le');
    } finally {
      await other.close();
    }
  });
});

describe('backup and restore', () => {
  test('a backup beside the daemon is whole, for its owner alone, and says what it leaves out; it replaces nothing unasked', async () => {
    const made = await room.run('backup', 'sauvegarde.db', '--overwrite');
    expect([made.code, made.out.includes('Backed up and proved'), statSync(join(room.folder, 'sauvegarde.db')).mode & 0o777]).toEqual([0, true, 0o600]);
    for (const words of [join(room.folder, 'var', 'secret'), 'SUIVI_SECRET', '.env', 'config']) expect(made.err).toContain(words);
    const [again, itself, nowhere, folder] = await Promise.all([room.run('backup', 'sauvegarde.db'), room.run('backup', 'var/suivi.db', '--overwrite'), room.run('backup', 'no/where.db'), room.run('backup', 'var', '--overwrite')]);
    expect([again.code, itself.code, nowhere.code, folder.code]).toEqual([2, 2, 2, 2]);
    expect(folder.err).toContain('var is a folder');
    expect(again.err).toContain('--overwrite');
  });

  test('a restore asks, keeps what was there, and lets nothing leave before somebody resumes', async () => {
    daemon.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
    await room.done('states', 'add', 'LIVREE');
    const asked = await room.run('restore', 'sauvegarde.db', '--as', 'Marie');
    expect([asked.code, asked.err.includes('add --yes')]).toEqual([2, true]);
    const restored = await room.run('restore', 'sauvegarde.db', '--yes', '--as', 'Marie');
    expect([restored.code, restored.out.includes('is now the database')], restored.err).toEqual([0, true]);
    expect(restored.err).toContain('before-restore');
    expect(restored.err).toContain('1 open sync is looked for');
    expect((await room.json('states', 'list')).states).toHaveLength(1);
    for (const account of (await room.json('accounts', 'list')).accounts) expect(account.observeSince, account.id).toEqual(expect.any(String));
    const other = openRoom();
    try {
      await other.done('migrate');
      const foreign = await other.run('restore', join(room.folder, 'sauvegarde.db'), '--yes', '--as', 'Marie');
      expect([foreign.code, foreign.err.includes('another secret')], foreign.err).toEqual([78, true]);
      // One whose audit is empty tells all the same.
      await other.done('backup', 'vide.db');
      const empty = await room.run('restore', join(other.folder, 'vide.db'), '--yes', '--as', 'Marie');
      expect([empty.code, empty.err.includes('another secret')], empty.err).toEqual([78, true]);
    } finally {
      await other.close();
    }
  });
});

describe('a database of an older version', () => {
  test('is refused in the reader’s language by all but a backup, which can be restored', async () => {
    const old = openRoom(null);
    try {
      await old.done('migrate');
      for (const end of ['', '-wal', '-shm']) rmSync(join(old.folder, 'var', `suivi.db${end}`), { force: true });
      await madeBy('0003-lists', join(old.folder, 'var', 'suivi.db'));
      const [refused, examined, backed] = await Promise.all([old.run('accounts', 'list', '--lang', 'fr'), old.run('doctor', '--lang', 'fr'), old.run('backup', 'avant.db')]);
      expect([refused.code, examined.code, backed.code], backed.err).toEqual([78, 78, 0]);
      for (const words of [refused.err, examined.out]) expect(words.replace(/\s+/g, ' ')).toContain('est plus ancienne que cette version (il lui manque 0004-orders-listed, ');
      const restored = await old.run('restore', 'avant.db', '--yes', '--as', 'Marie');
      expect([restored.code, restored.out.includes('is now the database')], restored.err).toEqual([0, true]);
    } finally {
      await old.close();
    }
  });
});

describe('the audit', () => {
  test('is verified, also against a head that was written down; whoever changed an entry shows', async () => {
    const heads = (await room.done('audit', 'heads')).trim().split('\n');
    const [journal = ''] = heads;
    expect(journal).toMatch(/^#journal:\d+:[0-9a-f]{64}$/);
    expect((await room.json('audit', 'heads')).heads.map(({ text }: { text: string }) => text)).toEqual(heads);
    expect(await room.done('audit', 'verify', '--head', journal)).toContain('The audit is whole.');
    const forged = await room.run('audit', 'verify', '--head', journal.replace(/.$/, (last) => (last === '0' ? '1' : '0')), '--lang', 'fr');
    expect([forged.code, forged.out.includes('la chaîne a été recalculée')], forged.out).toEqual([1, true]);

    const file = new DatabaseSync(join(room.folder, 'var', 'suivi.db'));
    const { lane, number } = file.prepare(`select lane, number from audit_body where lane = '#journal' order by number limit 1`).get() as { lane: string; number: number };
    // The database refuses to change an entry; whoever holds the file can take that law away.
    for (const { name } of file.prepare(`select name from sqlite_master where type = 'trigger' and tbl_name in ('audit_entry', 'audit_body')`).all()) file.exec(`drop trigger "${String(name)}"`);
    file.prepare(`update audit_body set body = '{"by":"nobody"}' where lane = ? and number = ?`).run(lane, number);
    file.close();
    const verdict = await room.run('audit', 'verify', '--json');
    expect(verdict.code).toBe(1);
    expect(JSON.parse(verdict.out)).toMatchObject({ whole: false, lanes: [{ lane: '#journal', faults: [{ number, what: 'body' }] }] });
  });
});
