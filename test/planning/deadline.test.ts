import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { addBusinessDays, clampGrace, graceUntil, uselessAfter } from '../../src/planning/deadline.ts';
import { day, hour, minute, now } from '../orders/made.ts';

const at = (iso: string): number => Date.parse(iso);
const printed = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

describe('business days', () => {
  // Monday 23 November 2026 to Sunday 29.
  it.each([
    ['2026-11-23T12:00Z', 1, '2026-11-24T12:00'],
    ['2026-11-23T12:00Z', 5, '2026-11-30T12:00'],
    ['2026-11-23T12:00Z', 7, '2026-12-02T12:00'],
    ['2026-11-27T12:00Z', 1, '2026-11-30T12:00'],
    ['2026-11-28T12:00Z', 1, '2026-11-30T12:00'],
    ['2026-11-29T12:00Z', 1, '2026-11-30T12:00'],
    ['2026-11-29T12:00Z', 5, '2026-12-04T12:00'],
    ['2026-11-27T23:59Z', 7, '2026-12-08T23:59'],
    ['2026-12-31T12:00Z', 2, '2027-01-04T12:00'],
    ['2026-11-23T12:00Z', 0, '2026-11-23T12:00'],
  ])('%s and %d more: %s', (from, days, expected) => {
    expect(printed(addBusinessDays(at(from), days))).toBe(expected);
  });

  it('end on a weekday, so many weekdays later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.integer({ min: 1, max: 30 }), (from, days) => {
        const end = addBusinessDays(from, days);
        expect([0, 6]).not.toContain(new Date(end).getUTCDay());
        let weekdays = 0;
        for (let d = from + day; d <= end; d += day) if (![0, 6].includes(new Date(d).getUTCDay())) weekdays += 1;
        expect(weekdays).toBe(days);
        expect((end - from) % day).toBe(0);
      }),
    );
  });
});

describe('the moment from which telling is useless', () => {
  it('is at Amazon seven business days after the ship-by: it cancels by itself', () => {
    expect(printed(uselessAfter(at('2026-11-24T22:59Z'), 'amazon'))).toBe('2026-12-03T22:59');
  });
  it.each(['ebay', null])('is elsewhere (%s) thirty days after it', (marketplace) => {
    expect(uselessAfter(now, marketplace)).toBe(now + 30 * day);
  });
});

describe('until when an application by hand can be undone', () => {
  it('is the state’s grace', () => {
    expect(graceUntil(now, 60, now + day)).toBe(now + minute);
  });
  it('never goes past ten minutes before the ship-by', () => {
    expect(graceUntil(now, 3_600, now + hour)).toBe(now + 50 * minute);
    expect(graceUntil(now, 60, now + 10.5 * minute)).toBe(now + minute / 2);
  });
  it('is nothing where that leaves no time, or where the state has none', () => {
    expect(graceUntil(now, 60, now + 10 * minute)).toBeNull();
    expect(graceUntil(now, 60, now - day)).toBeNull();
    expect(graceUntil(now, 0, now + day)).toBeNull();
  });
});

describe('a deadline that turned out to be nearer than was known', () => {
  it('cuts the time for undoing short', () => {
    expect(clampGrace(now + hour, now + 30 * minute)).toBe(now + 20 * minute);
    expect(clampGrace(now + minute, now + hour)).toBe(now + minute);
  });
});
