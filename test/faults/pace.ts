import type { Clock } from '../../src/runtime/clock.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { Start } from './installation.ts';

/** A clock that goes `pace` times as fast as the real one, for a marketplace in this process and the daemon beside it. */
export interface Fast {
  readonly clock: Clock;
  /** For the daemon that is to live by the same clock. */
  readonly start: Start & { readonly env: Readonly<Record<string, string>> };
}

/** @param pace so much of a second is what the daemon takes for one: a time-out of 10 s is one of a second at a pace of 10 */
export function fast(pace: number): Fast {
  const since = systemClock.now();
  const clock: Clock = {
    now: () => Math.floor(since + (systemClock.now() - since) * pace),
    monotonic: () => systemClock.monotonic() * pace,
    sleep: (ms, signal) => systemClock.sleep(ms / pace, signal),
    after: (ms, then) => systemClock.after(ms / pace, then),
  };
  return { clock, start: { preload: 'clock.ts', env: { FAULTS_PACE: String(pace), FAULTS_SINCE: String(since) } } };
}
