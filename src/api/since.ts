import type { Instant } from '../runtime/clock.ts';
import { day, hour, minute } from '../runtime/clock.ts';
import type { SyncFilter } from '../syncing/rerun.ts';
import { readInstant } from './fields.ts';

const lengths: Readonly<Record<string, number>> = { d: day, h: hour, m: minute };

/** The moment that `2026-11-23T09:00:00Z`, `2026-11-23` (the merchant's day) or `2d`, `12h`, `30m` (before now) means; `null`: none. */
function readSince(given: string, now: Instant, timeZone: string): Instant | null {
  const [, number, unit = ''] = /^(\d{1,5})([dhm])$/.exec(given) ?? [];
  if (number !== undefined) return now - Number(number) * (lengths[unit] ?? 0);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(given)) return readInstant(given);
  try {
    return Temporal.PlainDate.from(given).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return null;
  }
}

type Given = Omit<SyncFilter, 'since'> & { readonly since?: string };

/** A filter as the store takes it; `null`: `since` means no moment. */
export function filterOf({ since, ...filter }: Given, now: Instant, timeZone: string): SyncFilter | null {
  if (since === undefined) return filter;
  const from = readSince(since, now, timeZone);
  return from === null ? null : { ...filter, since: from };
}
