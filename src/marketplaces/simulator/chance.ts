import type { Random } from '../../runtime/random.ts';

/** `length` decimal digits, the first of them not 0. */
export function digits(random: Random, length: number): string {
  return Array.from({ length }, (_, i) => (i === 0 ? 1 + Math.floor(random.next() * 9) : Math.floor(random.next() * 10))).join('');
}

/** A whole number from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random.next() * (high - low + 1));
}

/** One of the choices. */
export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random.next() * choices.length)] ?? choices[0];
}

/** In the form of a UUID, as marketplaces number their requests. */
export function uuid(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Letters, digits, `-` and `_`, for tokens. */
export function word(random: Random, length: number): string {
  return Buffer.from(random.bytes(length)).toString('base64url').slice(0, length);
}
