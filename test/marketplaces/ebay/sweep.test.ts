import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPage, nextPage, readCursor, written } from '../../../src/marketplaces/ebay/sweep.ts';
import type { Cursor } from '../../../src/marketplaces/ebay/sweep.ts';
import { day, minute, second } from '../../../src/runtime/clock.ts';

const now = Date.UTC(2026, 10, 23, 9, 0, 0);
const iso = (moment: number): string => new Date(moment).toISOString();

describe('a window', () => {
  it('runs from the last sweep to five seconds ago', () => {
    const cursor = firstPage(now - 30 * minute, now, null);
    expect(cursor).toEqual({ filter: `lastmodifieddate:[${iso(now - 30 * minute)}..${iso(now - 5 * second)}]`, until: now - 5 * second, offset: 0, total: null });
  });

  it('at the first import holds what is still to ship of 90 days', () => {
    expect(firstPage(null, now, null).filter).toBe(`creationdate:[${iso(now - 5 * second - 90 * day)}..${iso(now - 5 * second)}],orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}`);
  });

  it('never ends in eBay’s future, however fast our clock is', () => {
    expect(firstPage(now - 5 * minute, now, -90 * second).until).toBe(now - 95 * second);
    expect(firstPage(now - 5 * minute, now, 90 * second).until).toBe(now - 5 * second);
  });

  it('begins before it ends, and the next sweep never begins earlier, when our clock was put back', () => {
    const cursor = firstPage(now + day, now, null);
    expect(cursor.filter).toBe(`lastmodifieddate:[${iso(now - 5 * second - minute)}..${iso(now - 5 * second)}]`);
    expect(cursor.until).toBe(now + day);
  });

  it('does not reach further back than eBay does', () => {
    expect(firstPage(0, now, null).filter).toContain(`[${iso(now - 5 * second - 729 * day)}..`);
  });

  it('takes a moment between two milliseconds', () => {
    expect(firstPage(now - minute - 0.5, now + 0.25, -0.125).filter).toBe(`lastmodifieddate:[${iso(now - minute - 1)}..${iso(now - 5 * second)}]`);
  });
});

describe('a page', () => {
  const first = firstPage(now - minute, now, null);

  it('is written and read back', () => {
    expect(readCursor(written({ ...first, offset: 400, total: 450 }))).toEqual({ ...first, offset: 400, total: 450 });
  });

  it.each([
    [{ total: 450, next: 'x' }, 200, 200],
    [{ total: 450 }, 200, 200],
    [{ next: 'x' }, 200, 200],
    [{ total: 450, limit: 100, next: 'x' }, 100, 100],
    [{ total: 450, limit: 0 }, 200, 200],
    [{ total: 200 }, 200, null],
    [{ total: 3 }, 3, null],
    [{ total: 0 }, 0, null],
    [{}, 200, null],
    [{ total: 450 }, 0, null],
    [{ next: 'x' }, 0, null],
    [{ total: 450, next: 'x' }, 0, 200],
  ])('%j with %i orders is followed by offset %s', (answer, count, offset) => {
    expect(nextPage(first, answer, count)?.offset ?? null).toBe(offset);
  });
});

/** Reads a whole sweep of `orders` while some of them change, and so leave the window, between two pages. */
function sweep(orders: number, leaving: readonly (readonly number[])[]): { readonly seen: Set<number>; readonly left: Set<number>; readonly pages: number } {
  let list = Array.from({ length: orders }, (_, order) => order);
  const seen = new Set<number>();
  const left = new Set<number>();
  let cursor: Cursor | null = firstPage(now - minute, now, null);
  let pages = 0;
  while (cursor !== null) {
    const page = list.slice(cursor.offset, cursor.offset + 200);
    for (const order of page) seen.add(order);
    cursor = nextPage(cursor, { total: list.length, ...(cursor.offset + 200 < list.length ? { next: 'more' } : {}) }, page.length);
    for (const order of leaving[pages] ?? []) left.add(order);
    list = list.filter((order) => !left.has(order));
    pages += 1;
  }
  return { seen, left, pages };
}

it('no order is missed while others leave the window', () => {
  const changes = fc.array(fc.array(fc.nat(999), { maxLength: 60 }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.nat(1000), changes, (orders, leaving) => {
      const { seen, left, pages } = sweep(orders, leaving);
      // What left was changed after the window: the next sweep has it.
      for (let order = 0; order < orders; order += 1) expect(seen.has(order) || left.has(order)).toBe(true);
      expect(pages).toBeLessThan(20);
    }),
    { numRuns: 500 },
  );
});
