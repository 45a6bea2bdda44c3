import type { Duration } from '../runtime/clock.ts';
import { hour, second } from '../runtime/clock.ts';

const first = 30 * second;
const ceiling = hour;

/**
 * How long to wait after the n-th counted failure: doubling from 30 s to 1 h, spread over the upper half.
 * @param failures counted failures so far, from 1
 * @param chance in [0, 1)
 */
export function backoff(failures: number, chance: number): Duration {
  const full = longest(failures);
  return Math.round(full / 2 + (full / 2) * chance);
}

/** The longest wait after the n-th counted failure. */
export function longest(failures: number): Duration {
  return Math.min(ceiling, first * 2 ** Math.min(Math.max(failures, 1) - 1, 20));
}

/** For the documentation: each failure with its shortest and longest wait, until the ceiling repeats. */
export function backoffTable(): readonly { readonly failure: number; readonly from: Duration; readonly to: Duration }[] {
  return Array.from({ length: 12 }, (_, i) => ({ failure: i + 1, from: backoff(i + 1, 0), to: longest(i + 1) }));
}
