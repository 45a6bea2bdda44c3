import { second } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';

/** Calls per second, and calls at once, as Amazon publishes them. */
export interface Published {
  readonly rate: number;
  readonly burst: number;
}

/**
 * A token bucket as the marketplace keeps it: full at first, refilled evenly.
 * Written here anew and not taken from the engine, so that one mistake cannot hide the other.
 */
export class TokenBucket {
  /** Calls per second that it grants in the long run. */
  readonly rate: number;
  readonly #burst: number;
  #tokens: number;
  #at: Instant | null = null;

  /** @param pace 1 refills as published; 100 a hundred times as fast. The burst stays as published. */
  constructor(published: Published, pace: number) {
    this.rate = published.rate * pace;
    this.#burst = published.burst;
    this.#tokens = published.burst;
  }

  /** Takes one call; false where none is left, and then nothing is taken. */
  take(now: Instant): boolean {
    const elapsed = Math.max(0, now - (this.#at ?? now));
    this.#at = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed / second) * this.rate);
    // A sum of fractions falls short of a whole call by a hair.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** So many calls a day, afresh at midnight in the Pacific zone (eBay: per application). */
export class DayBudget {
  readonly #calls: number;
  #day = '';
  #taken = 0;

  constructor(calls: number) {
    this.#calls = calls;
  }

  /** Takes one call; false where the day's calls are used up. */
  take(now: Instant): boolean {
    const day = Temporal.Instant.fromEpochMilliseconds(Math.trunc(now)).toZonedDateTimeISO('America/Los_Angeles').toPlainDate().toString();
    if (day !== this.#day) {
      this.#day = day;
      this.#taken = 0;
    }
    if (this.#taken >= this.#calls) return false;
    this.#taken += 1;
    return true;
  }
}
