import type { Duration } from '../../runtime/clock.ts';
import { minute } from '../../runtime/clock.ts';

/** Counts wrong tries, by address and by name. Times are monotonic milliseconds. */
export interface Tries {
  /** How long nothing is even looked at; 0: it may be. */
  wait(address: string, name: string, now: number): Duration;
  wrong(address: string, name: string, now: number): void;
  /** Tries of this address are forgiven: whoever mistyped twice is held up no longer. */
  right(address: string): void;
}

const window: Duration = 15 * minute;
/** One address may not guess on; for one name many addresses together may guess a little more, so that none alone shuts its bearer out. */
const allowed = { address: 10, name: 50 } as const;
/** What is remembered is bounded: the oldest goes first. */
const mostRemembered = 10_000;

export function createTries(): Tries {
  const counts = new Map<string, { n: number; since: number }>();
  const keys = (address: string, name: string): readonly (readonly [string, number])[] => [[`address ${address}`, allowed.address], [`name ${name}`, allowed.name]];
  return {
    wait(address, name, now) {
      return Math.max(0, ...keys(address, name).map(([key, most]) => {
        const seen = counts.get(key);
        return seen === undefined || seen.n < most ? 0 : seen.since + window - now;
      }));
    },
    wrong(address, name, now) {
      for (const [key] of keys(address, name)) {
        const seen = counts.get(key);
        counts.delete(key);
        counts.set(key, seen === undefined || now - seen.since >= window ? { n: 1, since: now } : { n: seen.n + 1, since: seen.since });
      }
      for (const key of counts.keys()) {
        if (counts.size <= mostRemembered) break;
        counts.delete(key);
      }
    },
    right: (address) => void counts.delete(`address ${address}`),
  };
}
