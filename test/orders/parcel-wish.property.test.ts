import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { leftToShip } from '../../src/orders/order.ts';
import type { Parcel } from '../../src/orders/parcel.ts';
import { normalTracking } from '../../src/orders/parcel.ts';
import { readParcels } from '../../src/orders/parcel-wish.ts';
import type { ParcelWish } from '../../src/orders/parcel-wish.ts';
import { line, now, order, parcel, paris } from './made.ts';

const quantity = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 2 ** 53, NaN) });
const lines = fc.array(fc.record({ lineId: fc.constantFrom('A', 'B', 'C', 'Z'), quantity }), { maxLength: 4 });
const wish: fc.Arbitrary<ParcelWish> = fc.record({ trackingNumber: fc.constantFrom('T1', 't-1', 'T2', 'T3', '', '---', '8,12E+12'), carrier: fc.constantFrom('Colissimo', 'DPD', ''), untracked: fc.boolean(), lines }, { requiredKeys: [] });
const rounds = fc.array(fc.record({ wishes: fc.array(wish, { maxLength: 4 }), type: fc.constantFrom('order-shipped' as const, 'order-partially-shipped' as const) }), { minLength: 1, maxLength: 6 });
const ordered = [line('A', 5), line('B', 2, { cancelled: 1 }), line('C', 3, { shippedElsewhere: 1 })];

/** Applies one wish after the other as the store does: what is refused changes nothing. */
function applied(given: readonly { readonly wishes: readonly ParcelWish[]; readonly type: 'order-shipped' | 'order-partially-shipped' }[], each: (parcels: readonly Parcel[]) => void): void {
  const of = order({ lines: ordered });
  let parcels: readonly Parcel[] = [];
  for (const { wishes, type } of given) {
    const read = readParcels(wishes, type, of, parcels, now, now, paris);
    if (read.faults.length > 0) continue;
    parcels = parcels.map((one) => ({ ...one, ...read.completed.find(({ id }) => id === one.id) }));
    parcels = [...parcels, ...read.fresh.map((fresh) => parcel(fresh))];
    each(parcels);
  }
}

describe('whatever is wished for, in whatever order', () => {
  it('no line is ever in parcels with more units than are there to ship', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        applied(given, (parcels) => {
          for (const one of ordered) {
            const packed = parcels.flatMap(({ lines }) => lines ?? []).filter(({ lineId }) => lineId === one.lineId).reduce((sum, { quantity }) => sum + quantity, 0);
            expect(packed).toBeLessThanOrEqual(one.quantity - one.cancelled - one.shippedElsewhere);
          }
          for (const left of leftToShip(ordered, parcels).values()) expect(left).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('a parcel that is stored has lines of the order, in whole units', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        applied(given, (parcels) => {
          for (const { lines } of parcels) {
            expect(lines?.length).toBeGreaterThan(0);
            for (const { lineId, quantity } of lines ?? []) {
              expect(['A', 'B', 'C']).toContain(lineId);
              expect(Number.isSafeInteger(quantity) && quantity > 0).toBe(true);
            }
          }
        });
      }),
    );
  });

  it('no two parcels of an order have the same tracking number', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        applied(given, (parcels) => {
          const numbers = parcels.flatMap(({ trackingNumber }) => (trackingNumber === null ? [] : [normalTracking(trackingNumber)]));
          expect(new Set(numbers).size).toBe(numbers.length);
        });
      }),
    );
  });

  it('telling the same again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(wish.filter(({ trackingNumber }) => normalTracking(trackingNumber ?? '') !== ''), { minLength: 1, maxLength: 4 }), (wishes) => {
        const of = order({ lines: ordered });
        const first = readParcels(wishes, 'order-shipped', of, [], now, now, paris);
        if (first.faults.length > 0) return;
        const stored = first.fresh.map((fresh) => parcel(fresh));
        const second = readParcels(wishes, 'order-shipped', of, stored, now, now, paris);
        expect({ fresh: second.fresh, completed: second.completed, faults: second.faults }).toEqual({ fresh: [], completed: [], faults: [] });
        expect(new Set(second.known)).toEqual(new Set(stored.map(({ id }) => id)));
      }),
    );
  });
});
