import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = openRoom();
  await room.done('migrate');
});
afterAll(() => room.close());

interface State { readonly mnemonic: string; readonly type: string; readonly graceS: number; readonly archivedAt?: string; readonly texts: Readonly<Record<string, { readonly name: string }>> }

async function states(...args: readonly string[]): Promise<readonly State[]> {
  return ((await room.json('states', 'list', ...args)) as { readonly states: readonly State[] }).states;
}

describe('order states', () => {
  test('an empty list says how to begin, and the models can be looked at first', async () => {
    const [empty, models, json] = await Promise.all([room.run('states', 'list'), room.run('states', 'list', '--models', '--lang', 'fr'), room.json('states', 'list', '--models')]);
    expect([empty.code, empty.out]).toEqual([0, '']);
    expect(empty.err).toContain('suivi states add VALIDEE EXPEDIEE LIVREE');
    expect(models.out).toContain('Commande partiellement expédiée');
    for (const mnemonic of ['VALIDEE', 'PREPARATION', 'EXPEDIEE', 'EXPEDIEE_PART', 'LIVREE', 'ANNULEE', 'REMBOURSEE', 'PRETE_RETRAIT', 'RETIREE', 'RETRAIT_REFUSE', 'FACTUREE', 'LITIGE']) expect(json.models.map((model: State) => model.mnemonic)).toContain(mnemonic);
  });

  test('are added from models, changed, put in order and archived', async () => {
    expect(await room.done('states', 'add', 'expediee', 'LIVREE')).toBe('Added: EXPEDIEE\nAdded: LIVREE\n');
    expect(await room.done('states', 'edit', 'livree', '--name', 'en:Arrived', '--grace', '0', '--position', '1', '--colour', '#112233')).toBe('Changed: LIVREE\n');
    const [livree, expediee] = await states();
    expect([livree?.mnemonic, livree?.texts['en']?.name, livree?.graceS, expediee?.mnemonic]).toEqual(['LIVREE', 'Arrived', 0, 'EXPEDIEE']);
    await room.done('states', 'archive', 'LIVREE');
    expect((await states()).map(({ mnemonic }) => mnemonic)).toEqual(['EXPEDIEE']);
    expect((await states('--all')).find(({ mnemonic }) => mnemonic === 'LIVREE')?.archivedAt).toMatch(/Z$/);
    await room.done('states', 'archive', 'LIVREE', '--back');
    expect((await states()).map(({ mnemonic }) => mnemonic)).toEqual(['LIVREE', 'EXPEDIEE']);
  });

  test('of one’s own begin as a blank card; names too alike are pointed out, and saved', async () => {
    await room.done('states', 'add', '--mnemonic', 'GRAVURE', '--type', 'none', '--name', 'fr:En gravure', '--indicator', 'to-prepare');
    const alike = await room.run('states', 'add', '--mnemonic', 'GRAVURES', '--type', 'none', '--name', 'fr:Gravée');
    expect([alike.code, alike.out]).toEqual([0, 'Added: GRAVURES\n']);
    expect(alike.err).toContain('looks much like GRAVURE');
    expect((await states()).find(({ mnemonic }) => mnemonic === 'GRAVURE')).toMatchObject({ type: 'none', texts: { fr: { name: 'En gravure' } }, indicator: 'to-prepare' });
  });

  test.each([
    [['states', 'add', 'EXPEDIEE', '--mnemonic', 'DEUX', '--colour', 'blue'], '--colour'],
    [['states', 'add', 'EXPEDIE'], 'Did you mean EXPEDIEE?'],
    [['states', 'add', '--mnemonic', 'ABCDEFGHIJKLMNOPQ', '--type', 'none', '--name', 'x'], '--mnemonic'],
    [['states', 'add', '--mnemonic', 'X', '--type', 'shipped', '--name', 'x'], '--type'],
    [['states', 'add'], 'VALIDEE'],
    [['states', 'edit', 'EXPEDIEE'], 'at least one option'],
    [['states', 'edit', 'NOWHERE', '--grace', '0'], 'NOWHERE'],
    [['states', 'edit', 'EXPEDIEE', '--grace', '5000'], 'from 0 to 3600'],
  ])('%j is refused, naming what is wrong', async (args, words) => {
    const { code, out, err } = await room.run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });

  test('are exported and come back the same; a file that is wrong in one place changes nothing', async () => {
    await room.done('states', 'export', 'etats.json');
    expect(JSON.parse(await room.done('states', 'export', '-'))).toEqual(JSON.parse(room.read('etats.json')));
    const other = openRoom();
    try {
      other.write('etats.json', room.read('etats.json'));
      await other.done('migrate');
      expect((await other.run('states', 'import', 'etats.json', '--dry-run')).err).toContain('dry run');
      expect((await other.json('states', 'list')).states).toEqual([]);
      await other.done('states', 'import', 'etats.json');
      expect((await other.json('states', 'list')).states).toEqual(await states());
      expect(await other.done('states', 'import', 'etats.json')).toContain('As it was: EXPEDIEE');

      const drafts = JSON.parse(room.read('etats.json')) as Record<string, unknown>[];
      other.write('faux.json', JSON.stringify(drafts.map((draft, index) => ({ ...draft, colour: index === 0 ? 'blue' : '#000000' }))));
      const wrong = await other.run('states', 'import', 'faux.json');
      expect([wrong.code, wrong.err.includes('colour')]).toEqual([1, true]);
      expect((await other.json('states', 'list')).states).toEqual(await states());

      other.write('forme.json', JSON.stringify([{ ...drafts[0], graceS: 'long' }]));
      const shape = await other.run('states', 'import', 'forme.json', '--lang', 'fr');
      expect(shape.code).toBe(1);
      expect(shape.err).toMatch(/0.*graceS\u00a0: .*nombre/);
    } finally {
      await other.close();
    }
  });
});
