import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom, orderLine } from './room.ts';
import type { Room } from './room.ts';

const shopOrder = { account: 'shop', payment: 'confirmed' } as const;

let room: Room;
beforeAll(async () => {
  room = openRoom();
  room.write('commandes.jsonl', [orderLine('B-1', shopOrder), orderLine('B-2', shopOrder), orderLine('B-3', shopOrder), orderLine('171-1', { ownReference: 'C-1' }), orderLine('171-2', { ownReference: 'C-2' }), orderLine('171-3'), orderLine('11-4', { account: 'ebay-fr' }), orderLine('TWIN'), orderLine('TWIN', { account: 'ebay-fr' })].join('\n'));
  await room.done('migrate');
  await room.done('states', 'add', 'EXPEDIEE', 'EXPEDIEE_PART', 'LIVREE', 'VALIDEE');
  await room.done('orders', 'import', 'commandes.jsonl');
});
afterAll(() => room.close());

describe('orders', () => {
  test('are imported as lines or as a list, from a file or from standard input; again changes nothing; what is wrong is told by its line', async () => {
    const again = await room.run('orders', 'import', 'commandes.jsonl');
    expect([again.code, again.out]).toEqual([0, 'no new order, 9 brought up to date, 0 refused\n']);

    room.write('liste.json', JSON.stringify([JSON.parse(orderLine('B-9', shopOrder))]));
    expect(await room.done('orders', 'import', 'liste.json')).toContain('1 new order');
    const input = `\ufeff${orderLine('B-10', shopOrder)}\n\n{"account":"shop","refrence":"B-11"}\nnonsense\n${orderLine('B-12', { account: 'nobody' })}\n`;
    const mixed = await room.runWith({ input }, 'orders', 'import', '-', '--json');
    expect(mixed.code).toBe(1);
    const told = JSON.parse(mixed.out) as { readonly created: number; readonly refused: readonly { readonly line: number; readonly messages: readonly string[] }[] };
    expect([told.created, told.refused.map(({ line }) => line)]).toEqual([1, [3, 4, 5]]);
    expect(told.refused[0]?.messages.join(' ')).toContain('“reference”');
    expect(told.refused[1]?.messages).toEqual(['no JSON from column 1 on']);
    expect(told.refused[2]?.messages.join(' ')).toContain('nobody');
  });

  test.each([
    ['absent.jsonl', 'cannot be read (ENOENT)', 2],
    ['vide.jsonl', 'is empty', 1],
    ['latin.jsonl', 'is not UTF-8', 1],
    ['casse.json', 'is no JSON from line 1, column 7', 1],
  ])('%s %s', async (name, words, status) => {
    room.write('vide.jsonl', ' \n');
    room.write('latin.jsonl', new Uint8Array([0xe9, 0x0a]));
    room.write('casse.json', '[{"a":');
    const { code, err } = await room.run('orders', 'import', name);
    expect([code, err.includes(words)], err).toEqual([status, true]);
  });

  test('are shown whole, by the shop’s number or the marketplace’s, in both languages', async () => {
    await room.done('apply', 'EXPEDIEE_PART', '--order', 'C-2', '--carrier', 'Chronopost', '--tracking', 'XY100000001FR', '--line', '171-2-1=1', '--comment', 'Reste demain');
    const [english, french, json, raw] = await Promise.all([room.done('orders', 'show', '171-2'), room.done('orders', 'show', 'C-2', '--lang', 'fr'), room.json('orders', 'show', 'C-2'), room.done('orders', 'show', '171-2', '--raw')]);
    for (const words of ['171-2 (C-2)', 'amazon-fr (Amazon)', 'EXPEDIEE_PART', 'XY100000001FR', '1 × MUG', '24.95', 'not shown to the customer', 'confirm the shipment · waiting', '171-2-1  MUG  Mug']) expect(english).toContain(words);
    for (const words of ['À expédier avant', 'Chronopost', 'confirmer l’expédition · en attente', '24,95', 'Reste']) expect(french).toContain(words);
    expect(json).toMatchObject({ account: 'amazon-fr', reference: '171-2', ownReference: 'C-2', published: false, state: 'EXPEDIEE_PART', lines: [{ lineId: '171-2-1', quantity: 2, left: 1 }], states: [{ state: 'EXPEDIEE_PART', comment: 'Reste demain' }], parcels: [{ carrier: 'Chronopost', trackingNumber: 'XY100000001FR' }], syncs: [{ operation: 'confirm-shipment', status: 'delayed' }] });
    expect(json.customerUrl).toMatch(/^http:.*\/c\/\d+\.[\w-]{22}$/);
    expect(raw).toContain('171-2');
  });

  test('are published, kept, or left to the rule', async () => {
    const said: string[] = [];
    for (const choice of ['--no', '--yes', '--default']) said.push(await room.done('orders', 'publish', 'B-3', choice));
    expect(said).toEqual(['The customer does not see the order B-3.\n', 'The customer sees the order B-3.\n', 'The customer sees the order B-3.\n']);
    expect((await room.run('orders', 'publish', 'B-3')).code).toBe(2);
  });

  test('are listed by filters, a page at a time', async () => {
    const [all, first, late] = await Promise.all([room.json('orders', 'list'), room.json('orders', 'list', '--limit', '2'), room.run('orders', 'list', '--due', 'yesterday')]);
    expect(first.orders.map(({ reference }: { reference: string }) => reference)).toEqual(all.orders.slice(0, 2).map(({ reference }: { reference: string }) => reference));
    expect((await room.json('orders', 'list', '--limit', '2', '--after', first.next)).orders).toEqual(all.orders.slice(2, 4));
    expect([late.code, late.err.includes('open, late, all')]).toEqual([2, true]);
    const mine = await room.json('orders', 'list', '--account', 'shop', '--number', 'B-3');
    expect(mine).toMatchObject({ orders: [{ account: 'shop', reference: 'B-3', due: { kind: expect.any(String) as string } }], next: null });
    expect(await room.done('orders', 'list', '--lang', 'fr')).toContain('B-3');
  });

  test('that nobody knows, or that two accounts have, are asked for more', async () => {
    const [unknown, twin, which] = await Promise.all([room.run('orders', 'show', '171-X'), room.run('orders', 'show', 'TWIN'), room.run('orders', 'show', 'TWIN', '--account', 'ebay-fr')]);
    expect([unknown.code, twin.code, which.code]).toEqual([1, 2, 0]);
    expect(unknown.err).toContain('--account');
    expect(twin.err).toContain('amazon-fr TWIN, ebay-fr TWIN');
  });
});

describe('applying a state', () => {
  test('to one order says what leaves and when, and can be undone until then', async () => {
    const applied = await room.run('apply', 'EXPEDIEE', '--order', '171-1', '--carrier', 'Chronopost', '--tracking', 'XY100000002FR', '--as', 'Marie');
    expect(applied.out).toMatch(/EXPEDIEE applied to 171-1 \(amazon-fr\) under number \d+\n {2}confirm the shipment: waiting, leaves at \d\d:\d\d:\d\d/);
    const undo = /suivi (undo \d+)/.exec(applied.err)?.[1] ?? '';
    expect(await room.done(...undo.split(' '))).toContain('1 sync will not leave');
    expect(await room.json('orders', 'show', '171-1')).toMatchObject({ parcels: [], states: [{ author: 'Marie', undoneBy: expect.any(String) as string }], syncs: [{ status: 'cancelled', cause: 'person/undone' }] });
    const again = await room.json('apply', 'EXPEDIEE', '--order', '171-1', '--carrier', 'Chronopost', '--tracking', 'XY100000002FR', '--as', 'Marie');
    expect(await room.json('undo', String(again[0].id))).toMatchObject({ id: again[0].id, whole: true, standsFor: [], left: [] });
    const twice = await room.run(...undo.split(' '));
    expect([twice.code, twice.err.includes('was undone before')]).toEqual([1, true]);
  });

  test('to several at once is a record that is listed, shown and undone as a whole', async () => {
    const applied = await room.run('apply', 'LIVREE', '--order', 'B-1', '--order', 'B-2', '--order', 'B-1', '--json');
    expect([applied.code, (JSON.parse(applied.out) as { order: string }[]).map(({ order }) => order)]).toEqual([0, ['B-1', 'B-2']]);
    const [bulk] = (await room.json('bulk', 'list')).bulks;
    expect(bulk).toMatchObject({ state: 'LIVREE', orders: 2, applied: 2, refused: 0, source: 'cli' });
    expect(await room.done('bulk', 'list', '--lang', 'fr')).toContain('LIVREE');
    expect((await room.json('bulk', 'show', String(bulk.id))).items).toMatchObject([{ order: 'B-1' }, { order: 'B-2' }]);
    expect(await room.done('bulk', 'undo', String(bulk.id), '--yes')).toContain('2 applications undone as a whole');
    expect((await room.json('bulk', 'show', String(bulk.id))).undoneBy).toEqual(expect.any(String));
    expect((await room.run('bulk', 'show', '999')).code).toBe(1);
  });

  test('that cannot be is refused, naming the option, and the others go through', async () => {
    const [tooMany, noLine, noState, noTracking] = await Promise.all([
      room.run('apply', 'EXPEDIEE_PART', '--order', 'B-1', '--carrier', 'GLS', '--tracking', 'X1', '--line', 'B-1-1=3'),
      room.run('apply', 'EXPEDIEE_PART', '--order', 'B-1', '--carrier', 'GLS', '--tracking', 'X1', '--line', 'B-1-7=1'),
      room.run('apply', 'EXPEDIE', '--order', 'B-1'),
      room.run('apply', 'EXPEDIEE', '--order', 'B-1', '--carrier', 'GLS', '--tracking', '8,12E+12'),
    ]);
    expect([tooMany.code, noLine.code, noState.code, noTracking.code]).toEqual([1, 1, 2, 1]);
    expect(tooMany.err).toMatch(/--line 1: .*2/);
    expect(noLine.err).toContain('B-1-1');
    expect(noState.err).toContain('Did you mean EXPEDIEE?');
    expect(noTracking.err).toContain('--tracking:');
  });

  test('in a preview stores nothing and says what it would send', async () => {
    const [said, json] = await Promise.all([room.run('apply', 'EXPEDIEE', '--order', '11-4', '--carrier', 'Colissimo', '--tracking', '8R1', '--preview'), room.json('apply', 'EXPEDIEE', '--order', '11-4', '--carrier', 'Colissimo', '--tracking', '8R1', '--preview')]);
    expect([said.code, said.out.includes('confirm the shipment'), said.err.includes('nothing is sent')]).toEqual([0, true, true]);
    expect(json).toMatchObject([{ order: '11-4', syncs: [{ operation: 'confirm-shipment' }] }]);
    expect(json[0]).not.toHaveProperty('id');
    expect((await room.json('orders', 'show', '11-4')).states).toEqual([]);
  });
});

describe('what is missing is named with the command that gives it', () => {
  test('a tracking number, a carrier’s code', async () => {
    const held = await room.done('apply', 'EXPEDIEE', '--order', '171-3', '--carrier', 'La Navette du Port');
    const [, set = ''] = /suivi (parcels set \d+ --tracking) /.exec(held) ?? [];
    expect(set).not.toBe('');
    expect(await room.json(...set.split(' '), 'NAV-0003')).toMatchObject({ order: '171-3', syncs: [{ operation: 'confirm-shipment', status: 'held', reason: 'amazon/carrier-unknown' }] });
    expect(await room.done('orders', 'show', '171-3')).toContain("suivi carriers map 'La Navette du Port' --account amazon-fr --code");
    expect(await room.json('carriers', 'list', '--unmapped')).toEqual({ unmapped: [{ carrier: 'La Navette du Port', account: 'amazon-fr', orders: 1 }] });
    expect((await room.json('syncs', 'causes')).causes).toMatchObject([{ cause: 'amazon/carrier-unknown', count: 1 }]);
    expect(await room.done('syncs', 'causes', '--lang', 'fr')).toContain('amazon/carrier-unknown');
    expect(await room.done('carriers', 'map', 'La Navette du Port', '--account', 'amazon-fr', '--code', 'Other', '--other-name', 'Navette')).toBe('La Navette du Port is Other (Navette) at amazon-fr. 1 sync goes on.\n');
    expect((await room.json('carriers', 'list')).mapped).toMatchObject([{ carrier: 'La Navette du Port', account: 'amazon-fr', code: 'Other', otherName: 'Navette' }]);
    expect((await room.run('carriers', 'list')).out).toMatch(/Colissimo .*\n/);
    expect((await room.json('syncs', '--order', '171-3')).syncs).toMatchObject([{ status: expect.stringMatching(/ready|delayed/) as string }]);
    expect((await room.run('parcels', 'set', '999', '--tracking', 'X')).code).toBe(1);
  });
});
