import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { deadline, leftToShip } from '../../src/orders/order.ts';
import { isSpoilt, newReference, normalTracking, sameLines, toldAt } from '../../src/orders/parcel.ts';
import { day, line, now } from './made.ts';

describe('a tracking number', () => {
  it.each([
    ['8R 1234-5678', '8R12345678'],
    ['8r12345678', '8R12345678'],
    ['  8R.1234/5678 ', '8R12345678'],
    ['８Ｒ１２３４', '8R1234'],
    ['8R\u00a01234\u200b', '8R1234'],
    ['---', ''],
  ])('%j is compared as %j', (written, normal) => {
    expect(normalTracking(written)).toBe(normal);
  });

  it('is compared the same when it was made comparable before', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(normalTracking(normalTracking(text))).toBe(normalTracking(text));
      }),
    );
  });

  it.each(['8,12E+12', '8.12E+12', '8,12E12', '8E+12', '1,0e+9'])('%s was spoilt by a spreadsheet', (text) => {
    expect(isSpoilt(text)).toBe(true);
  });

  it.each(['8E12', 'XY000000001FR', '6A22918339041', '81,2E+12X', '1E2', '', '12345'])('%j was not', (text) => {
    expect(isSpoilt(text)).toBe(false);
  });
});

describe('the lines of two parcels', () => {
  it('are the same in any order, and with a line in two rows', () => {
    expect(sameLines([{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 2 }, { lineId: 'A', quantity: 1 }], [{ lineId: 'B', quantity: 2 }, { lineId: 'A', quantity: 2 }])).toBe(true);
  });
  it.each([
    [[{ lineId: 'A', quantity: 1 }], [{ lineId: 'A', quantity: 2 }]],
    [[{ lineId: 'A', quantity: 1 }], [{ lineId: 'B', quantity: 1 }]],
    [[{ lineId: 'A', quantity: 1 }], [{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 1 }]],
    [[{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 2 }], [{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 3 }]],
    [[], [{ lineId: 'A', quantity: 1 }]],
  ])('%j and %j are not', (a, b) => {
    expect(sameLines(a, b)).toBe(false);
    expect(sameLines(b, a)).toBe(false);
  });
});

describe("a new parcel's reference", () => {
  it('is the Unix second', () => {
    expect(newReference(1_795_424_400_999, new Set())).toBe('1795424400');
  });

  it('is raised until nobody in that order has it', () => {
    expect(newReference(1_795_424_400_000, new Set(['1795424400', '1795424401', '1795424403']))).toBe('1795424402');
  });

  it('says when the parcel was told of', () => {
    expect(toldAt({ reference: newReference(1_795_424_400_999, new Set()) })).toBe(1_795_424_400_000);
  });

  it('is always a positive number in digits, and never given twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1_000_000_000_000, max: 1_000_000_005_000 }), { maxLength: 30 }), (instants) => {
        const used = new Set<string>();
        for (const at of instants) {
          const reference = newReference(at, used);
          expect(reference).toMatch(/^[1-9]\d*$/);
          expect(used.has(reference)).toBe(false);
          used.add(reference);
        }
      }),
    );
  });
});

describe('by when an order must be told of', () => {
  it('is its ship-by', () => {
    expect(deadline({ placedAt: now, shipBy: now + 5 })).toBe(now + 5);
  });
  it('is two days after it was placed where the marketplace names none', () => {
    expect(deadline({ placedAt: now, shipBy: null })).toBe(now + 2 * day);
  });
});

describe('what is left to ship', () => {
  it('is what was ordered without what was cancelled, shipped there, or packed', () => {
    const lines = [line('A', 10, { cancelled: 1, shippedElsewhere: 2 }), line('B', 1), line('C', 1, { cancelled: 1 })];
    const parcels = [{ lines: [{ lineId: 'A', quantity: 3 }, { lineId: 'B', quantity: 1 }] }, { lines: null }];
    expect([...leftToShip(lines, parcels)]).toEqual([['A', 4], ['B', 0], ['C', 0]]);
  });

  it('knows no line that the order has not, whatever a parcel names', () => {
    expect([...leftToShip([line('A', 1)], [{ lines: [{ lineId: 'Z', quantity: 1 }] }])]).toEqual([['A', 1]]);
  });

  it('is never less than nothing, and never more than was ordered', () => {
    const lines = fc.uniqueArray(fc.record({ lineId: fc.constantFrom('A', 'B', 'C', 'D'), quantity: fc.nat(20), cancelled: fc.nat(25), shippedElsewhere: fc.nat(25) }), { selector: ({ lineId }) => lineId });
    const parcels = fc.array(fc.record({ lines: fc.option(fc.array(fc.record({ lineId: fc.constantFrom('A', 'B', 'C', 'D', 'E'), quantity: fc.integer({ min: 1, max: 30 }) }))) }));
    fc.assert(
      fc.property(lines, parcels, (lines, parcels) => {
        const ordered = lines.map(({ lineId, quantity, ...more }) => line(lineId, quantity, more));
        const left = leftToShip(ordered, parcels);
        expect([...left.keys()]).toEqual(ordered.map(({ lineId }) => lineId));
        for (const { lineId, quantity } of ordered) {
          expect(left.get(lineId)).toBeGreaterThanOrEqual(0);
          expect(left.get(lineId)).toBeLessThanOrEqual(quantity);
        }
      }),
    );
  });
});
