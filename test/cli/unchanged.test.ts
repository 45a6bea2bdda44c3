import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorByNameOf, authorOf } from '../../src/cli/author.ts';
import { Refused } from '../../src/cli/refused.ts';
import { sayIn } from '../../src/cli/texts.ts';
import type { World } from '../../src/cli/world.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { openRoom, orderLine } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
let sync = '';
beforeAll(async () => {
  room = openRoom();
  room.write('commandes.jsonl', [orderLine('171-1'), orderLine('171-2')].join('\n'));
  await room.done('migrate');
  await room.done('states', 'add', 'EXPEDIEE');
  await room.done('orders', 'import', 'commandes.jsonl');
  const [answer] = await room.json('apply', 'EXPEDIEE', '--order', '171-1', '--carrier', 'La Navette', '--tracking', 'N-1');
  sync = String(answer.syncs[0].id);
});
afterAll(() => room.close());

/** Every row of every table. */
function everything(): Readonly<Record<string, readonly unknown[]>> {
  const file = new DatabaseSync(join(room.folder, 'var', 'suivi.db'), { readOnly: true });
  const tables = file.prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`).all().map(({ name }) => String(name));
  const rows = Object.fromEntries(tables.map((table) => [table, file.prepare(`select * from "${table}"`).all()]));
  file.close();
  return rows;
}

describe('nothing is changed', () => {
  test('by what only looks, previews or runs dry', async () => {
    room.write('autres.jsonl', orderLine('171-3'));
    room.write('colis.csv', 'commande;suivi\n171-2;8R00000000001\n');
    const mnemonics = (await room.json('states', 'list')).states as readonly { readonly archivedAt?: string }[];
    room.write('etats.json', JSON.stringify(mnemonics.map((state) => ({ ...state, mnemonic: 'AUTRE', indicator: null }))));
    const before = everything();
    expect(before['sync']).toHaveLength(1);
    const all: readonly (readonly string[])[] = [
      ['orders', 'import', 'autres.jsonl', '--dry-run'],
      ['states', 'import', 'etats.json', '--dry-run'],
      ['apply', 'EXPEDIEE', '--order', '171-2', '--carrier', 'Chronopost', '--tracking', '8R1', '--preview'],
      ['apply', 'EXPEDIEE', '--file', 'colis.csv', '--carrier', 'Chronopost', '--columns', 'order=commande,tracking=suivi', '--preview'],
      ['rerun', sync, '--dry-run', '--reason', 'to see', '--as', 'Marie'],
      ['rerun', '--account', 'amazon-fr', '--since', '1d', '--dry-run', '--reason', 'to see', '--as', 'Marie'],
      ['orders', 'show', '171-1'],
      ['syncs', 'proof', sync],
      ['syncs', 'causes'],
      ['carriers', 'list', '--unmapped'],
      ['accounts', 'list'],
      ['audit', 'verify'],
      ['audit', 'export', '--format', 'jsonl'],
      ['states', 'export'],
    ];
    for (let from = 0; from < all.length; from += 4) {
      const ran = await Promise.all(all.slice(from, from + 4).map((args) => room.run(...args)));
      expect(ran.map(({ code, err }) => [code, code === 0 ? '' : err])).toEqual(ran.map(() => [0, '']));
    }
    expect(everything()).toEqual(before);
    // The same without --dry-run does change something: the look above is not blind.
    await room.done('orders', 'import', 'autres.jsonl');
    expect(everything()).not.toEqual(before);
  });

  test.skipIf(process.getuid?.() !== 0)('by root who does not say who it is (run as root only)', async () => {
    const before = everything();
    const verbs = [['rerun', sync], ['resend', sync, '--yes'], ['cancel', sync], ['resolve', sync, '--as-done']];
    const ran = await Promise.all(verbs.map((args) => room.run(...args, '--reason', 'because')));
    for (const { code, out, err } of ran) {
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('--as Marie');
    }
    expect((await room.run('cancel', sync, '--reason', 'because', '--as', 'root')).code).toBe(2);
    expect(everything()).toEqual(before);
  });
});

describe('the name for the journal', () => {
  const world: World = { variables: {}, directory: '/', clock: systemClock, random: systemRandom, user: 'ana', isRoot: false };
  const say = sayIn('en');

  test('is the system user’s, unless --as says another', () => {
    expect([authorOf(undefined, world, say), authorOf(' Marie ', world, say), authorByNameOf(undefined, world, say)]).toEqual(['ana', 'Marie', 'ana']);
  });

  test('is asked of root where the machine is overridden, and nowhere else', () => {
    const root = { ...world, user: 'root', isRoot: true };
    expect([authorOf(undefined, root, say), authorByNameOf('Marie', root, say)]).toEqual(['root', 'Marie']);
    for (const as of [undefined, 'root', ' root ']) expect(() => authorByNameOf(as, root, say)).toThrow(Refused);
    expect(() => authorOf(undefined, { ...world, user: null }, say)).toThrow(Refused);
  });
});
