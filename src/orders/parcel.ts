import type { Instant } from './order.ts';

/** Units of one order line inside a parcel. */
export interface ParcelLine {
  readonly lineId: string;
  readonly quantity: number;
}

/** What was handed to a carrier, or is about to be. */
export interface Parcel {
  readonly id: number;
  /** A positive number in digits, unique within its order and never changed: Amazon's `packageReferenceId`. */
  readonly reference: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  /** The merchant declared that there will be no tracking number. */
  readonly untracked: boolean;
  readonly shippedAt: Instant;
  /** The marketplace's id of the place it ships from. */
  readonly shipFrom: string | null;
  /** Null while the order's lines are not known yet: all that is left of it. */
  readonly lines: readonly ParcelLine[] | null;
  /** `marketplace`: found there, told by somebody else. */
  readonly origin: 'ours' | 'marketplace';
}

/**
 * A tracking number as it is compared: letters and digits only, upper case.
 * Two sources that tell of `8R 1234-5678` and `8r12345678` tell of the same parcel.
 */
export function normalTracking(trackingNumber: string): string {
  return trackingNumber.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
}

/** A long number as a spreadsheet spoils it: `8,12E+12`, `8E+12`. Its digits are lost. */
export function isSpoilt(trackingNumber: string): boolean {
  return /^\d(?:[.,]\d+E\+?|E\+)\d+$/i.test(trackingNumber);
}

/** No tracking number at all: spoilt, nothing but signs, or with signs that none has. Letters, digits and what groups them are taken. */
export function isMalformed(trackingNumber: string): boolean {
  return isSpoilt(trackingNumber) || normalTracking(trackingNumber) === '' || !/^[\p{L}\p{N} ()./_-]+$/u.test(trackingNumber);
}

/** Lines with the same units, whatever their order. A line named twice counts as the sum. */
export function sameLines(a: readonly ParcelLine[], b: readonly ParcelLine[]): boolean {
  const left = units(a);
  const right = units(b);
  return left.size === right.size && [...left].every(([line, quantity]) => right.get(line) === quantity);
}

/** Units per line. */
export function units(lines: readonly ParcelLine[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { lineId, quantity } of lines) sum.set(lineId, (sum.get(lineId) ?? 0) + quantity);
  return sum;
}

/**
 * A new parcel's reference: the Unix second, raised until unused in that order, so that it never meets
 * one made in Seller Central (which counts from 1) or one given before a backup was restored.
 */
export function newReference(now: Instant, used: ReadonlySet<string>): string {
  let number = Math.floor(now / 1000);
  while (used.has(String(number))) number += 1;
  return String(number);
}

/** When a parcel of ours was told of: its reference is that second (see {@link newReference}). */
export function toldAt(parcel: Pick<Parcel, 'reference'>): Instant {
  return Number(parcel.reference) * 1000;
}
