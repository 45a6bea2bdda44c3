import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom, orderLine } from './room.ts';
import type { Room } from './room.ts';

const shipBy = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

let room: Room;
beforeAll(async () => {
  room = openRoom();
  const orders = Array.from({ length: 30 }, (_, n) => orderLine(`171-${n}`, { ownReference: `C-${n}`, shipBy: n === 29 ? shipBy(-1) : shipBy(24) }));
  room.write('commandes.jsonl', [...orders, orderLine('=2+3', { account: 'shop', payment: 'confirmed' })].join('\n'));
  await room.done('migrate');
  await room.done('states', 'add', 'EXPEDIEE', '--grace', '0');
  await room.done('orders', 'import', 'commandes.jsonl');
});
afterAll(() => room.close());

/** As a carrier's programme writes it: semicolons, French days, a mark in front or Windows-1252. */
function csv(rows: readonly string[]): string {
  return `\ufeff${['Réf client;N° colis;Date', ...rows].join('\r\n')}\r\n`;
}

describe('a carrier’s file', () => {
  test('is read, shown, applied; refused rows come back as a file with the reason; the others go through', async () => {
    room.write('colis.csv', csv(['C-0;8R00000000001;23/11/2026', '171-1;8R00000000002;23/11/2026', 'C-2;8,12E+12;23/11/2026', 'C-99;8R00000000004;23/11/2026', 'C-3;8R00000000005;31/02/2026']));
    const unread = await room.run('apply', 'EXPEDIEE', '--file', 'colis.csv');
    expect(unread.code).toBe(1);
    for (const words of ['--columns', '--carrier NAME', 'Réf client']) expect(unread.err).toContain(words);

    const columns = ['--columns', 'order=Réf client,tracking=N° colis,shippedAt=Date', '--carrier', 'Chronopost'];
    const applied = await room.run('apply', 'EXPEDIEE', '--file', 'colis.csv', ...columns, '--yes', '--as', 'Marie');
    expect([applied.code, applied.out]).toEqual([1, 'applied to 2 orders, 0 known already, 3 rows refused\n']);
    for (const words of ['row 4 (C-2)', 'row 5 (C-99)', 'row 6 (C-3)', 'spoilt by a spreadsheet', 'colis.refused.csv', 'suivi bulk undo ']) expect(applied.err).toContain(words);
    const refused = room.read('colis.refused.csv');
    expect(refused).toMatch(/^\ufeff?[^\r\n]*Réf client;N° colis;Date\r?\n/);
    expect(refused.trim().split('\n')).toHaveLength(4);
    expect(refused).toContain('8,12E+12');
    expect(refused).not.toContain('8R00000000001');
    expect(statSync(join(room.folder, 'colis.refused.csv')).mode & 0o777).toBe(0o600);
    expect(await room.json('orders', 'show', 'C-0')).toMatchObject({ states: [{ author: 'Marie' }], parcels: [{ trackingNumber: '8R00000000001', carrier: 'Chronopost' }] });
    const [bulk] = (await room.json('bulk', 'list')).bulks;
    expect(bulk).toMatchObject({ author: 'Marie', source: 'file/colis.csv', orders: 2 });
  });

  test('has its columns remembered: the next one of the same kind needs no choice, and what it repeats is no second parcel', async () => {
    room.write('suite.csv', csv(['C-0;8R00000000001;23/11/2026', 'C-4;8R00000000006;23/11/2026']));
    const applied = await room.run('apply', 'EXPEDIEE', '--file', 'suite.csv', '--carrier', 'Chronopost', '--yes', '--lang', 'fr');
    expect([applied.code, applied.out]).toEqual([0, 'appliqué à 1 commande, 1 déjà connue, aucune ligne refusée\n']);
    expect(applied.err).toContain('comme vous les aviez choisies');
    expect(applied.err).toContain('= «\u00a0Réf client\u00a0»');
    expect((await room.json('orders', 'show', 'C-0')).parcels).toHaveLength(1);
    const json = await room.json('apply', 'EXPEDIEE', '--file', 'suite.csv', '--carrier', 'Chronopost', '--yes');
    expect(json).toMatchObject({ rows: 2, orders: 2, columnsRemembered: true, applied: 0, again: 2, refused: [] });
  });

  test('in a preview says when the last confirmation leaves and which orders miss their ship-by, and stores nothing', async () => {
    room.write('jour.csv', csv(Array.from({ length: 24 }, (_, n) => `C-${n + 6};8R1000000${String(n).padStart(4, '0')};23/11/2026`)));
    const before = Date.now();
    const [said, json] = await Promise.all([room.run('apply', 'EXPEDIEE', '--file', 'jour.csv', '--carrier', 'Chronopost', '--preview'), room.json('apply', 'EXPEDIEE', '--file', 'jour.csv', '--carrier', 'Chronopost', '--preview')]);
    expect(said.code).toBe(0);
    for (const words of ['24 rows read: 24 orders, no row refused', '24 syncs: waiting', 'The last confirmation leaves at', '1 order misses its ship-by: 171-29']) expect(said.out).toContain(words);
    expect(json.preview).toMatchObject({ syncs: [{ status: 'ready', count: 24 }], late: [{ order: '171-29' }] });
    // Ten at once, then two a second: fourteen more take seven seconds.
    expect(Date.parse(json.preview.lastLeavesAt)).toBeGreaterThan(before + 6_500);
    expect((await room.json('orders', 'show', 'C-10')).states).toEqual([]);
  });

  test('of JSON lines, or from standard input, is as good; its refused rows go where one says', async () => {
    const input = `{"order":"C-5","parcels":[{"carrier":"Chronopost","trackingNumber":"8R20000000001"}]}\n{"order":"C-98","parcels":[{"carrier":"Chronopost","trackingNumber":"8R20000000002"}]}\n`;
    const applied = await room.runWith({ input }, 'apply', 'EXPEDIEE', '--file', '-', '--yes', '--refused', 'rendus.jsonl');
    expect([applied.code, applied.out], applied.err).toEqual([1, 'applied to 1 order, 0 known already, 1 row refused\n']);
    expect(room.read('rendus.jsonl')).toContain('C-98');
    expect(room.read('rendus.jsonl')).not.toContain('C-5"');
  });

  test.each([
    [['--order', 'C-1'], 'not both'],
    [['--tracking', 'X'], '--tracking goes with --order'],
    [['--columns', 'ordre=Réf client'], 'Did you mean order?'],
    [['--account', 'amazon-de'], 'amazon-fr'],
  ])('with %j is wrong usage', async (more, words) => {
    const { code, out, err } = await room.run('apply', 'EXPEDIEE', '--file', 'colis.csv', ...more);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });
});

describe('the audit as a file', () => {
  test('in three formats, each with the heads at its end; no cell is run as a formula', async () => {
    await room.done('apply', 'EXPEDIEE', '--order', '=2+3', '--carrier', 'GLS', '--tracking', 'X1');
    await room.done('tokens', 'create', 'lecture', '--scope', 'read');
    const [csvText, french, lines, heads, file] = await Promise.all([
      room.done('audit', 'export'),
      room.done('audit', 'export', '--format', 'csv-fr', '--lang', 'fr'),
      room.done('audit', 'export', '--format', 'jsonl', '--from', '1h'),
      room.done('audit', 'heads'),
      room.run('audit', 'export', '--format', 'csv-fr', '--output', 'audit.csv', '--from', '2020-01-01', '--to', '2199-12-31'),
    ]);
    const known = heads.trim().split('\n');
    expect(csvText.split('\r\n')[0]).toBe('lane,number,at,kind,sync,attempt,order,operation,what,cause,hash,body');
    expect(french.split('\r\n')[0]).toMatch(/^\ufefffile;numéro;date \(UTC\);date;nature;/);
    expect(french).toMatch(/;"\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d,\d{3}";/);
    const entries = lines.trim().split('\n').map((line) => JSON.parse(line) as { kind: string; text?: string });
    expect(entries.filter(({ kind }) => kind === 'head').map(({ text }) => text)).toEqual(known);
    for (const head of known) {
      const [, lane = '', number = '', hash = ''] = /^(.+):(\d+):(\w+)$/.exec(head) ?? [];
      expect(csvText).toContain(`${lane},${number},,head,`);
      expect(french).toContain(`${lane};${number};;;tête;`);
      expect(french).toContain(hash);
    }
    for (const text of [csvText, french]) for (const cell of text.split(/[\r\n;,]+/)) expect(cell).not.toMatch(/^"?[=+@-]/);
    expect([file.code, file.out, statSync(join(room.folder, 'audit.csv')).mode & 0o777]).toEqual([0, '', 0o600]);
    expect(room.read('audit.csv')).toBe(french);
  });

  test('nothing is written where the span is empty or cannot be read', async () => {
    const [upside, nonsense, nowhere] = await Promise.all([room.run('audit', 'export', '--from', '1d', '--to', '2d'), room.run('audit', 'export', '--from', 'soon'), room.run('audit', 'export', '--output', 'no/where.csv')]);
    expect([upside.code, nonsense.code, nowhere.code]).toEqual([2, 2, 69]);
    for (const { out } of [upside, nonsense, nowhere]) expect(out).toBe('');
  });
});
