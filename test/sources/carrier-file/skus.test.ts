import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsLines, orderKey, resolveSkus } from '../../../src/sources/carrier-file/skus.ts';
import type { KnownOrder } from '../../../src/sources/carrier-file/skus.ts';
import { gathered, read } from './files.ts';

const key = orderKey({ account: null, order: 'C-1' });

function known(lines: readonly (readonly [string, string, number])[], trackingNumbers: readonly string[] = []): ReadonlyMap<string, KnownOrder> {
  return new Map([[key, { lines: lines.map(([lineId, sku, left]) => ({ lineId, sku, left })), trackingNumbers }]]);
}

/** What each row of C-1 comes to: its lines, or why not. Cells: tracking number, line id, SKU, quantity. */
function resolve(rows: readonly (readonly [string, string, string, string])[], orders: ReadonlyMap<string, KnownOrder>): readonly unknown[] {
  const file = read(`Commande;Transporteur;Suivi;Ligne;SKU;Qté\n${rows.map((cells) => ['C-1', 'DPD', ...cells].join(';')).join('\n')}\n`);
  const { rows: resolved, refused } = resolveSkus(file.rows, orders);
  return [...resolved.map((row) => ({ row: row.row, is: (row.lines ?? []).map((line) => [line.lineId, line.quantity]) })), ...refused.map((row) => ({ row: row.row, is: row.faults[0]?.code }))]
    .toSorted((a, b) => a.row - b.row)
    .map((one) => one.is);
}

describe('an article', () => {
  it('is put on the line of its order that has its SKU', () => {
    expect(resolve([['15501234', '', 'MUG', '2']], known([['L1', 'BOL', 1], ['L2', 'MUG', 2]]))).toEqual([[['L2', 2]]]);
  });

  it('may differ from it in case and spaces', () => {
    expect(resolve([['15501234', '', 'mug  bleu', '1']], known([['L1', 'MUG bleu', 1]]))).toEqual([[['L1', 1]]]);
  });

  it('that only differs so from two is refused, unless it is one of them', () => {
    const orders = known([['L1', 'MUG', 1], ['L2', 'mug', 1]]);
    expect(resolve([['15501234', '', 'Mug', '1']], orders)).toEqual(['sku-ambiguous']);
    expect(resolve([['15501234', '', 'mug', '1']], orders)).toEqual([[['L2', 1]]]);
  });

  it('that several lines share fills them one after the other, row after row', () => {
    expect(resolve([['15501234', '', 'MUG', '3'], ['15501235', '', 'MUG', '1']], known([['L1', 'MUG', 2], ['L2', 'MUG', 2]]))).toEqual([[['L1', 2], ['L2', 1]], [['L2', 1]]]);
  });

  it('leaves alone what another row takes of its line by the line id', () => {
    expect(resolve([['15501234', '', 'MUG', '1'], ['15501235', 'L1', '', '1']], known([['L1', 'MUG', 1], ['L2', 'MUG', 1]]))).toEqual([[['L2', 1]], [['L1', 1]]]);
  });

  it('is refused where the order does not have it, with what it has', () => {
    const file = read('Commande;Transporteur;Suivi;SKU;Qté\nC-1;DPD;15501234;LAMPE;1\n');
    expect(resolveSkus(file.rows, known([['L1', 'MUG', 1], ['L2', 'BOL', 1]])).refused).toEqual([{ row: 2, account: null, order: 'C-1', faults: [{ code: 'sku-unknown', column: 'sku', found: 'LAMPE', expected: 'MUG, BOL' }] }]);
  });

  it('is refused where nobody knows the order’s lines: without them it could only mean all that is left', () => {
    expect(resolve([['15501234', '', 'MUG', '1']], new Map())).toEqual(['lines-unknown']);
  });

  it('of which more is told than is left goes to the intake, which says so', () => {
    expect(resolve([['15501234', '', 'MUG', '5']], known([['L1', 'MUG', 2], ['L2', 'MUG', 1]]))).toEqual([[['L1', 4], ['L2', 1]]]);
    expect(resolve([['15501234', '', 'MUG', '']], known([['L1', 'MUG', 0]]))).toEqual([[['L1', 1]]]);
  });
});

describe('a line', () => {
  it('that is named with its quantity needs nobody who knows the order', () => {
    expect(resolve([['15501234', 'L9', '', '2']], new Map())).toEqual([[['L9', 2]]]);
  });

  it('named beside a SKU is what counts', () => {
    expect(resolve([['15501234', 'L2', 'MUG', '1']], known([['L1', 'MUG', 1], ['L2', 'BOL', 1]]))).toEqual([[['L2', 1]]]);
  });

  it('without a quantity means all that is left of it (Amazon: quantity is for "if more than one unit of an item was ordered")', () => {
    expect(resolve([['15501234', 'L1', '', '']], known([['L1', 'MUG', 3]]))).toEqual([[['L1', 3]]]);
    expect(resolve([['15501234', '', 'MUG', '']], known([['L1', 'MUG', 3], ['L2', 'MUG', 1]]))).toEqual([[['L1', 3], ['L2', 1]]]);
  });

  it('without a quantity that two parcels name is refused: who knows how many are in which', () => {
    expect(resolve([['15501234', 'L1', '', ''], ['15501235', 'L1', '', '']], known([['L1', 'MUG', 2]]))).toEqual(['quantity-missing', 'quantity-missing']);
    expect(resolve([['15501234', 'L1', '', ''], ['15501235', 'L1', '', '1']], known([['L1', 'MUG', 2]]))).toEqual(['quantity-missing', [['L1', 1]]]);
    expect(resolve([['15501234', 'L1', '', '']], new Map())).toEqual(['quantity-missing']);
  });

  it('that does not exist goes to the intake, which says so', () => {
    expect(resolve([['15501234', 'L9', '', '']], known([['L1', 'MUG', 2]]))).toEqual([[['L9', 1]]]);
  });
});

describe('a parcel that is known already', () => {
  it('takes nothing from what is left: cumulative files are harmless', () => {
    const orders = known([['L1', 'MUG', 0], ['L2', 'MUG', 1]], ['1550-1234']);
    expect(resolve([['1550 1234', '', 'MUG', '2'], ['15501235', '', 'MUG', '1']], orders)).toEqual([[['L1', 2]], [['L2', 1]]]);
    expect(resolve([['15501234', '', 'MUG', ''], ['15501235', 'L2', '', '1']], orders)).toEqual([[['L1', 1]], [['L2', 1]]]);
    expect(resolve([['15501234', 'L2', '', '1'], ['15501235', '', 'MUG', '1']], orders)).toEqual([[['L2', 1]], [['L2', 1]]]);
  });
});

it('orders of one number at two accounts are two', () => {
  const file = read('Commande;Compte;Transporteur;Suivi;SKU;Qté\n1001;a;DPD;15501234;MUG;1\n1001;b;DPD;15501235;MUG;1\n');
  const order = (lineId: string): KnownOrder => ({ lines: [{ lineId, sku: 'MUG', left: 1 }], trackingNumbers: [] });
  const resolved = resolveSkus(file.rows, new Map([[orderKey({ account: 'a', order: '1001' }), order('A1')], [orderKey({ account: 'b', order: '1001' }), order('B1')]]));
  expect(resolved.rows.map((row) => row.lines?.[0]?.lineId)).toEqual(['A1', 'B1']);
});

it('a refused article takes the rows of its order with it', () => {
  const file = read('Commande;Transporteur;Suivi;SKU;Qté\nC-1;DPD;15501234;MUG;1\nC-1;DPD;15501234;LAMPE;1\n');
  const { wishes, refused } = gathered(file, 'EXPEDIEE', known([['L1', 'MUG', 1]]));
  expect(wishes).toEqual([]);
  expect(refused.map((row) => row.faults[0]?.code)).toEqual(['with-refused-row', 'sku-unknown']);
});

it('who needs the lines of an order is known beforehand', () => {
  const file = read('Commande;Transporteur;Suivi;Ligne;SKU;Qté\nC-1;DPD;15501234;L1;;1\nC-1;DPD;15501235;L1;;\nC-1;DPD;15501236;;MUG;1\nC-1;DPD;15501237;;;\n');
  expect(file.rows.map(needsLines)).toEqual([false, true, true, false]);
});

it('no unit is lost or made up, and no line gets more than it has while another has some left', () => {
  const shelf = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(shelf, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }), (left, wanted) => {
      const orders = known(left.map((units, index) => [`L${index}`, 'MUG', units] as const));
      const rows = resolve(wanted.map((units, index) => [`1550123${index}`, '', 'MUG', String(units)] as const), orders) as (readonly (readonly [string, number])[])[];
      expect(rows.map((lines) => lines.reduce((sum, [, units]) => sum + units, 0))).toEqual(wanted);
      const total = left.reduce((sum, units) => sum + units, 0);
      if (wanted.reduce((sum, units) => sum + units, 0) > total) return;
      for (const [index, units] of left.entries()) {
        const given = rows.flat().reduce((sum, [lineId, n]) => sum + (lineId === `L${index}` ? n : 0), 0);
        expect(given).toBeLessThanOrEqual(units);
      }
    }),
  );
});
