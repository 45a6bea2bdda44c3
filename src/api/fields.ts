import { z } from 'zod';
import type { Fault } from '../orders/fault.ts';
import type { Instant } from '../runtime/clock.ts';
import type { ShapeFault } from './words.ts';

/** A fault that a field finds itself; its field is known by whoever reads the issue. */
export type OwnFault = Omit<Fault, 'field'> | Omit<ShapeFault, 'field'>;

/** Tells a reader of issues which fault a field has found; see shape-faults.ts. */
export function issueOf(fault: OwnFault): { readonly code: 'custom'; readonly params: { readonly fault: OwnFault } } {
  return { code: 'custom', params: { fault } };
}

const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A name or a number that something goes by: without blanks at its ends, without control characters or such as turn the writing round, never empty. */
export function name(longest: number) {
  return ofOneLine(z.string().trim().min(1).max(longest));
}

/** A text. How long it may be is said where it belongs to; this bound is for what no reader would take. */
export function text(longest: number) {
  // PostgreSQL stores no NUL, and half a surrogate pair would be stored as another character than was given.
  return z.string().max(longest).superRefine((value, issues) => {
    if (!value.isWellFormed() || value.includes('\0')) issues.addIssue({ ...issueOf({ code: 'text-characters' }) });
  });
}

/** A text of one line, empty where there is none. */
export function line(longest: number) {
  return ofOneLine(z.string().trim().max(longest));
}

function ofOneLine(shape: z.ZodString) {
  return shape.superRefine((value, issues) => {
    if (!value.isWellFormed() || unprintable.test(value)) issues.addIssue({ ...issueOf({ code: 'text-characters' }) });
  });
}

/** Units. Whether there are that many is for the order to say: it knows what is left. */
export function quantity() {
  return z.number().meta({ type: 'integer', minimum: 1, description: 'Whole units' });
}

/** An amount in the order's currency, as a decimal text: a number would lose cents. */
export function money() {
  return z
    .string()
    .superRefine((value, issues) => {
      if (!/^\d{1,12}(\.\d{1,4})?$/.test(value)) issues.addIssue({ ...issueOf({ code: 'malformed', found: value, expected: '49.90' }) });
    })
    .meta({ description: 'A decimal text, such as "49.90"', pattern: String.raw`^\d{1,12}(\.\d{1,4})?$` });
}

const earliest = Date.UTC(1990, 0, 1);
const latest = Date.UTC(2200, 0, 1);

/** A moment with its offset from UTC, in ISO 8601. Moments that no order has are refused here, before anybody calculates with them. */
export function instant() {
  return z
    .string()
    .max(64)
    .transform((given, issues): Instant => {
      const at = momentOf(given);
      if (at !== null && at >= earliest && at < latest) return at;
      const fault = at === null ? ({ code: 'date-malformed', found: given } as const) : at < earliest ? ({ code: 'date-too-early', found: given, expected: day(earliest) } as const) : ({ code: 'date-too-late', found: given, expected: day(latest) } as const);
      issues.addIssue({ ...issueOf(fault) });
      return z.NEVER;
    })
    .meta({ format: 'date-time', examples: ['2026-11-23T09:12:00Z'] });
}

/** Null where the text is no moment, or one outside all reason. */
export function readInstant(given: string): Instant | null {
  const at = momentOf(given);
  return at !== null && at >= earliest && at < latest ? at : null;
}

function momentOf(given: string): Instant | null {
  try {
    return Temporal.Instant.from(given).epochMilliseconds;
  } catch {
    return null;
  }
}

function day(at: Instant): string {
  return iso(at).slice(0, 10);
}

/** A moment as every answer writes it: ISO 8601 in UTC, with its Z. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** A whole number in an answer. */
export const whole = z.number().meta({ type: 'integer' });

/** A moment in an answer. */
export const moment = z.string().meta({ format: 'date-time', description: 'ISO 8601, in UTC' });

/** Identifiers in addresses are numbers; anything else names nothing. */
export function idOf(given: string): number | null {
  return /^[1-9]\d{0,14}$/.test(given) ? Number(given) : null;
}

/** The members that have a value. */
export function withValues<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}
