import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createToken } from '../../src/store/tokens.ts';
import { openHouse, order, shipped } from './house.ts';
import type { House } from './house.ts';

const path = '/api/v1/applied-states';

/** A house with one imported order of two units, A-1. */
async function withOrder(): Promise<House> {
  const house = await openHouse();
  await house.send('PUT', '/api/v1/orders', [order('A-1')]);
  house.rung.length = 0;
  return house;
}

async function count(house: House, table: 'applied_state' | 'sync' | 'parcel' | 'orders'): Promise<number> {
  const { n } = await house.context.store.db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  return n;
}

describe('a state is applied', () => {
  test('the answer names it, the order as its account numbers it, its syncs and what to know', async () => {
    const house = await withOrder();
    const { json, status } = await house.send('POST', path, [shipped('C-A-1', { sourceRef: 'erp-1' })]);
    expect(status).toBe(200);
    expect(json).toEqual([{ id: 1, order: 'A-1', syncs: [{ id: 1, operation: 'confirm-shipment', status: 'ready' }], warnings: [] }]);
    expect(house.rung).toEqual([['amazon-fr']]);
  });

  test('by API there is no grace: it may leave at once', async () => {
    const house = await withOrder();
    await house.send('POST', path, [shipped('A-1')]);
    const row = await house.context.store.db.selectFrom('sync').select(['due_at', 'grace_until']).executeTakeFirstOrThrow();
    expect(row).toEqual({ due_at: null, grace_until: null });
  });

  test('an order that nobody knows yet is kept, and waits for its import', async () => {
    const house = await openHouse();
    const { json } = await house.send('POST', path, [shipped('171-9')]);
    expect(json[0].syncs).toEqual([{ id: 1, operation: 'confirm-shipment', status: 'held', reason: 'order/not-imported' }]);
    expect(json[0].warnings[0].code).toBe('not-imported');
    expect(house.rung).toEqual([['amazon-fr']]);
  });

  test('what the merchant should know comes in the language that was asked for; its code stays', async () => {
    const house = await withOrder();
    const ask = async (language: string) => (await house.send('POST', '/api/v1/preview', [shipped('A-1', {}, { carrier: 'Pigeon' })], { headers: { 'accept-language': language } })).json[0].warnings[0];
    expect(await ask('fr-CA, en;q=0.5')).toMatchObject({ code: 'carrier-unknown', message: expect.stringContaining('n’a pas encore de code') });
    expect(await ask('en')).toMatchObject({ code: 'carrier-unknown', message: expect.stringContaining('has no code') });
  });

  test('the same reference with the same content gets the first answer, whatever has become of it since', async () => {
    const house = await withOrder();
    const first = await house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1' })]);
    await house.send('POST', '/api/v1/syncs/1/cancel', { reason: 'a test' });
    house.rung.length = 0;
    const turned = Object.fromEntries(Object.entries(shipped('A-1', { sourceRef: 'erp-1' })).toReversed());
    const again = await house.send('POST', path, [turned]);
    expect(again.json).toEqual(first.json);
    expect(await count(house, 'applied_state')).toBe(1);
    expect(house.rung.flat()).toEqual([]);
  });

  test('the same reference with other content is refused', async () => {
    const house = await withOrder();
    await house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1' })]);
    const { json } = await house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1', comment: 'Another' })]);
    expect(json[0].error).toMatchObject({ code: 'source-ref-reused', field: 'sourceRef' });
  });

  test('the same reference twice in one request is one application', async () => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1' }), shipped('A-1', { sourceRef: 'erp-1' })]);
    expect(json[1]).toEqual(json[0]);
    expect(await count(house, 'applied_state')).toBe(1);
  });

  test('a reference that was refused may be used again once it is put right', async () => {
    const house = await withOrder();
    const refused = await house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1', state: 'NOPE' })]);
    expect(refused.json[0].error.code).toBe('unknown-state');
    expect((await house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1' })])).json[0].syncs).toHaveLength(1);
  });

  test('references belong to their token: two callers may use the same', async () => {
    const house = await withOrder();
    await house.send('PUT', '/api/v1/orders', [order('A-2')]);
    await house.send('POST', path, [shipped('A-1', { sourceRef: '1' })]);
    const other = await createToken(house.context, 'other', 'write', 'test', house.clock.now());
    if ('taken' in other) throw new Error('taken');
    expect((await house.send('POST', path, [shipped('A-2', { sourceRef: '1' })], { token: other.token })).json[0].id).toBe(2);
  });

  test('two callers who ship one order at once ship it once', async () => {
    const house = await withOrder();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => house.send('POST', path, [shipped('A-1', {}, { trackingNumber: `T-${i}` })])));
    const items = answers.map(({ json }) => json[0]);
    expect(items.filter((item) => 'id' in item)).toHaveLength(1);
    expect(items.filter((item) => item.error?.code === 'quantity-over-left')).toHaveLength(7);
    expect(await count(house, 'parcel')).toBe(1);
  });

  test('two callers who send the same reference at once get the same answer', async () => {
    const house = await withOrder();
    const answers = await Promise.all(Array.from({ length: 8 }, () => house.send('POST', path, [shipped('A-1', { sourceRef: 'erp-1' })])));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await count(house, 'applied_state')).toBe(1);
  });
});

describe('an item that is refused', () => {
  test('leaves the other nine hundred and ninety-nine alone, and stands in its place', async () => {
    const house = await openHouse();
    const items: unknown[] = Array.from({ length: 1_000 }, (_, i) => shipped(`R-${i}`));
    items[500] = { account: 'amazon-fr' };
    const { json } = await house.send('POST', path, items);
    expect(json[500].error).toMatchObject({ code: 'required', field: 'order' });
    expect(json.filter((item: object) => 'error' in item)).toHaveLength(1);
    expect(json.map((item: { order?: string }) => item.order).toSpliced(500, 1)).toEqual(items.toSpliced(500, 1).map((_, i) => `R-${i < 500 ? i : i + 1}`));
    expect(await count(house, 'applied_state')).toBe(999);
  });

  test.each<[string, object, object, string, string]>([
    ['an unknown state', { state: 'EXPEDIE' }, {}, 'unknown-state', 'state'],
    ['an unknown account', { account: 'amazon-de' }, {}, 'unknown-account', 'account'],
    ['an order that the shop does not have', { account: 'shop', order: 'NOPE' }, {}, 'unknown-order', 'order'],
    ['an unknown line', {}, { lines: [{ lineId: 'L9', quantity: 1 }] }, 'unknown-line', 'parcels[0].lines[0].lineId'],
    ['more than is left', {}, { lines: [{ lineId: 'L1', quantity: 3 }] }, 'quantity-over-left', 'parcels[0].lines[0].quantity'],
    ['a negative quantity', {}, { lines: [{ lineId: 'L1', quantity: -1 }] }, 'quantity-not-whole', 'parcels[0].lines[0].quantity'],
    ['no quantity at all', {}, { lines: [{ lineId: 'L1', quantity: 0 }] }, 'quantity-not-whole', 'parcels[0].lines[0].quantity'],
    ['half a unit', {}, { lines: [{ lineId: 'L1', quantity: 0.5 }] }, 'quantity-not-whole', 'parcels[0].lines[0].quantity'],
    ['a huge quantity', {}, { lines: [{ lineId: 'L1', quantity: 1e300 }] }, 'quantity-not-whole', 'parcels[0].lines[0].quantity'],
    ['a quantity in a text', {}, { lines: [{ lineId: 'L1', quantity: '2' }] }, 'wrong-type', 'parcels[0].lines[0].quantity'],
    ['an application in the future', { appliedAt: '2026-11-24T00:00:00Z' }, {}, 'date-in-future', 'appliedAt'],
    ['an application before the order', { appliedAt: '2026-11-01T00:00:00Z' }, {}, 'date-before-order', 'appliedAt'],
    ['a dispatch in the future', {}, { shippedAt: '2026-11-25' }, 'date-in-future', 'parcels[0].shippedAt'],
    ['a dispatch before the order', {}, { shippedAt: '2026-11-01' }, 'date-before-order', 'parcels[0].shippedAt'],
    ['a date that is none', { appliedAt: '23/11/2026' }, {}, 'date-malformed', 'appliedAt'],
    ['a moment without its offset', { appliedAt: '2026-11-23T09:00:00' }, {}, 'date-malformed', 'appliedAt'],
    ['the thirtieth of February', {}, { shippedAt: '2026-02-30' }, 'date-malformed', 'parcels[0].shippedAt'],
    ['a year that no order has', { appliedAt: '+275760-09-13T00:00:00Z' }, {}, 'date-too-late', 'appliedAt'],
    ['the year in which clocks begin', { appliedAt: '1970-01-01T00:00:00Z' }, {}, 'date-too-early', 'appliedAt'],
    ['the last year that there is', { appliedAt: '9999-12-31T23:59:59Z' }, {}, 'date-too-late', 'appliedAt'],
    ['a number that a spreadsheet has spoilt', {}, { trackingNumber: '8,12E+12' }, 'tracking-malformed', 'parcels[0].trackingNumber'],
    ['a number, and none', {}, { untracked: true }, 'tracking-and-untracked', 'parcels[0].untracked'],
    ['a carrier without end', {}, { carrier: 'x'.repeat(81) }, 'too-long', 'parcels[0].carrier'],
    ['a comment without end', { comment: 'x'.repeat(4_001) }, {}, 'too-long', 'comment'],
    ['a comment with a variable that is none', { comment: '{{ordre}}' }, {}, 'text-variable', 'comment'],
    ['parcels on a state that has none', { state: 'PREPARATION' }, {}, 'parcels-not-wanted', 'parcels'],
    ['a slip in a name', {}, { trackingNo: 'T1' }, 'unknown-member', 'parcels[0].trackingNo'],
    ['null', { comment: null }, {}, 'null-given', 'comment'],
    ['an empty order', { order: '  ' }, {}, 'required', 'order'],
    ['half a character', { order: 'A\ud800' }, {}, 'text-characters', 'order'],
    ['a NUL in a number', {}, { trackingNumber: 'A\u0000B' }, 'text-characters', 'parcels[0].trackingNumber'],
    ['a NUL in a comment', { comment: 'A\u0000B' }, {}, 'text-characters', 'comment'],
    ['a line break in a name', { sourceRef: 'a\nb' }, {}, 'text-characters', 'sourceRef'],
    ['a number where a text belongs', { order: 171 }, {}, 'wrong-type', 'order'],
    ['a refund of no amount', { refund: { reason: 'x', amount: '1,50' } }, {}, 'malformed', 'refund.amount'],
  ])('%s', async (_, more, parcel, code, field) => {
    const house = await withOrder();
    const { json, status } = await house.send('POST', path, [shipped('A-1', more, parcel)]);
    expect(status).toBe(200);
    expect(json[0].error).toMatchObject({ code, field });
    expect(json[0].error.message).not.toBe('');
    expect(json[0].errors[0]).toEqual(json[0].error);
    expect(await count(house, 'applied_state')).toBe(0);
    expect(await count(house, 'parcel')).toBe(0);
    expect(house.rung.flat()).toEqual([]);
  });

  test('a member that is not known is named with the one that was meant', async () => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [shipped('A-1', {}, { trackingNo: 'T1', line: [] }), shipped('A-1', { Order: 'x' })]);
    expect(json[0].errors.map((error: { message: string }) => error.message)).toEqual([
      'There is no member of this name here. Did you mean “trackingNumber”?',
      'There is no member of this name here. Did you mean “lines”?',
    ]);
    expect(json[1].error.message).toContain('“order”');
  });

  test('all that is wrong with it is told at once, and never more than anybody reads', async () => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [{ account: 5, order: '', stat: 'x' }, Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]))]);
    expect(json[0].errors.map((error: { field: string }) => error.field)).toEqual(['account', 'order', 'state', 'stat']);
    expect(json[1].errors).toHaveLength(10);
  });

  test.each([5, null, 'x', [], true])('%s is no item', async (item) => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [item, shipped('A-1')]);
    expect(json[0].error.field).toBe('');
    expect(json[1].id).toBe(1);
  });

  test('its message speaks French where French is asked for', async () => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [shipped('A-1', { state: 'NOPE' }), { nope: 1 }], { headers: { 'accept-language': 'fr' } });
    expect(json[0].error.message).toContain('Aucun état d’avancement');
    expect(json[1].errors.at(-1).message).toBe('Aucun membre ne porte ce nom ici. Retirez-le.');
  });
});

describe('a preview', () => {
  test('says what would happen, with no identifier that leads nowhere, and stores nothing', async () => {
    const house = await withOrder();
    const items = [shipped('C-A-1'), shipped('171-9'), shipped('A-1', { state: 'NOPE' })];
    const { json } = await house.send('POST', '/api/v1/preview', items, { token: house.tokens.read });
    expect(json[0]).toEqual({ order: 'A-1', syncs: [{ operation: 'confirm-shipment', status: 'ready' }], warnings: [] });
    expect(json[1]).toMatchObject({ order: '171-9', syncs: [{ operation: 'confirm-shipment', status: 'held', reason: 'order/not-imported' }] });
    expect(json[2].error.code).toBe('unknown-state');
    expect([await count(house, 'applied_state'), await count(house, 'sync'), await count(house, 'parcel'), await count(house, 'orders')]).toEqual([0, 0, 0, 1]);
    expect(house.rung).toEqual([]);
  });

  test('what one item takes of an order is not left for the next, however far apart they stand', async () => {
    const house = await withOrder();
    const items = [shipped('A-1'), ...Array.from({ length: 300 }, (_, i) => shipped(`X-${i}`)), shipped('A-1', {}, { trackingNumber: 'OTHER' })];
    const { json } = await house.send('POST', '/api/v1/preview', items);
    expect(json.at(-1).error.code).toBe('quantity-over-left');
  });
});

describe('a tracking number', () => {
  test.each([
    ['<img src=x>', 'tracking-malformed'],
    ['=1+1', 'tracking-malformed'],
    ['AB\u001b[31mC', 'text-characters'],
    ['AB1\nC: x', 'text-characters'],
    ['AB1\u202eC', 'text-characters'],
  ])('%j is none, as in a file', async (trackingNumber, code) => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [shipped('A-1', {}, { trackingNumber })]);
    expect(json[0].error).toMatchObject({ code, field: 'parcels[0].trackingNumber' });
  });

  test.each(['8R 12345.678-901', '1Z/999 AA1 (01)', ' 8R1234 '])('%j is one', async (trackingNumber) => {
    const house = await withOrder();
    const { json } = await house.send('POST', path, [shipped('A-1', {}, { trackingNumber })]);
    expect(json[0]).toMatchObject({ warnings: [] });
  });
});

describe('an order’s number', () => {
  test('that would turn the writing round is refused', async () => {
    const house = await openHouse();
    expect((await house.send('PUT', '/api/v1/orders', [order('A-\u202e1')])).json[0].error).toMatchObject({ code: 'text-characters', field: 'reference' });
  });
});

describe('undoing', () => {
  test('what has not left never leaves', async () => {
    const house = await withOrder();
    await house.send('POST', path, [shipped('A-1')]);
    const { json } = await house.call('POST', `${path}/1/undo`);
    expect(json).toEqual({ id: 1, whole: true, cancelled: [1], left: [], doubtful: [], standsFor: [] });
    expect((await house.get('/api/v1/syncs/1')).json).toMatchObject({ status: 'cancelled', cause: 'person/undone' });
    expect((await house.get('/api/v1/orders/amazon-fr/A-1')).json).toMatchObject({ parcels: [], states: [{ undoneBy: 'api/erp' }] });
  });

  test('twice is once, and what never was is not found', async () => {
    const house = await withOrder();
    await house.send('POST', path, [shipped('A-1')]);
    await house.call('POST', `${path}/1/undo`);
    expect((await house.call('POST', `${path}/1/undo`)).json).toMatchObject({ status: 409, type: 'urn:suivi:problem:undone-before' });
    for (const id of ['2', '0', '-1', 'x', '1e3', '99999999999999999999']) expect((await house.call('POST', `${path}/${id}/undo`)).json.type).toBe('urn:suivi:problem:unknown-application');
  });
});

describe('when the disk is full', () => {
  test('nothing is stored, nobody is told that it was, and the same goes through later', async () => {
    const house = await openHouse();
    await full(house, true);
    const got = await house.send('POST', path, Array.from({ length: 50 }, (_, i) => shipped(`R-${i}`, { comment: 'x'.repeat(3_000) })));
    expect([got.status, got.json.type, got.headers.get('retry-after')]).toEqual([503, 'urn:suivi:problem:store-unavailable', '5']);
    expect(got.text).not.toContain('SQLITE');
    expect(house.log.join('')).toContain('SQLITE_FULL');
    await full(house, false);
    expect(await count(house, 'applied_state')).toBe(0);
    expect((await house.send('POST', path, [shipped('R-1')])).json[0].id).toBeGreaterThan(0);
  });

  test('in the middle of a request, what is on disk is answered, and the rest is refused by name', async () => {
    const house = await openHouse();
    const items = Array.from({ length: 500 }, (_, i) => shipped(`R-${i}`, { sourceRef: `s-${i}`, comment: 'x'.repeat(2_000) }));
    await full(house, true, 250);
    const { status, json } = await house.send('POST', path, items);
    expect(status).toBe(200);
    const stored = json.filter((item: object) => 'id' in item).length;
    expect(stored).toBeGreaterThanOrEqual(100);
    expect(json.slice(stored).every((item: { error?: { code: string } }) => item.error?.code === 'not-taken')).toBe(true);
    await full(house, false);
    expect(await count(house, 'applied_state')).toBe(stored);
    expect(house.rung.flat()).toEqual(['amazon-fr']);
    const again = await house.send('POST', path, items);
    expect(again.json.every((item: object) => 'id' in item)).toBe(true);
    expect(await count(house, 'applied_state')).toBe(500);
  });
});

/** Leaves the database a few pages to grow, and no more. */
async function full(house: House, is: boolean, pages = 2): Promise<void> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(house.context.store.db);
  await sql.raw(`pragma max_page_count = ${is ? (rows[0]?.page_count ?? 0) + pages : 1_000_000}`).execute(house.context.store.db);
}
