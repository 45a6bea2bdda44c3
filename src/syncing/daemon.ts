import type { Bell } from '../runtime/bell.ts';
import type { Clock, Duration } from '../runtime/clock.ts';
import { minute, second } from '../runtime/clock.ts';
import { repeat } from '../runtime/repeat.ts';
import type { ClockGuard } from './clock-guard.ts';
import { serveLane } from './lane.ts';
import type { Lane } from './lane.ts';
import type { Ledger } from './ledger.ts';
import { fetchMissing, sweepOnce } from './sweep.ts';
import type { SweepProgress, Sweeping } from './sweep.ts';

/** Everything the engine works with; app.ts puts it together. */
export interface Daemon {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly guard: ClockGuard;
  readonly lanes: readonly Lane[];
  readonly sweepings: readonly (Sweeping & { readonly bell: Bell })[];
  /** Between two looks for changes that another process made. */
  readonly pace: Duration;
  /** Disk nearly full: imports stop, confirmations go on. */
  readonly mayImport: () => boolean;
  readonly onError: (what: 'watch' | 'sweep', error: unknown) => void;
}

/** The whole daemon. `stop` ends it gently: calls under way are finished. `cut` drops even those. */
export async function run(daemon: Daemon, stop: AbortSignal, cut: AbortSignal): Promise<void> {
  await Promise.all([
    watch(daemon, stop),
    ...daemon.sweepings.map((sweeping) => keepSweeping(daemon, sweeping, stop)),
    ...daemon.lanes.map((lane) => serveLane(lane, stop, cut)), // one loop per lane: none holds up another
  ]);
}

/** Notices what other processes wrote, and whose wait has reached its last moment. */
async function watch(daemon: Daemon, stop: AbortSignal): Promise<void> {
  const { ledger, clock, lanes } = daemon;
  let seen = ledger.version();
  let ripenAt = 0;
  await repeat(clock, daemon.pace, stop, (error) => daemon.onError('watch', error), async () => {
    const version = ledger.version();
    if (version !== seen) {
      seen = version;
      for (const lane of lanes) lane.bell.ring();
      for (const sweeping of daemon.sweepings) sweeping.bell.ring();
    }
    if (clock.monotonic() < ripenAt) return;
    ripenAt = clock.monotonic() + 5 * second;
    const now = await daemon.guard.moment();
    for (const lane of lanes) if ((await ledger.ripen(lane.profile, now)) > 0) lane.bell.ring();
  });
}

/** Sweeps a scope at its pace; sooner where a lane waits for it, or an order is to be fetched. */
async function keepSweeping(daemon: Daemon, sweeping: Sweeping & { readonly bell: Bell }, stop: AbortSignal): Promise<void> {
  const { clock } = daemon;
  const pause = sweeping.profiles[0].patience.sweep;
  let progress: SweepProgress | null = null;
  let next = clock.monotonic();
  while (!stop.aborted) {
    try {
      if (daemon.mayImport()) {
        await fetchMissing(sweeping, stop);
        if (clock.monotonic() >= next) {
          next = clock.monotonic() + pause;
          const round = await sweepOnce(sweeping, progress, stop);
          progress = round.progress;
          if (round.end === 'whole') for (const lane of daemon.lanes) if (lane.profile.scope.sweep === sweeping.scope) lane.bell.ring();
        }
      }
    } catch (error) {
      daemon.onError('sweep', error);
    }
    await sweeping.bell.wait(Math.min(Math.max(next - clock.monotonic(), second), minute), stop);
  }
}
