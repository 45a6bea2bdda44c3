import { describe, expect, it } from 'vitest';
import { gathered, read, refusal, wishes } from './files.ts';

const lines = (...objects: readonly unknown[]): string => objects.map((object) => JSON.stringify(object)).join('\n');

describe('JSON lines as rows of columns', () => {
  it('have the same names as in CSV, each line its own', () => {
    const file = read(lines({ 'N° de commande': 'C-1', Transporteur: 'DPD', Suivi: '15501234' }, { Transporteur: 'DPD', Suivi: '15501235', 'N° de commande': 'C-2', Note: null }));
    expect(file.rows).toMatchObject([{ row: 1, order: 'C-1', trackingNumber: '15501234' }, { row: 2, order: 'C-2', trackingNumber: '15501235' }]);
  });

  it('take numbers as far as JSON keeps their digits', () => {
    const file = read('{"order":20931,"carrier":"DPD","tracking":15501234567890,"line":"L1","qty":2}\n{"order":"C-2","carrier":"DPD","tracking":8123456789012345678}\n');
    expect(file.rows).toMatchObject([{ order: '20931', trackingNumber: '15501234567890', item: { lineId: 'L1', quantity: 2 } }]);
    expect(file.refused).toMatchObject([{ row: 2, faults: [{ code: 'number-spoilt', column: 'tracking' }] }]);
  });

  it('gather like rows of CSV, and name columns that are missing', () => {
    expect(wishes(lines({ order: 'C-1', carrier: 'DPD', tracking: '15501234' }, { order: 'C-1', carrier: 'DPD', tracking: '15501235' })).wishes).toMatchObject([{ order: 'C-1', parcels: [{ trackingNumber: '15501234' }, { trackingNumber: '15501235' }] }]);
    expect(refusal(lines({ 'réf 1': 'C-1', carrier: 'DPD', tracking: '15501234', poids: 1 })).faults).toEqual([{ code: 'column-missing', column: 'order', found: 'réf 1 · carrier · tracking · poids' }]);
  });

  it('skip blank lines and count them', () => {
    expect(read('\n{"order":"C-1","carrier":"DPD","tracking":"15501234"}\r\n\r\n{"order":"C-2","carrier":"DPD","tracking":"15501235"}').rows.map((row) => row.row)).toEqual([2, 4]);
  });

  it.each([['no JSON', 'C-2;DPD;15501235', 'json-malformed'], ['an array', '["C-2"]', 'json-malformed'], ['half an object', '{"order":"C-2"', 'json-malformed'], ['a nested value', '{"order":"C-2","carrier":{"name":"DPD"},"tracking":"15501235"}', 'json-shape']])('refuse a line that is %s, and no other', (_, line, code) => {
    const file = read(`{"order":"C-1","carrier":"DPD","tracking":"15501234"}\n${line}\n`);
    expect(file.rows.map((row) => row.order)).toEqual(['C-1']);
    expect(file.refused).toMatchObject([{ row: 2, faults: [{ code }] }]);
  });

  it('do not mind a member called __proto__', () => {
    expect(read('{"order":"C-1","carrier":"DPD","tracking":"15501234","__proto__":"x","constructor":"y"}').rows).toHaveLength(1);
  });
});

describe("JSON lines in the API's shape", () => {
  const parcel = { carrier: 'Colissimo', trackingNumber: '8R12345678901', shippedAt: '2026-11-23T09:00:00Z', shipFrom: 'lyon', lines: [{ lineId: '12345678901234', quantity: 2 }] };

  it('are whole wishes', () => {
    const line = { account: 'amazon-fr', order: '171-0000001-0000002', state: 'expediee', appliedAt: '2026-11-23T09:12:00Z', sourceRef: 'erp-20931', parcels: [parcel], comment: 'Bonjour', publish: false };
    expect(wishes(lines(line)).wishes).toEqual([{ ...line, state: 'EXPEDIEE', appliedAt: Date.parse('2026-11-23T09:12:00Z'), rows: [1] }]);
  });

  it('need neither account nor state: the command names them', () => {
    expect(wishes(lines({ order: 'C-1' }, { order: 'C-2', parcels: [] }), { account: 'shop' }).wishes).toEqual([
      { account: 'shop', order: 'C-1', state: 'EXPEDIEE', rows: [1] },
      { account: 'shop', order: 'C-2', state: 'EXPEDIEE', parcels: [], rows: [2] },
    ]);
  });

  it('keep the account that they name', () => {
    expect(wishes(lines({ account: 'ebay-fr', order: 'C-1' }), { account: 'shop' }).wishes).toMatchObject([{ account: 'ebay-fr' }]);
  });

  it('are not gathered: each is an application by itself, in its place among the rows', () => {
    const text = lines({ order: 'C-1', carrier: 'DPD', tracking: '15501234' }, { order: 'C-2', parcels: [] }, { order: 'C-2', parcels: [] }, { order: 'C-3', carrier: 'DPD', tracking: '15501235' });
    expect(wishes(text).wishes.map((wish) => [wish.order, wish.rows])).toEqual([['C-1', [1]], ['C-2', [2]], ['C-2', [3]], ['C-3', [4]]]);
  });

  it('for another state are refused', () => {
    const { wishes: through, refused } = gathered(read(lines({ order: 'C-1', state: 'ANNULEE' }, { order: 'C-2' })));
    expect(through.map((wish) => wish.order)).toEqual(['C-2']);
    expect(refused).toEqual([{ row: 1, account: null, order: 'C-1', faults: [{ code: 'state-differs', found: 'ANNULEE', expected: 'EXPEDIEE' }] }]);
  });

  it.each([
    ['a member that nobody knows', { order: 'C-1', parcels: [{ trackingNumbers: 'x' }] }, 'parcels[0].trackingNumbers'],
    ['one such in a line', { order: 'C-1', parcels: [{ lines: [{ lineId: 'L1', quantity: 1, sku: 'MUG' }] }] }, 'parcels[0].lines[0].sku'],
    ['a missing order', { parcels: [] }, 'order'],
    ['an empty order', { order: ' ', parcels: [] }, 'order'],
    ['a quantity that is text', { order: 'C-1', parcels: [{ lines: [{ lineId: 'L1', quantity: '2' }] }] }, 'parcels[0].lines[0].quantity'],
    ['parcels that are none', { order: 'C-1', parcels: 'x' }, 'parcels'],
    ['a moment without a zone', { order: 'C-1', state: 'EXPEDIEE', appliedAt: '2026-11-23 09:12' }, 'appliedAt'],
    ['a flag that is text', { order: 'C-1', state: 'EXPEDIEE', publish: 'no' }, 'publish'],
  ])('with %s are refused, and the member is named', (_, object, member) => {
    expect(read(lines(object)).refused).toEqual([{ row: 1, account: null, order: null, faults: [{ code: 'json-shape', found: member }] }]);
  });

  it('take a refund as the API does', () => {
    const refund = { reason: 'damaged', lines: [{ lineId: 'L1', quantity: 1, amount: '9.90' }], shipping: '4.90' };
    expect(gathered(read(lines({ order: 'C-1', state: 'REMBOURSEE', refund })), 'REMBOURSEE').wishes).toMatchObject([{ order: 'C-1', refund }]);
  });
});
