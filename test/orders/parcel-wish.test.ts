import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/orders/order.ts';
import type { StateType } from '../../src/orders/order-state.ts';
import { stateTypes } from '../../src/orders/order-state.ts';
import type { Parcel } from '../../src/orders/parcel.ts';
import { parcelsWanted, readParcels } from '../../src/orders/parcel-wish.ts';
import type { ParcelWish, ReadParcels } from '../../src/orders/parcel-wish.ts';
import { line, now, order, parcel, paris, unimported } from './made.ts';

interface Given {
  readonly order?: Order;
  readonly existing?: readonly Parcel[];
  readonly type?: StateType;
}

function read(wishes: readonly ParcelWish[], { order: of = order(), existing = [], type = 'order-shipped' }: Given = {}): ReadParcels {
  return readParcels(wishes, type, of, existing, now, now, paris);
}

const faults = (wishes: readonly ParcelWish[], given: Given = {}): string[] => read(wishes, given).faults.map(({ field, code }) => `${field} ${code}`);
const a = (quantity: number) => ({ lineId: 'A', quantity });
const b = (quantity: number) => ({ lineId: 'B', quantity });
const all = [a(2), b(1)];

describe('which states tell of parcels', () => {
  it.each(stateTypes)('%s', (type) => {
    expect(parcelsWanted(type)).toBe(type === 'order-shipped' || type === 'order-partially-shipped');
  });

  it('the others read none, whatever is given', () => {
    expect(read([{ trackingNumber: 'T1' }], { type: 'order-cancelled' })).toEqual({ fresh: [], completed: [], known: [], faults: [] });
  });
});

describe('a whole order shipped', () => {
  it('without a word about parcels is one parcel with all that is left', () => {
    expect(read([])).toEqual({ fresh: [{ carrier: null, trackingNumber: null, untracked: false, shippedAt: now, shipFrom: null, lines: all }], completed: [], known: [], faults: [] });
  });

  it('takes over what the parcel says of itself, without blanks around it', () => {
    expect(read([{ carrier: ' Colissimo ', trackingNumber: ' 8R 1234 ', shipFrom: 'lyon', lines: [a(1)] }]).fresh).toEqual([{ carrier: 'Colissimo', trackingNumber: '8R 1234', untracked: false, shippedAt: now, shipFrom: 'lyon', lines: [a(1)] }]);
  });

  it('reads blank carriers and numbers as none', () => {
    expect(read([{ carrier: '  ', trackingNumber: ' ' }]).fresh[0]).toMatchObject({ carrier: null, trackingNumber: null });
  });

  it('may be declared untracked', () => {
    expect(read([{ carrier: 'La Poste', untracked: true }]).fresh[0]).toMatchObject({ untracked: true, trackingNumber: null, lines: all });
  });

  it('takes only what is left', () => {
    expect(read([{ trackingNumber: 'T2' }], { existing: [parcel({ lines: [a(1)] })] }).fresh[0]?.lines).toEqual([a(1), b(1)]);
    expect(read([{ trackingNumber: 'T2' }], { order: order({ lines: [line('A', 2, { cancelled: 2 }), line('B', 1)] }) }).fresh[0]?.lines).toEqual([b(1)]);
  });

  it('has no new parcel when nothing is left, and that is no fault', () => {
    expect(read([{ trackingNumber: 'T2' }], { existing: [parcel({ lines: all })] })).toMatchObject({ fresh: [], completed: [], known: [], faults: [] });
  });
});

describe('several parcels', () => {
  it('each with its lines, the last without: it takes what the others leave, wherever it stands', () => {
    expect(read([{ trackingNumber: 'REST' }, { trackingNumber: 'T1', lines: [a(1)] }]).fresh.map(({ trackingNumber, lines }) => [trackingNumber, lines])).toEqual([['T1', [a(1)]], ['REST', [a(1), b(1)]]]);
  });

  it('may not both leave their lines out', () => {
    expect(faults([{ trackingNumber: 'T1' }, { trackingNumber: 'T2' }])).toContain('parcels lines-omitted-twice');
  });

  it('never make one vanish: a number without lines, beside others that take all there was, is refused', () => {
    expect(faults([{ trackingNumber: 'T1', lines: all }, { trackingNumber: 'T2' }])).toEqual(['parcels[1].lines lines-needed']);
    expect(faults([{ trackingNumber: 'OLD', lines: all }, { trackingNumber: 'T2' }], { existing: [parcel({ trackingNumber: 'OLD', lines: all })] })).toEqual(['parcels[1].lines lines-needed']);
  });

  it('together may not carry more than was ordered', () => {
    expect(read([{ trackingNumber: 'T1', lines: [a(2)] }, { trackingNumber: 'T2', lines: [a(1)] }]).faults).toEqual([{ code: 'quantity-over-left', field: 'parcels[1].lines[0].quantity', found: '1', limit: 0 }]);
  });
});

describe('rows of one parcel', () => {
  it('are gathered by their tracking number, however it is written', () => {
    const { fresh } = read([{ trackingNumber: '8R 1', lines: [a(1)] }, { trackingNumber: 'T2', lines: [b(1)] }, { trackingNumber: '8r-1', lines: [a(1)] }]);
    expect(fresh.map(({ trackingNumber, lines }) => [trackingNumber, lines])).toEqual([['8R 1', [a(2)]], ['T2', [b(1)]]]);
  });

  it('are judged by their sum', () => {
    expect(read([{ trackingNumber: 'T1', lines: [a(2)] }, { trackingNumber: 'T1', lines: [a(1)] }]).faults).toEqual([{ code: 'quantity-over-left', field: 'parcels[0].lines[0].quantity', found: '3', limit: 2 }]);
  });

  it('complete one another: what the first leaves out the second may say', () => {
    expect(read([{ trackingNumber: 'T1', lines: [a(1)] }, { trackingNumber: 'T1', carrier: 'Colissimo', shipFrom: 'lyon', lines: [b(1)] }]).fresh[0]).toMatchObject({ carrier: 'Colissimo', shipFrom: 'lyon', lines: [a(1), b(1)] });
    expect(read([{ trackingNumber: 'T1', carrier: 'DPD', lines: [a(1)] }, { trackingNumber: 'T1', carrier: 'GLS', lines: [b(1)] }]).fresh[0]).toMatchObject({ carrier: 'DPD' });
  });

  it('of which one names no lines hold all that is left, whichever comes first', () => {
    for (const rows of [[{ trackingNumber: 'T1', lines: [a(1)] }, { trackingNumber: 'T1' }], [{ trackingNumber: 'T1' }, { trackingNumber: 'T1', lines: [a(1)] }]]) {
      expect(read(rows)).toMatchObject({ fresh: [{ lines: all }], faults: [] });
    }
  });

  it('without numbers are parcels of their own', () => {
    expect(read([{ lines: [a(1)] }, { lines: [b(1)] }]).fresh).toHaveLength(2);
  });

  it('have their faults told where they were written', () => {
    const wishes = [{ trackingNumber: 'T1', lines: [a(1)] }, { trackingNumber: 'T1', lines: [a(0), { lineId: 'Z', quantity: 1 }] }, { trackingNumber: 'T2', lines: [{ lineId: 'Y', quantity: 1 }] }];
    expect(faults(wishes)).toEqual(['parcels[1].lines[0].quantity quantity-not-whole', 'parcels[1].lines[1].lineId unknown-line', 'parcels[2].lines[0].lineId unknown-line']);
  });
});

describe('lines and quantities', () => {
  it('that the order has not are refused, with those it has', () => {
    expect(read([{ lines: [{ lineId: 'Z', quantity: 1 }] }]).faults).toEqual([{ code: 'unknown-line', field: 'parcels[0].lines[0].lineId', found: 'Z', expected: 'A, B' }]);
  });

  it('that the order has not stay unknown after another parcel named them', () => {
    expect(faults([{ lines: [{ lineId: 'Z', quantity: 1 }] }], { existing: [parcel({ lines: [{ lineId: 'Z', quantity: 1 }] })] })).toEqual(['parcels[0].lines[0].lineId unknown-line']);
  });

  it.each([0, -1, 1.5, 2 ** 53, NaN, Infinity, -Infinity])('%d is no quantity', (quantity) => {
    expect(faults([{ lines: [a(quantity)] }])).toContain('parcels[0].lines[0].quantity quantity-not-whole');
    expect(faults([{ lines: [a(quantity)] }], { order: unimported() })).toEqual(['parcels[0].lines[0].quantity quantity-not-whole']);
  });

  it('more than was ordered is refused, with what is left', () => {
    expect(read([{ lines: [a(3)] }]).faults).toEqual([{ code: 'quantity-over-left', field: 'parcels[0].lines[0].quantity', found: '3', limit: 2 }]);
    expect(read([{ lines: [a(2)] }], { existing: [parcel({ lines: [a(1)] })] }).faults).toEqual([{ code: 'quantity-over-left', field: 'parcels[0].lines[0].quantity', found: '2', limit: 1 }]);
    expect(read([{ lines: [b(1)] }], { order: order({ lines: [line('A', 2), line('B', 1, { shippedElsewhere: 1 })] }) }).faults).toEqual([{ code: 'quantity-over-left', field: 'parcels[0].lines[0].quantity', found: '1', limit: 0 }]);
  });

  it('a negative row cannot make room for a bigger one', () => {
    expect(faults([{ lines: [a(-5), a(7)] }])).toContain('parcels[0].lines[0].quantity quantity-not-whole');
  });

  it('an empty list is refused: it is neither "all" nor anything', () => {
    expect(faults([{ lines: [] }])).toEqual(['parcels[0].lines required']);
  });
});

describe('a partial shipment', () => {
  const type = 'order-partially-shipped';

  it('must say what left', () => {
    expect(faults([], { type })).toEqual(['parcels lines-needed']);
    expect(faults([{ trackingNumber: 'T1' }], { type })).toEqual(['parcels[0].lines lines-needed']);
    expect(faults([{}], { type, order: unimported() })).toEqual(['parcels[0].lines lines-needed']);
  });

  it('tells of its lines', () => {
    expect(read([{ trackingNumber: 'T1', lines: [a(1)] }], { type })).toMatchObject({ fresh: [{ lines: [a(1)] }], faults: [] });
  });

  it('of several parcels may leave the lines of one out', () => {
    expect(read([{ trackingNumber: 'T1', lines: [a(1)] }, { trackingNumber: 'T2' }], { type })).toMatchObject({ fresh: [{ lines: [a(1)] }, { lines: [a(1), b(1)] }], faults: [] });
  });
});

describe('the same parcel told of again', () => {
  const existing = [parcel({ id: 71, trackingNumber: '8R 0001', lines: all })];

  it('is known by its number, and nothing is done', () => {
    expect(read([{ trackingNumber: '8r0001', lines: all }], { existing })).toEqual({ fresh: [], completed: [], known: [71], faults: [] });
  });

  it('makes cumulative files harmless: yesterday’s rows stand beside the new one', () => {
    const yesterday = [parcel({ id: 72, trackingNumber: 'T1', lines: [a(2)] })];
    expect(read([{ trackingNumber: 'T1', lines: [a(2)] }, { trackingNumber: 'T2', lines: [b(1)] }], { existing: yesterday })).toMatchObject({ known: [72], fresh: [{ trackingNumber: 'T2', lines: [b(1)] }], faults: [] });
  });

  it('is known too where the marketplace showed it', () => {
    expect(read([{ trackingNumber: 'T9' }], { existing: [parcel({ id: 73, trackingNumber: 'T9', origin: 'marketplace', lines: all })] })).toMatchObject({ known: [73], fresh: [] });
  });
});

describe('a parcel that waited for its number', () => {
  const waiting = (more: Partial<Parcel> = {}): Parcel => parcel({ id: 81, trackingNumber: null, carrier: null, lines: all, ...more });

  it('is completed by one with the same lines', () => {
    expect(read([{ carrier: ' Colissimo ', trackingNumber: ' T1 ', lines: [b(1), a(1), a(1)] }], { existing: [waiting()] })).toEqual({ fresh: [], completed: [{ id: 81, carrier: 'Colissimo', trackingNumber: 'T1', lines: all }], known: [], faults: [] });
  });

  it('is completed by one without lines, where nothing else is left', () => {
    expect(read([{ trackingNumber: 'T1' }], { existing: [waiting()] }).completed).toEqual([{ id: 81, carrier: null, trackingNumber: 'T1', lines: all }]);
  });

  it('keeps its carrier where none is given, or a blank one', () => {
    for (const carrier of [{}, { carrier: '' }, { carrier: '  ' }]) {
      expect(read([{ ...carrier, trackingNumber: 'T1' }], { existing: [waiting({ carrier: 'DPD' })] }).completed).toEqual([{ id: 81, carrier: 'DPD', trackingNumber: 'T1', lines: all }]);
    }
  });

  it('is left alone while something else can be meant', () => {
    expect(read([{ trackingNumber: 'T1' }], { existing: [waiting({ lines: [a(2)] })] })).toMatchObject({ completed: [], fresh: [{ trackingNumber: 'T1', lines: [b(1)] }] });
    expect(read([{ trackingNumber: 'T1', lines: [a(1)] }], { existing: [waiting({ lines: [a(1)] })] })).toMatchObject({ completed: [], fresh: [{ lines: [a(1)] }] });
  });

  it('is not guessed at where two wait', () => {
    const existing = [waiting({ lines: [a(2)] }), waiting({ id: 82, lines: [b(1)] })];
    expect(read([{ trackingNumber: 'T1' }], { existing })).toMatchObject({ completed: [], fresh: [] });
    expect(read([{ trackingNumber: 'T2', lines: [b(1)] }, { trackingNumber: 'T1', lines: [a(2)] }], { existing }).completed).toEqual([{ id: 82, carrier: null, trackingNumber: 'T2', lines: [b(1)] }, { id: 81, carrier: null, trackingNumber: 'T1', lines: [a(2)] }]);
  });

  it('is completed by the same lines, though some of them are left besides', () => {
    expect(read([{ trackingNumber: 'T1', lines: [a(1), b(1)] }], { existing: [waiting({ lines: [a(1), b(1)] })] })).toMatchObject({ completed: [{ id: 81, trackingNumber: 'T1' }], fresh: [], faults: [] });
  });

  it('is not completed by a blank', () => {
    expect(read([{ carrier: 'DPD', trackingNumber: ' ' }], { existing: [waiting()] })).toMatchObject({ completed: [], fresh: [], faults: [] });
  });

  it('is completed once', () => {
    const { completed, faults: wrong } = read([{ trackingNumber: 'T1', lines: all }, { trackingNumber: 'T2', lines: all }], { existing: [waiting()] });
    expect(completed).toEqual([{ id: 81, carrier: null, trackingNumber: 'T1', lines: all }]);
    expect(wrong.map(({ code }) => code)).toEqual(['quantity-over-left', 'quantity-over-left']);
  });

  it('that was declared untracked waits for nothing', () => {
    expect(read([{ trackingNumber: 'T1' }], { existing: [waiting({ untracked: true })] })).toMatchObject({ completed: [], fresh: [] });
  });

  it('that somebody else told the marketplace of is not ours to complete', () => {
    expect(read([{ trackingNumber: 'T1' }], { existing: [waiting({ origin: 'marketplace' })] }).completed).toEqual([]);
  });

  it('is not completed by a spoilt number or a wrong quantity', () => {
    expect(faults([{ trackingNumber: '8,12E+12' }], { existing: [waiting()] })).toEqual(['parcels[0].trackingNumber tracking-malformed']);
    expect(faults([{ trackingNumber: 'T1', lines: [a(-1)] }], { order: unimported(), existing: [waiting({ lines: null })] })).toEqual(['parcels[0].lines[0].quantity quantity-not-whole']);
  });
});

describe('an order that is not imported yet', () => {
  it('has its parcels stored as they were given', () => {
    expect(read([{ trackingNumber: 'T1', lines: [{ lineId: 'ANY', quantity: 7 }] }], { order: unimported() })).toMatchObject({ fresh: [{ lines: [{ lineId: 'ANY', quantity: 7 }] }], faults: [] });
  });

  it('has a parcel of all that is left, not knowing what that is', () => {
    expect(read([{ trackingNumber: 'T1' }], { order: unimported() }).fresh[0]?.lines).toBeNull();
    expect(read([], { order: unimported() }).fresh[0]?.lines).toBeNull();
  });

  it('has the number that comes later given to the parcel that waits', () => {
    const existing = [parcel({ id: 91, trackingNumber: null, lines: null })];
    expect(read([{ trackingNumber: 'T1' }], { order: unimported(), existing })).toMatchObject({ completed: [{ id: 91, trackingNumber: 'T1', lines: null }], fresh: [] });
  });

  it('has the lines that come with that number given to it too: the next parcel takes others', () => {
    const existing = [parcel({ id: 91, trackingNumber: null, lines: null })];
    const found = read([{ trackingNumber: 'T1', lines: [a(1), a(1)] }, { trackingNumber: 'T2', lines: [b(1)] }], { order: unimported(), existing });
    expect(found).toMatchObject({ completed: [{ id: 91, trackingNumber: 'T1', lines: [a(2)] }], fresh: [{ trackingNumber: 'T2', lines: [b(1)] }], faults: [] });
  });
});

describe('tracking numbers and carriers', () => {
  it.each(['8,12E+12', '8.12E+12', '8E+12', '---', '???'])('%s is no tracking number', (trackingNumber) => {
    expect(read([{ trackingNumber }]).faults).toEqual([{ code: 'tracking-malformed', field: 'parcels[0].trackingNumber', found: trackingNumber }]);
  });

  it('a number may not be declared absent', () => {
    expect(faults([{ trackingNumber: 'T1', untracked: true }])).toEqual(['parcels[0].untracked tracking-and-untracked']);
    expect(faults([{ trackingNumber: ' ', untracked: true }])).toEqual([]);
  });

  it('have a longest length', () => {
    expect(faults([{ trackingNumber: 'T'.repeat(50), carrier: 'C'.repeat(80) }])).toEqual([]);
    expect(faults([{ trackingNumber: 'T'.repeat(51), carrier: 'C'.repeat(81) }])).toEqual(['parcels[0].trackingNumber too-long', 'parcels[0].carrier too-long']);
  });
});
