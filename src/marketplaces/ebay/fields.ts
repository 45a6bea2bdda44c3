import type { Instant } from '../../runtime/clock.ts';

/** A text that is not blank, or a number as text: eBay's ids come as texts, and other libraries write them as numbers. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** A whole number from zero. */
export function number(value: unknown): number | null {
  const found = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : null;
}

/** A moment in ISO 8601. */
export function instant(value: unknown): Instant | null {
  if (typeof value !== 'string') return null;
  try {
    return Temporal.Instant.from(value).epochMilliseconds;
  } catch {
    return null;
  }
}
