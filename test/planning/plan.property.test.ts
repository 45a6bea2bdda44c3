import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateTypes } from '../../src/orders/order-state.ts';
import { payments } from '../../src/orders/order.ts';
import { operations } from '../../src/planning/operation.ts';
import { plan } from '../../src/planning/plan.ts';
import { preflight } from '../../src/planning/preflight.ts';
import { day, hour, line, now, order } from '../orders/made.ts';
import { account, application, situation, tables, toldNow } from './made.ts';

const maybe = <T>(value: T): fc.Arbitrary<T | null> => fc.constantFrom(value, null);
const lines = fc.subarray([{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 1 }]);
const parcel = fc.record({ carrier: fc.constantFrom('Colissimo', 'Mondial Relay', 'Delivengo', null), trackingNumber: maybe('T1'), untracked: fc.boolean(), lines: fc.option(lines), shippedAt: fc.integer({ min: now - 9 * day, max: now }), toldAgo: fc.integer({ min: 0, max: 2 * day }) });
const sold = fc.record({
  imported: fc.boolean(),
  payment: fc.constantFrom(...payments),
  fulfilment: fc.constantFrom('merchant' as const, 'marketplace' as const, 'label' as const),
  cancellation: fc.constantFrom('none' as const, 'requested' as const, 'cancelled' as const),
  shipBy: fc.option(fc.integer({ min: now - 3 * day, max: now + 9 * day })),
  lines: fc.constantFrom([], [line('A', 2), line('B', 1)], [line('A', 2, { shippedElsewhere: 1 })]),
});
const older = fc.record({ id: fc.integer({ min: 1, max: 9 }), operation: fc.constantFrom(...operations), parcel: maybe(1), lines, phase: fc.constantFrom('never-left' as const, 'unsettled' as const, 'done' as const, 'not-done' as const), dormant: fc.boolean() });
const seller = fc.record({ marketplace: fc.constantFrom('amazon' as const, 'ebay' as const, null), from: fc.constantFrom(0, now + 1), acknowledge: fc.boolean(), offered: fc.subarray([...operations]) });

it('every application of a state has syncs, each with a reason where it goes nowhere, and with a time only where it waits', () => {
  fc.assert(
    fc.property(fc.constantFrom(...stateTypes), seller, sold, fc.array(parcel, { maxLength: 3 }), fc.uniqueArray(older, { maxLength: 5, selector: ({ id }) => id }), fc.option(fc.integer({ min: now - hour, max: now + hour })), (type, of, about, parcels, earlier, graceUntil) => {
      const base = account(of.marketplace, { from: of.from, acknowledge: of.acknowledge });
      const offers = Object.fromEntries(operations.map((operation) => [operation, of.offered.includes(operation) ? base.offers[operation] : 'not-offered'])) as typeof base.offers;
      const here = situation({ account: { ...base, offers }, order: order(about), earlier });
      const told = parcels.map(({ toldAgo, ...more }, i) => toldNow({ ...more, id: i + 1, reference: String(Math.floor((now - toldAgo) / 1000)) }));
      const planned = plan(application(type, { parcels: told, graceUntil }), here, tables);

      expect(planned.length).toBeGreaterThan(0);
      for (const sync of planned) {
        expect([sync.status, sync.cause !== null]).toEqual([sync.status, ['held', 'skipped', 'rejected'].includes(sync.status)]);
        expect(sync.cause ?? 'order/none').toMatch(/^[a-z]+\/[a-z-]+$/);
        expect(sync.waitsFor.filter((id) => sync.supersedes.includes(id))).toEqual([]);
        expect(sync.uselessAfter).toBeGreaterThan(sync.shipBy);
        // What waits for a time waits for one that is still to come.
        const due = { delayed: sync.dueAt !== null && sync.dueAt > now, held: sync.dueAt === null || (sync.cause === 'order/tracking-missing' && sync.dueAt > now), blocked: sync.waitsFor.length > 0, ready: sync.dueAt === null && sync.waitsFor.length === 0, skipped: sync.dueAt === null, rejected: sync.dueAt === null };
        expect([sync.status, due[sync.status]]).toEqual([sync.status, true]);
        // Nothing that may leave lacks what the marketplace needs.
        const { parcel: what } = sync.payload;
        const leaves = sync.status === 'ready' || sync.status === 'delayed';
        expect(leaves && what !== null && what.trackingNumber !== null && what.carrierCode === null).toBe(false);
        expect(leaves && what !== null && what.trackingNumber === null && of.marketplace === 'amazon').toBe(false);
        expect(leaves && (about.cancellation === 'cancelled' || about.fulfilment === 'marketplace')).toBe(false);
        expect(what === null || !about.imported || Date.parse(what.shippedAt) >= now - day).toBe(true);
      }
      expect(() => preflight(type, planned, here)).not.toThrow();
    }),
    { numRuns: 1_000 },
  );
});
