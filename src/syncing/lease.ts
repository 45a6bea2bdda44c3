import type { Duration } from '../runtime/clock.ts';
import { minute, second } from '../runtime/clock.ts';
import type { Lane } from './lane.ts';
import type { Tenure } from './ledger.ts';
import type { SharedLedger } from './shared.ts';
import type { Tenancy } from './tenancy.ts';

/** A lane that this worker serves, for as long as it may. */
export interface Lease {
  readonly tenure: Tenure;
  /** The lane is another worker's, or is to become so: nothing more is begun. */
  readonly over: AbortSignal;
  /** How long a lane with nothing to do rests before it looks by itself. */
  readonly rest: Duration;
  /** Nothing needs a look before somebody rings. */
  readonly isQuiet: boolean;
  /** Does it outlast a call that begins now and takes so long? */
  outlasts(ms: Duration): boolean;
  /** Once before the first claim; false where the lane is lost already. */
  begin(): Promise<boolean>;
  /** Nothing of the lane is under way any more. */
  end(): Promise<void>;
}

/** What several workers of one store share: who has which lane, and who rests. */
export interface Together {
  readonly shared: SharedLedger;
  readonly tenancy: Tenancy;
  /** Accounts whose lanes have nothing to do, and wait until they are rung. */
  readonly resting: Set<string>;
}

/** Tries to take a lane by itself, and waits a while where another worker holds it. */
export async function leaseAlone(lane: Lane, stop: AbortSignal, cut: AbortSignal): Promise<Lease | null> {
  const asked = lane.clock.monotonic();
  try {
    const tenure = await lane.ledger.take(lane.profile, lane.worker, await lane.moment());
    if (tenure !== null) return keepAlone(lane, tenure, asked, cut);
  } catch (error) {
    lane.report.failed(lane.profile, 'lease', error);
  }
  await lane.clock.sleep(second, stop);
  return null;
}

/** Renews the lease at a third of its length, and knows by the monotonic clock how long it still holds. */
function keepAlone(lane: Lane, tenure: Tenure, asked: number, cut: AbortSignal): Lease {
  const { clock, ledger, profile } = lane;
  const length = 2 * profile.patience.timeout;
  const lost = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, cut]);
  let until = asked + length;
  void (async () => {
    while (!signal.aborted) {
      await clock.sleep(length / 3, signal);
      if (signal.aborted) return;
      const before = clock.monotonic();
      try {
        // A lease that is written by a clock that has jumped would be moved along when the jump is made good.
        if (!(await ledger.renew(tenure, await lane.moment()))) return lost.abort();
        until = before + length;
      } catch (error) {
        lane.report.failed(profile, 'lease', error);
      }
    }
  })();
  return {
    tenure,
    over: lost.signal,
    rest: minute,
    isQuiet: false,
    outlasts: (ms) => !lost.signal.aborted && until - clock.monotonic() > ms,
    begin: () => Promise.resolve(true),
    async end() {
      ended.abort();
      if (!lost.signal.aborted) await ledger.release(tenure, clock.now()).catch((error: unknown) => lane.report.failed(profile, 'lease', error));
    },
  };
}

/** Waits until the worker is given the lane; its lease is the worker's own. */
export async function leaseTogether(lane: Lane, { shared, tenancy }: Together, stop: AbortSignal): Promise<Lease | null> {
  const hold = await tenancy.hold(lane.profile.account, stop);
  if (hold === null) return null;
  return {
    tenure: hold.tenure,
    over: hold.over,
    rest: Infinity,
    isQuiet: hold.isQuiet,
    outlasts: (ms) => hold.outlasts(ms),
    begin: () => shared.settleIn(hold.tenure, lane.profile),
    end: () => tenancy.giveBack(hold),
  };
}
