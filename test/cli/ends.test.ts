import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, openRoom, orderLine, until } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = openRoom();
  await room.done('migrate');
  await room.done('states', 'add', 'EXPEDIEE', '--grace', '0');
});
afterAll(() => room.close());

function rowsOf(table: string): number {
  const file = new DatabaseSync(join(room.folder, 'var', 'suivi.db'), { readOnly: true });
  const { n } = file.prepare(`select count(*) as n from "${table}"`).get() as { n: number };
  file.close();
  return n;
}

describe('how a command ends', () => {
  test('69: a marketplace that nobody reaches, with what to do', async () => {
    const [words, json] = await Promise.all([room.run('accounts', 'check', 'ebay-fr', '--lang', 'fr'), room.run('accounts', 'check', '--json')]);
    expect([words.code, json.code]).toEqual([69, 69]);
    expect(words.out).toMatch(/✗ .*\n {4}→ /);
    expect(JSON.parse(json.out)).toMatchObject({ accounts: [{ account: 'amazon-fr', ok: false }, { account: 'ebay-fr', ok: false }] });
  });

  test('78: a file that is no database, and one that a later version has made', async () => {
    const other = openRoom();
    try {
      await other.done('migrate');
      const path = join(other.folder, 'var', 'suivi.db');
      const file = new DatabaseSync(path);
      file.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00Z')`);
      file.close();
      const later = await other.run('syncs');
      for (const part of ['', '-wal', '-shm']) if (existsSync(`${path}${part}`)) writeFileSync(`${path}${part}`, 'this is no database, but a text that is long enough to be looked at');
      const [none, checked] = await Promise.all([other.run('syncs'), other.run('doctor')]);
      expect([later.code, none.code, checked.code], later.err + none.err).toEqual([78, 78, 78]);
      for (const { out, err } of [later, none]) expect([out, /\n\s+at /.test(err)], err).toEqual(['', false]);
      expect(checked.out).toContain('✗ The database cannot be used as it is');
    } finally {
      await other.close();
    }
  });

  test('70: a fault of our own is told as one, with where it happened and what to do', async () => {
    const write = (texts: string): void => {
      const file = new DatabaseSync(join(room.folder, 'var', 'suivi.db'));
      file.prepare(`update order_state set texts = ? where mnemonic = 'EXPEDIEE'`).run(texts);
      file.close();
    };
    const [{ texts }] = (await room.json('states', 'list')).states;
    // What no code of ours writes.
    write('nonsense');
    const ran = await room.run('states', 'list');
    write(JSON.stringify(texts));
    expect([ran.code, ran.out], ran.err).toEqual([70, '']);
    expect(ran.err).toContain('A fault of Suivi’s own: ');
    expect(ran.err).toMatch(/Please report it[\s\S]*\n\s+at /);
  });

  test('a reader that leaves is no fault: what only prints stops in silence, what changes something goes on', async () => {
    room.write('beaucoup.jsonl', Array.from({ length: 1_500 }, (_, n) => orderLine(`171-${n}`, { account: 'shop' })).join('\n'));
    const headOf = async (...args: readonly string[]): Promise<{ code: number | null; first: string; err: string }> => {
      const child = spawn(process.execPath, [bin, ...args], { cwd: room.folder, env: room.env, stdio: ['ignore', 'pipe', 'pipe'] });
      let err = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      const ended = once(child, 'close') as Promise<[number | null]>;
      const [first] = (await once(child.stdout, 'data')) as [Buffer];
      child.stdout.destroy();
      const [code] = await ended;
      return { code, first: first.toString('utf8'), err };
    };
    await room.done('orders', 'import', 'beaucoup.jsonl');
    room.write('tout.csv', ['commande;transporteur;suivi', ...Array.from({ length: 1_500 }, (_, n) => `171-${n};GLS;T${100_000 + n}`)].join('\n'));
    await room.done('apply', 'EXPEDIEE', '--file', 'tout.csv', '--columns', 'order=commande,carrier=transporteur,tracking=suivi', '--yes');
    const long = await Promise.all([headOf('syncs', '--limit', '1500'), headOf('syncs', '--limit', '1500', '--json'), headOf('bulk', 'show', '1')]);
    for (const { code, first, err } of long) {
      expect(first.length).toBeGreaterThan(0);
      expect([code, err.includes('EPIPE'), /\n\s+at /.test(err)], err).toEqual([0, false, false]);
    }
    const before = rowsOf('order_state');
    expect((await headOf('states', 'add', 'LIVREE', 'VALIDEE', 'ANNULEE')).err).not.toContain('EPIPE');
    expect(rowsOf('order_state')).toBe(before + 3);
  });

  test('Ctrl-C while a marketplace does not answer ends at once, as signals end a process', async () => {
    // Takes every call and never answers.
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    let asked = false;
    silent.on('request', () => (asked = true));
    const waiting = openRoom({ amazon: `http://127.0.0.1:${port}`, ebay: `http://127.0.0.1:${port}` });
    try {
      await waiting.done('migrate');
      const child = waiting.start('accounts', 'check', 'amazon-fr');
      await until(() => asked, 'the marketplace is asked');
      const at = performance.now();
      child.kill('SIGINT');
      const { code, signal, out, err } = await child.ended;
      expect([code, signal, out, err]).toEqual([null, 'SIGINT', '', '']);
      expect(performance.now() - at).toBeLessThan(10_000);
    } finally {
      await waiting.close();
      silent.closeAllConnections();
      silent.close();
    }
  });
});
