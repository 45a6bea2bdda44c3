import { z } from 'zod';
import { day, minute, second } from '../../runtime/clock.ts';
import type { Duration, Instant } from '../../runtime/clock.ts';
import { field } from './body.ts';
import { number, text } from './fields.ts';

/** eBay: at most 200 orders a page. */
export const pageSize = 200;
/** eBay refuses an end in the future (error 30850); this is room for what a `Date` header leaves out. */
const beforeNow = 5 * second;
/** The first import looks at orders up to this age. */
const firstImport = 90 * day;
/** eBay: orders up to two years old. */
const furthest = 729 * day;

const cursor = z.object({ filter: z.string(), until: z.number(), offset: z.number().int().nonnegative(), total: z.number().nullable() });

/** Where a sweep stands. Its window is frozen at the first page, and does not move while it is read. */
export type Cursor = z.infer<typeof cursor>;

/**
 * The first page of a sweep.
 * @param since null for the first import: orders still to ship, no more
 * @param skew eBay's clock minus ours, null where eBay has not told it yet
 */
export function firstPage(since: Instant | null, now: Instant, skew: Duration | null): Cursor {
  const end = Math.floor(now + Math.min(0, skew ?? 0)) - beforeNow;
  const start = since === null ? end - firstImport : Math.max(since < end ? since : end - minute, end - furthest);
  const window = `[${iso(start)}..${iso(end)}]`;
  // eBay takes these two combinations only, and of two dates it uses creationdate alone.
  const filter = since === null ? `creationdate:${window},orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}` : `lastmodifieddate:${window}`;
  // A clock that was put back must not take the next sweep's beginning with it.
  return { filter, until: Math.max(since ?? end, end), offset: 0, total: null };
}

/**
 * The page after this one, or null after the last.
 * An order that changes while the sweep is read leaves its window, and all that follow move up by one: where the total
 * has shrunk, the next page begins that much earlier, and an order read twice does no harm.
 */
export function nextPage(here: Cursor, answer: unknown, count: number): Cursor | null {
  const total = number(field(answer, 'total'));
  const shrunk = here.total === null || total === null ? 0 : Math.max(0, here.total - total);
  if (shrunk > 0) return { ...here, offset: Math.max(0, here.offset - shrunk), total };
  const step = Math.min(pageSize, number(field(answer, 'limit')) || pageSize);
  const offset = here.offset + step;
  const linked = text(field(answer, 'next')) !== null;
  const counted = total !== null && offset < total;
  // An empty page ends a sweep, unless eBay both links to another one and counts orders on it.
  const more = count > 0 ? linked || counted : linked && counted;
  return more ? { ...here, offset, total } : null;
}

export function written(at: Cursor): string {
  return JSON.stringify(at);
}

export function readCursor(page: string): Cursor {
  return cursor.parse(JSON.parse(page));
}

function iso(moment: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(moment)).toString({ fractionalSecondDigits: 3 });
}
