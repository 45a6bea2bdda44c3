import type { Duration } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';

/** Counts wrong tokens by address. Times are monotonic milliseconds. */
export interface Guesses {
  /** How long this token is not even looked at; 0: it may be. */
  wait(address: string, hash: string, now: number): Duration;
  /** A token was not accepted. True: its address has used up its guesses with this one. */
  wrong(address: string, hash: string, now: number): boolean;
  /** A token was accepted: its bearer is not held up by what others behind the same address guess. */
  right(hash: string): void;
}

const window: Duration = minute;
const allowed = 20;
/** What is remembered is bounded: the oldest goes first. */
const mostAddresses = 5_000;
const mostKnown = 1_000;

export function createGuesses(): Guesses {
  const wrongs = new Map<string, { count: number; since: number }>();
  const known = new Set<string>();
  return {
    wait(address, hash, now) {
      const seen = wrongs.get(address);
      if (seen === undefined || seen.count < allowed || known.has(hash)) return 0;
      return Math.max(0, seen.since + window - now);
    },
    wrong(address, hash, now) {
      known.delete(hash);
      const seen = wrongs.get(address);
      if (seen === undefined || now - seen.since >= window) {
        wrongs.delete(address);
        wrongs.set(address, { count: 1, since: now });
        if (wrongs.size > mostAddresses) wrongs.delete(oldest(wrongs.keys()));
        return false;
      }
      seen.count += 1;
      return seen.count === allowed;
    },
    right(hash) {
      if (known.has(hash)) return;
      known.add(hash);
      if (known.size > mostKnown) known.delete(oldest(known.keys()));
    },
  };
}

/** Maps and sets keep the order in which they were filled. */
function oldest(keys: Iterable<string>): string {
  for (const key of keys) return key;
  return '';
}
