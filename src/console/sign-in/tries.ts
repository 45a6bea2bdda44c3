import type { Duration } from '../../runtime/clock.ts';
import { minute } from '../../runtime/clock.ts';

/** Counts tries that were not right, by address and by name; `name` is null where whoever tries is known by something else. Times are monotonic milliseconds. */
export interface Tries {
  /** 0: it may be looked at, and counts as wrong until it is known to be right, so that many at once are no way round. Else how long nothing is even looked at. */
  begin(address: string, name: string | null, now: number): Duration;
  /** It was right: this address may mistype again, and the name is not charged with it. */
  right(address: string, name: string | null): void;
  /** It was right, and is not all that is asked for: the others still count. */
  half(address: string, name: string | null): void;
}

const window: Duration = 15 * minute;
/** One address may not guess on; for one name many addresses together may guess a little more, so that none alone shuts its bearer out. */
const allowed = { address: 10, name: 50 } as const;
/** What is remembered is bounded: the oldest goes first. */
const mostRemembered = 10_000;

export function createTries(): Tries {
  const counts = new Map<string, { n: number; since: number }>();
  const keys = (address: string, name: string | null): readonly (readonly [string, number])[] => [[`address ${networkOf(address)}`, allowed.address], ...(name === null ? [] : [[`name ${name}`, allowed.name] as const])];
  const uncount = (key: string): void => {
    const seen = counts.get(key);
    if (seen !== undefined) counts.set(key, { ...seen, n: seen.n - 1 });
  };
  return {
    begin(address, name, now) {
      const named = keys(address, name);
      const wait = Math.max(0, ...named.map(([key, most]) => {
        const seen = counts.get(key);
        return seen === undefined || seen.n < most ? 0 : seen.since + window - now;
      }));
      if (wait > 0) return wait;
      for (const [key] of named) {
        const seen = counts.get(key);
        counts.delete(key);
        counts.set(key, seen === undefined || now - seen.since >= window ? { n: 1, since: now } : { n: seen.n + 1, since: seen.since });
      }
      for (const key of counts.keys()) {
        if (counts.size <= mostRemembered) break;
        counts.delete(key);
      }
      return 0;
    },
    right(address, name) {
      counts.delete(`address ${networkOf(address)}`);
      if (name !== null) uncount(`name ${name}`);
    },
    half(address, name) {
      for (const [key] of keys(address, name)) uncount(key);
    },
  };
}

/** Whoever has one IPv6 address has the 2^64 of its network: they count as one. */
function networkOf(address: string): string {
  const [groups, rest] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  if (!address.includes(':') || address.includes('.') || groups === undefined) return address;
  const skipped = rest === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array.from({ length: skipped }, () => '0'), ...(rest ?? [])].slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}
