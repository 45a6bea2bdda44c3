import { day } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import { no } from './ebay-words.ts';
import { readMoment } from './moments.ts';

/** Which orders a getOrders asks for. */
export interface Wanted {
  readonly by: 'created' | 'modified';
  readonly from: Instant;
  readonly to: Instant;
  readonly statuses: readonly string[] | null;
}

const longestRange = 2 * 366 * day;
const usualRange = 90 * day;

/** eBay supports these two combinations of states and no other. */
const combinations: Readonly<Record<string, readonly string[]>> = {
  'NOT_STARTED|IN_PROGRESS': ['NOT_STARTED', 'IN_PROGRESS'],
  'FULFILLED|IN_PROGRESS': ['FULFILLED', 'IN_PROGRESS'],
};

/**
 * Reads the `filter` of getOrders by eBay's rules. Without a date the last 90 days by creation; with both dates only the
 * creation counts; two years at most; nothing in the future.
 * @param raw the query as it came: brackets, braces and pipes have to be percent-encoded in it
 */
export function readFilter(filter: string | null, raw: string, now: Instant): Wanted | { readonly refusal: HttpAnswer } {
  const usual: Wanted = { by: 'created', from: now - usualRange, to: now, statuses: null };
  if (filter === null) return usual;
  if (/[[\]{}|]/.test(raw)) return refused(30800, filter);
  const criteria = new Map<string, string>();
  // A comma separates criteria; none occurs within one.
  for (const criterion of filter.split(',')) {
    const colon = criterion.indexOf(':');
    const name = criterion.slice(0, Math.max(colon, 0)).trim();
    if (!['creationdate', 'lastmodifieddate', 'orderfulfillmentstatus'].includes(name)) return refused(30700, name === '' ? criterion : name);
    criteria.set(name, criterion.slice(colon + 1).trim());
  }
  const ranges = { created: criteria.get('creationdate'), modified: criteria.get('lastmodifieddate') };
  const by = ranges.created === undefined && ranges.modified !== undefined ? 'modified' : 'created';
  const range = ranges[by];
  const window = range === undefined ? usual : readRange(range, now);
  if ('refusal' in window) return window;
  const status = criteria.get('orderfulfillmentstatus');
  if (status === undefined) return { by, from: window.from, to: window.to, statuses: null };
  const statuses = combinations[status.replace(/^\{(.*)\}$/, '$1')];
  return statuses === undefined || !status.startsWith('{') ? refused(30800, status) : { by, from: window.from, to: window.to, statuses };
}

function readRange(range: string, now: Instant): { readonly from: Instant; readonly to: Instant } | { readonly refusal: HttpAnswer } {
  const [, start, end] = /^\[(.*?)\.\.(.*)\]$/.exec(range) ?? [];
  if (start === undefined || end === undefined) return refused(30810);
  if (start === '') return refused(30820);
  const from = readMoment(start);
  const to = end === '' ? now : readMoment(end);
  if (from === null || to === null) return refused(30810);
  if (from > now || to > now) return refused(30850);
  if (from > to) return refused(30840);
  return to - from > longestRange ? refused(30830) : { from, to };
}

function refused(errorId: Parameters<typeof no>[0], value = ''): { readonly refusal: HttpAnswer } {
  return { refusal: no(errorId, value) };
}
