import { describe, expect, it } from 'vitest';
import { readParcels } from '../../src/orders/parcel-wish.ts';
import { day, minute, now, order, paris, unimported } from './made.ts';

interface Moment {
  readonly placedAt?: string;
  readonly now?: string;
  readonly appliedAt?: string;
  readonly timeZone?: string;
  readonly imported?: boolean;
}

/** When the parcel counts as shipped, in UTC; or what is wrong with the date. */
function shippedAt(given: string | undefined, moment: Moment = {}): string | readonly unknown[] {
  const at = moment.now === undefined ? now : Date.parse(moment.now);
  const placedAt = moment.placedAt === undefined ? now - day : Date.parse(moment.placedAt);
  const of = moment.imported === false ? unimported({ placedAt }) : order({ placedAt });
  const appliedAt = moment.appliedAt === undefined ? at : Date.parse(moment.appliedAt);
  const { fresh, faults } = readParcels([given === undefined ? {} : { shippedAt: given }], 'order-shipped', of, [], appliedAt, at, moment.timeZone ?? paris);
  return faults.length > 0 ? faults.map(({ code, field, found, expected }) => [code, field, found, expected]) : new Date(fresh[0]?.shippedAt ?? NaN).toISOString();
}

describe('a parcel without a date', () => {
  it('left when the state was applied', () => {
    expect(shippedAt(undefined, { appliedAt: '2026-11-23T08:00:00Z' })).toBe('2026-11-23T08:00:00.000Z');
  });

  it('never left before the order was placed, even where the caller’s clock is a little slow', () => {
    expect(shippedAt(undefined, { placedAt: '2026-11-23T08:58:00Z', appliedAt: '2026-11-23T08:55:00Z' })).toBe('2026-11-23T08:58:00.000Z');
  });
});

describe('a moment', () => {
  it.each([
    ['2026-11-23T08:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T09:00:00+01:00', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T08:00:00.123Z', '2026-11-23T08:00:00.123Z'],
  ])('%s is %s', (given, at) => {
    expect(shippedAt(given)).toBe(at);
  });

  it('a little ahead of our clock, or behind the order, is clamped', () => {
    expect(shippedAt('2026-11-23T09:04:59Z')).toBe('2026-11-23T09:00:00.000Z');
    expect(shippedAt('2026-11-23T09:05:00Z')).toBe('2026-11-23T09:00:00.000Z');
    expect(shippedAt('2026-11-22T08:55:00Z')).toBe('2026-11-22T09:00:00.000Z');
  });

  it('in the future is refused', () => {
    expect(shippedAt('2026-11-23T09:05:01Z')).toEqual([['date-in-future', 'parcels[0].shippedAt', '2026-11-23T09:05:01Z', undefined]]);
  });

  it('before the order is refused, with the order’s', () => {
    expect(shippedAt('2026-11-22T08:54:59Z')).toEqual([['date-before-order', 'parcels[0].shippedAt', '2026-11-22T08:54:59Z', '2026-11-22T09:00:00Z']]);
  });

  it('before an order that is not imported yet cannot be judged', () => {
    expect(shippedAt('2026-11-01T00:00:00Z', { imported: false, placedAt: '2026-11-23T09:00:00Z' })).toBe('2026-11-01T00:00:00.000Z');
  });

  it.each(['', 'hier', '23/11/2026', '2026-11-23T09:00', '2026-11-23 09:00:00', '2026-13-01', '2026-02-30', '2026-11-31', '2026-11-23T25:00:00Z', '2026-1-1'])('%j is no date', (given) => {
    expect(shippedAt(given)).toEqual([['date-malformed', 'parcels[0].shippedAt', given, undefined]]);
  });
});

describe('a day without a time', () => {
  it('is noon of that day in the merchant’s time zone', () => {
    expect(shippedAt('2026-11-22', { placedAt: '2026-11-20T00:00:00Z' })).toBe('2026-11-22T11:00:00.000Z');
    expect(shippedAt('2026-11-22', { placedAt: '2026-11-20T00:00:00Z', timeZone: 'America/Martinique' })).toBe('2026-11-22T16:00:00.000Z');
  });

  it('that is today is not later than now', () => {
    expect(shippedAt('2026-11-23')).toBe('2026-11-23T09:00:00.000Z');
  });

  it('on which the order was placed is not before it', () => {
    expect(shippedAt('2026-11-22', { placedAt: '2026-11-22T15:30:00Z' })).toBe('2026-11-22T15:30:00.000Z');
  });

  it('is the merchant’s day: past midnight in Paris it is today, though UTC still has yesterday', () => {
    const night = { now: '2026-11-23T23:10:00Z', placedAt: '2026-11-23T22:50:00Z' };
    expect(shippedAt('2026-11-24', night)).toBe('2026-11-23T23:10:00.000Z');
    expect(shippedAt('2026-11-23', night)).toBe('2026-11-23T22:50:00.000Z');
    expect(shippedAt('2026-11-25', night)).toEqual([['date-in-future', 'parcels[0].shippedAt', '2026-11-25', undefined]]);
    expect(shippedAt('2026-11-22', night)).toEqual([['date-before-order', 'parcels[0].shippedAt', '2026-11-22', '2026-11-23']]);
  });

  it('that is still to come is refused', () => {
    expect(shippedAt('2026-11-24')).toEqual([['date-in-future', 'parcels[0].shippedAt', '2026-11-24', undefined]]);
  });

  it.each([
    // Spring forward on 29 March 2026 at 01:00 UTC, back on 25 October 2026 at 01:00 UTC.
    ['2026-03-28', '2026-03-28T11:00:00.000Z'],
    ['2026-03-29', '2026-03-29T10:00:00.000Z'],
    ['2026-10-24', '2026-10-24T10:00:00.000Z'],
    ['2026-10-25', '2026-10-25T11:00:00.000Z'],
  ])('%s has its noon at %s, whatever the clocks did that night', (given, at) => {
    expect(shippedAt(given, { placedAt: '2026-01-01T00:00:00Z' })).toBe(at);
  });

  it.each([
    ['the last minute of the day that has 25 hours', '2026-10-25T22:59:00Z', '2026-10-25', '2026-10-25T11:00:00.000Z'],
    ['the first minute after it', '2026-10-25T23:00:00Z', '2026-10-26', '2026-10-25T23:00:00.000Z'],
    ['the last minute of the day that has 23 hours', '2026-03-29T21:59:00Z', '2026-03-29', '2026-03-29T10:00:00.000Z'],
    ['the first minute after it', '2026-03-29T22:00:00Z', '2026-03-30', '2026-03-29T22:00:00.000Z'],
  ])('is judged by the Paris day in %s', (_, at, given, expected) => {
    expect(shippedAt(given, { now: at, placedAt: '2026-01-01T00:00:00Z' })).toBe(expected);
    const tomorrow = new Date(Date.parse(`${given}T00:00:00Z`) + day).toISOString().slice(0, 10);
    expect(shippedAt(tomorrow, { now: at, placedAt: '2026-01-01T00:00:00Z' })).toEqual([['date-in-future', 'parcels[0].shippedAt', tomorrow, undefined]]);
  });
});

describe('every date that is taken', () => {
  it('lies between the order and now', () => {
    for (let back = 0; back < 3 * 24 * 60; back += 37) {
      for (const given of [new Date(now - back * minute).toISOString(), new Date(now - back * minute).toISOString().slice(0, 10)]) {
        const at = shippedAt(given);
        if (typeof at !== 'string') continue;
        expect(Date.parse(at)).toBeGreaterThanOrEqual(now - day);
        expect(Date.parse(at)).toBeLessThanOrEqual(now);
      }
    }
  });
});
