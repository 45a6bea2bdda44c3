import type { Clock, Instant } from '../runtime/clock.ts';
import { momentIn } from './moment.ts';
import type { Db } from './rows.ts';

/** A worker's clock that goes by the server's: its own only counts what has passed since the server was last asked. */
export interface ServerClock extends Clock {
  /** Asks the server. The answer is taken for the middle of the way there and back. */
  ask(): Promise<void>;
}

/** @param clock for durations: its wall clock is never looked at once the server has been asked */
export async function followServer(db: Db, clock: Clock): Promise<ServerClock> {
  let ahead: Instant = 0;
  let exact = Infinity;
  let askedAt = -Infinity;
  const following: ServerClock = {
    ...clock,
    now: () => Math.floor(clock.monotonic() + ahead),
    async ask() {
      const before = clock.monotonic();
      const there = await momentIn(db, clock.now());
      const after = clock.monotonic();
      const length = after - before;
      const found = there - (before + after) / 2;
      // A slow answer says less than a quick one; but one of long ago says nothing any more.
      if (length <= exact * 2 || after - askedAt > 60_000 || Math.abs(found - ahead) > length) {
        ahead = found;
        exact = length;
        askedAt = after;
      }
    },
  };
  await following.ask();
  return following;
}
