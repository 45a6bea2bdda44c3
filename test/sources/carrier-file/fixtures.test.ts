import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { orderKey } from '../../../src/sources/carrier-file/skus.ts';
import { fixture, gathered, read, refusal } from './files.ts';

function told(name: string, options: Parameters<typeof read>[1] = {}): unknown {
  return gathered(read(fixture(name), options)).wishes.map((wish) => ({ ...wish, state: undefined }));
}

const seen = new Set<string>();
const file = (name: string): string => (seen.add(name), name);

describe('files as they come', () => {
  it('a Coliship export: Windows-1252, no carrier column', () => {
    const name = file('coliship-export.csv');
    expect(refusal(fixture(name)).faults).toMatchObject([{ code: 'carrier-not-named' }]);
    expect(told(name, { carrier: 'Colissimo', account: 'amazon-fr' })).toEqual([
      { account: 'amazon-fr', order: '171-0000001-0000002', parcels: [{ carrier: 'Colissimo', trackingNumber: '8R12345678901', shippedAt: '2026-11-23' }], rows: [2] },
      { account: 'amazon-fr', order: '171-0000003-0000004', parcels: [{ carrier: 'Colissimo', trackingNumber: '8R12345678918', shippedAt: '2026-11-23' }], rows: [3] },
      { account: 'amazon-fr', order: 'C-20931', parcels: [{ carrier: 'Colissimo', trackingNumber: '8R12345678925', shippedAt: '2026-11-23' }], rows: [4] },
    ]);
  });

  it('a Mondial Relay export: all quoted, a mark, a mode that is no carrier', () => {
    expect(told(file('mondial-relay-export.csv'), { carrier: 'Mondial Relay' })).toEqual([
      { order: '171-0000005-0000006', parcels: [{ carrier: 'Mondial Relay', trackingNumber: '31234567', shippedAt: '2026-11-23T15:40:00Z' }], rows: [2] },
      { order: '12-34567-89012', parcels: [{ carrier: 'Mondial Relay', trackingNumber: '31234568', shippedAt: '2026-11-23T15:40:00Z' }], rows: [3] },
    ]);
  });

  it('a Chronopost export: tabs, times to the second', () => {
    expect(told(file('chronopost-export.csv'), { carrier: 'Chronopost' })).toMatchObject([
      { order: '171-0000007-0000008', parcels: [{ trackingNumber: 'XY000000001FR', shippedAt: '2026-11-23T16:05:12Z' }] },
      { order: '171-0000009-0000010', parcels: [{ trackingNumber: 'XY000000002FR', shippedAt: '2026-11-23T16:05:40Z' }] },
    ]);
  });

  it("a logistician's cumulative export: the column is chosen once, articles are put on lines, what has not left stays behind", () => {
    const bytes = fixture(file('logistician-cumulative.csv'));
    expect(refusal(bytes).faults).toEqual([{ code: 'column-ambiguous', column: 'order', found: 'N° commande · Réf. client' }]);

    const orders = new Map([
      [orderKey({ account: null, order: '171-0000001-0000002' }), { lines: [{ lineId: 'A1', sku: 'MUG-BLEU', left: 2 }], trackingNumbers: [] }],
      [orderKey({ account: null, order: '171-0000003-0000004' }), { lines: [{ lineId: 'B1', sku: 'MUG-BLEU', left: 1 }, { lineId: 'B2', sku: 'BOL-12', left: 3 }], trackingNumbers: [] }],
      [orderKey({ account: null, order: 'C-20931' }), { lines: [{ lineId: 'C1', sku: 'LAMPE', left: 1 }], trackingNumbers: [] }],
    ]);
    const { wishes, refused } = gathered(read(bytes, { columns: { order: 'Réf. client' } }), 'EXPEDIEE', orders);
    expect(wishes).toEqual([
      { order: '171-0000001-0000002', state: 'EXPEDIEE', parcels: [{ carrier: 'COLISSIMO EXPERT', trackingNumber: '8R12345678901', shippedAt: '2026-11-21', lines: [{ lineId: 'A1', quantity: 2 }] }], rows: [2] },
      {
        order: '171-0000003-0000004',
        state: 'EXPEDIEE',
        parcels: [
          { carrier: 'Chronopost', trackingNumber: 'XY000000003FR', shippedAt: '2026-11-21', lines: [{ lineId: 'B1', quantity: 1 }, { lineId: 'B2', quantity: 2 }] },
          { carrier: 'Chronopost', trackingNumber: 'XY000000004FR', shippedAt: '2026-11-23', lines: [{ lineId: 'B2', quantity: 1 }] },
        ],
        rows: [3, 4, 5],
      },
      { order: 'C-20931', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: '8R12345678932', shippedAt: '2026-11-23', lines: [{ lineId: 'C1', quantity: 1 }] }], rows: [7] },
    ]);
    expect(refused).toMatchObject([{ row: 6, order: '12-34567-89012', faults: [{ code: 'tracking-missing' }, { code: 'quantity-zero' }] }]);
  });

  it("Amazon's shipping confirmation template, with an unlisted carrier", () => {
    expect(told(file('amazon-shipping-confirmation.txt'))).toEqual([
      {
        order: '171-0000001-0000002',
        parcels: [
          { carrier: 'Mondial Relay', trackingNumber: '31234567', shippedAt: '2026-11-23', lines: [{ lineId: '12345678901234', quantity: 1 }] },
          { carrier: 'Chronopost', trackingNumber: 'XY000000001FR', shippedAt: '2026-11-23', lines: [{ lineId: '12345678901241', quantity: 2 }] },
        ],
        rows: [2, 3],
      },
    ]);
  });

  it("a shipping platform's export: commas, addresses of tracking pages, instants with zones", () => {
    expect(told(file('shipping-platform.csv'))).toMatchObject([
      { order: '171-0000001-0000002', parcels: [{ carrier: 'DPD', trackingNumber: '15501234567890', shippedAt: '2026-11-23T16:12:09Z' }] },
      { order: '12-34567-89012', parcels: [{ carrier: 'GLS', trackingNumber: '00ABCDEF', shippedAt: '2026-11-23T17:12:09Z' }] },
    ]);
  });

  it('a spreadsheet’s “Unicode text”: UTF-16, tabs, an account in each row', () => {
    expect(told(file('erp-unicode-text.txt'))).toMatchObject([{ account: 'amazon-fr', order: '171-0000001-0000002' }, { account: 'ebay-fr', order: '12-34567-89012' }]);
  });

  it('one spoilt by a spreadsheet: what can be saved goes through', () => {
    const { wishes, refused } = gathered(read(fixture(file('spoilt-by-excel.csv'))));
    expect(wishes).toMatchObject([{ order: '171-0000003-0000004' }, { order: '171-0000007-0000008', parcels: [{ trackingNumber: '00123456789012' }] }]);
    expect(refused.map((row) => [row.row, row.faults.map((fault) => fault.code)])).toEqual([[2, ['number-spoilt']], [4, ['spreadsheet-error']], [6, ['date-impossible']]]);
  });

  it('one that a spreadsheet rounded, under its own first line', () => {
    expect(read(fixture(file('rounded-by-excel.csv'))).refused.map((row) => row.faults[0]?.code)).toEqual(['number-rounded', 'number-rounded']);
  });

  it('JSON lines of columns, one number too long for JSON', () => {
    const { wishes, refused } = gathered(read(fixture(file('columns.jsonl'))));
    expect(wishes).toMatchObject([{ order: '171-0000001-0000002', rows: [1] }, { order: '171-0000003-0000004', parcels: [{ lines: [{ lineId: '12345678901234', quantity: 2 }] }], rows: [2] }]);
    expect(refused.map((row) => row.row)).toEqual([3]);
  });

  it("JSON lines in the API's shape", () => {
    const { wishes, refused } = gathered(read(fixture(file('applied-states.jsonl'))));
    expect(wishes.map((wish) => [wish.account, wish.order, wish.sourceRef])).toEqual([['amazon-fr', '171-0000001-0000002', 'erp-20931'], [undefined, '12-34567-89012', undefined]]);
    expect(refused.map((row) => row.faults[0]?.code)).toEqual(['state-differs', 'json-shape']);
  });

  it('American dates refuse the file', () => {
    expect(refusal(fixture(file('american-dates.csv'))).faults).toMatchObject([{ code: 'month-first-dates', found: '11/23/2026' }]);
  });

  it('a login page under the name of an export', () => {
    expect(refusal(fixture(file('expired-session.csv'))).faults).toEqual([{ code: 'html-page' }]);
  });

  it('a history of events: the parcel left at its first', () => {
    expect(told(file('event-history.csv'))).toMatchObject([{ order: '171-0000001-0000002', parcels: [{ trackingNumber: '8R12345678901', shippedAt: '2026-11-21T17:02:00Z' }], rows: [2, 3, 4] }, { order: '171-0000003-0000004' }]);
  });

  it('none is left out here', () => {
    expect(readdirSync(new URL('../../fixtures/carrier-files/', import.meta.url)).filter((name) => !name.startsWith('.')).toSorted()).toEqual([...seen].toSorted());
  });
});
