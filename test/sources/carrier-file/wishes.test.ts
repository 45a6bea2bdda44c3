import { describe, expect, it } from 'vitest';
import { accept } from '../../../src/orders/applied-state.ts';
import type { OrderState } from '../../../src/orders/order-state.ts';
import type { Order } from '../../../src/orders/order.ts';
import type { Parcel } from '../../../src/orders/parcel.ts';
import { gathered, read, wishes } from './files.ts';

const header = 'Commande;Transporteur;Suivi';
const lines = `${header};Ligne;Qté`;

function parcels(text: string): readonly (readonly [string, readonly unknown[]])[] {
  return wishes(text).wishes.map((wish) => [wish.order, wish.parcels ?? []]);
}

function refused(text: string): readonly (readonly [number, readonly string[]])[] {
  return wishes(text).refused.map((row) => [row.row, row.faults.map((fault) => fault.code)]);
}

describe('rows of one order are one wish', () => {
  it('in the order in which the file first names them, with the rows they came from', () => {
    const result = wishes(`${header}\nC-2;DPD;15501234\nC-1;DPD;15501235\nC-2;DPD;15501236\n\nC-3;DPD;15501237\n`);
    expect(result.wishes.map((wish) => [wish.order, wish.rows])).toEqual([['C-2', [2, 4]], ['C-1', [3]], ['C-3', [6]]]);
    expect(result.refused).toEqual([]);
  });

  it('for the state of the command, with the account of the file or without one', () => {
    expect(wishes(`${header};Compte\nC-1;DPD;15501234;amazon-fr\nC-2;DPD;15501235;\n`).wishes).toEqual([
      { account: 'amazon-fr', order: 'C-1', state: 'EXPEDIEE', parcels: [{ carrier: 'DPD', trackingNumber: '15501234' }], rows: [2] },
      { order: 'C-2', state: 'EXPEDIEE', parcels: [{ carrier: 'DPD', trackingNumber: '15501235' }], rows: [3] },
    ]);
  });

  it('for each account that has an order of that number', () => {
    expect(wishes(`${header};Compte\n1001;DPD;15501234;a\n1001;DPD;15501235;b\n`).wishes.map((wish) => [wish.account, wish.rows])).toEqual([['a', [2]], ['b', [3]]]);
  });

  it('without parcels where the state tells of none', () => {
    expect(wishes(`${header}\nC-1;DPD;15501234\nC-1;DPD;15501235\n`, { parcels: false }).wishes).toEqual([{ order: 'C-1', state: 'EXPEDIEE', rows: [2, 3] }]);
  });
});

describe('parcels', () => {
  it('are as many as tracking numbers, however these are written', () => {
    expect(parcels(`${lines}\nC-1;DPD;1550 1234;L1;1\nC-1;DPD;1550-1234;L2;2\nC-1;DPD;15501235;L2;1\nC-1;DPD;15501234;L1;1\n`)).toEqual([
      ['C-1', [
        { carrier: 'DPD', trackingNumber: '1550 1234', lines: [{ lineId: 'L1', quantity: 2 }, { lineId: 'L2', quantity: 2 }] },
        { carrier: 'DPD', trackingNumber: '15501235', lines: [{ lineId: 'L2', quantity: 1 }] },
      ]],
    ]);
  });

  it('told of twice are one, and left at the first moment that is told', () => {
    expect(parcels(`${header};Expédié le\nC-1;DPD;15501234;24/11/2026 10:00\nC-1;D.P.D;15501234;23/11/2026 10:00\nC-1;;15501234;\n`)).toEqual([['C-1', [{ carrier: 'DPD', trackingNumber: '15501234', shippedAt: '2026-11-23T09:00:00Z' }]]]);
  });

  it('that will have no number are one for each carrier', () => {
    expect(parcels(`${lines}\nC-1;Lettre;sans suivi;L1;1\nC-1;Lettre;sans suivi;L2;1\n`)).toEqual([['C-1', [{ carrier: 'Lettre', untracked: true, lines: [{ lineId: 'L1', quantity: 1 }, { lineId: 'L2', quantity: 1 }] }]]]);
  });

  it('wait for their number where the file has none at all', () => {
    expect(wishes('Commande;Transporteur\nC-1;DPD\n', { columns: { tracking: null } }).wishes[0]?.parcels).toEqual([{ carrier: 'DPD' }]);
  });

  it('of two carriers are refused', () => {
    expect(refused(`${header}\nC-1;DPD;15501234\nC-1;GLS;15501234\nC-2;DPD;15501235\n`)).toEqual([[2, ['carriers-disagree']], [3, ['carriers-disagree']]]);
  });

  it('of which one row names a line and another none are refused: the other would mean all that is left', () => {
    expect(refused(`${lines}\nC-1;DPD;15501234;L1;1\nC-1;DPD;15501234;;\n`)).toEqual([[2, ['lines-disagree']], [3, ['lines-disagree']]]);
  });
});

describe('a refused row takes the rows of its order with it where the rest alone would say too much', () => {
  it('because a parcel without lines means all that is left', () => {
    expect(refused(`${header}\nC-1;DPD;15501234\nC-2;DPD;15501235\nC-1;DPD;8,12E+12\n`)).toEqual([[2, ['with-refused-row']], [4, ['number-spoilt']]]);
    expect(refused(`${header}\nC-1;DPD;15501234\nC-1;DPD;\n`)).toEqual([[2, ['with-refused-row']], [3, ['tracking-missing']]]);
  });

  it('because a parcel that was told of is not told of again when its other row is put right', () => {
    expect(refused(`${lines}\nC-1;DPD;15501234;L1;1\nC-1;DPD;15501234;L2;x\n`)).toEqual([[2, ['with-refused-row']], [3, ['quantity-malformed']]]);
  });

  it('also where the row below names no order: it belongs to the one above', () => {
    expect(refused(`${header}\nC-1;DPD;15501234\n;DPD;15501235\n`)).toEqual([[2, ['with-refused-row']], [3, ['order-missing']]]);
    // Nobody is told that it is of that order.
    expect(wishes(`${header}\nC-1;DPD;15501234\n;DPD;15501235\n`).refused.map(({ row, order }) => [row, order])).toEqual([[2, 'C-1'], [3, null]]);
  });

  it('and names that row', () => {
    expect(wishes(`${header}\nC-1;DPD;15501234\nC-2;DPD;15501235\nC-1;DPD;8,12E+12\n`).refused[0]?.faults).toEqual([{ code: 'with-refused-row', row: 4 }]);
  });

  it('but not where it has simply not left yet and all others name their lines', () => {
    const text = `${lines}\nC-1;DPD;15501234;L1;1\nC-1;DPD;;L2;1\nC-1;DPD;;L3;0\n`;
    expect(refused(text)).toEqual([[3, ['tracking-missing']], [4, ['tracking-missing', 'quantity-zero']]]);
    expect(parcels(text)).toEqual([['C-1', [{ carrier: 'DPD', trackingNumber: '15501234', lines: [{ lineId: 'L1', quantity: 1 }] }]]]);
  });

  it('nor a row of totals at the end', () => {
    expect(wishes(`${lines}\nC-1;DPD;15501234;L1;1\n;Total;;;\n`).wishes).toHaveLength(1);
  });

  it('nor the order of the same number at another account', () => {
    expect(wishes(`${header};Compte\n1001;DPD;15501234;a\n1001;DPD;8,12E+12;b\n`).wishes).toMatchObject([{ account: 'a' }]);
  });

  it('but every order of its number where it names no account and several have one', () => {
    expect(refused(`${header};Compte\n1001;DPD;15501234;a\n1001;DPD;15501235;b\n1001;DPD;8,12E+12;\n`)).toEqual([[2, ['with-refused-row']], [3, ['with-refused-row']], [4, ['number-spoilt']]]);
    expect(refused(`${header};Compte\n1001;DPD;15501234;a\n1001;DPD;15501235;\n1001;DPD;15501236;b\n`)).toEqual([[2, ['with-refused-row']], [3, ['account-missing']], [4, ['with-refused-row']]]);
  });

  it('nor where only the order matters', () => {
    expect(gathered(read('Commande\nC-1\n\n#N/A\n', { parcels: false }), 'LIVREE').wishes).toMatchObject([{ order: 'C-1' }]);
  });
});

describe('what comes out is what the intake takes', () => {
  const order: Order = {
    account: 'amazon-fr', reference: '171-0000001-0000002', ownReference: null, placedAt: Date.parse('2026-11-23T08:00:00Z'), shipBy: null, payment: 'confirmed', publication: 'default',
    fulfilment: 'merchant', cancellation: 'none', currency: 'EUR', total: null, language: 'fr', imported: true,
    lines: [{ lineId: 'L1', sku: 'MUG', title: 'Mug', quantity: 2, cancelled: 0, shippedElsewhere: 0, unitPrice: null }],
  };
  const state: OrderState = { id: 1, mnemonic: 'EXPEDIEE', type: 'order-shipped', texts: {}, colour: '#2e7d5b', indicator: null, actions: { publish: true, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 60, position: 1, archivedAt: null };
  const now = Date.parse('2026-11-23T17:00:00Z');

  function taken(text: string, parcels: readonly Parcel[] = []): ReturnType<typeof accept> {
    const [wish] = wishes(text).wishes;
    if (wish === undefined) throw new Error('no wish');
    const { rows: _rows, ...said } = wish;
    return accept({ account: 'amazon-fr', ...said }, order, state, parcels, now, 'Europe/Paris');
  }

  it('a day at midnight, told of an order of that morning', () => {
    expect(taken(`${header};Expédié le\n171-0000001-0000002;Colissimo;8R12345678901;23/11/2026 00:00:00\n`)).toMatchObject({ accepted: { parcels: { fresh: [{ trackingNumber: '8R12345678901', shippedAt: Date.parse('2026-11-23T11:00:00Z'), lines: [{ lineId: 'L1', quantity: 2 }] }] } } });
  });

  it('a moment in the merchant’s zone', () => {
    expect(taken(`${header};Expédié le\n171-0000001-0000002;Colissimo;8R12345678901;23/11/2026 16:40\n`)).toMatchObject({ accepted: { parcels: { fresh: [{ shippedAt: Date.parse('2026-11-23T15:40:00Z') }] } } });
  });

  it('a parcel that an earlier file told of, otherwise written, is the same', () => {
    const known: Parcel = { id: 7, reference: '1', carrier: 'Colissimo', trackingNumber: '8R12345678901', untracked: false, shippedAt: now, shipFrom: null, lines: [{ lineId: 'L1', quantity: 2 }], origin: 'ours' };
    expect(taken(`${header}\n171-0000001-0000002;Colissimo;'8r 1234-5678901\n`, [known])).toMatchObject({ accepted: { parcels: { fresh: [], known: [7] } } });
  });

  it('two parcels without lines are refused there, and their rows are known', () => {
    const text = `${header}\n171-0000001-0000002;DPD;15501234\n171-0000001-0000002;DPD;15501235\n`;
    expect(taken(text)).toMatchObject({ faults: expect.arrayContaining([expect.objectContaining({ code: 'lines-omitted-twice' })]) });
    expect(wishes(text).wishes[0]?.rows).toEqual([2, 3]);
  });
});
