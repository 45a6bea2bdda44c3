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
  const hurried = new Set<string>();
  const askSweep = (lane: Lane) => () => {
    hurried.add(lane.profile.scope.sweep);
    lane.askSweep();
  };
  await Promise.all([
    watch(daemon, stop),
    ...daemon.sweepings.map((sweeping) => keepSweeping(daemon, sweeping, hurried, stop)),
    ...daemon.lanes.map((lane) => serveLane({ ...lane, askSweep: askSweep(lane) }, stop, cut)), // one loop per lane: none holds up another
  ]);
}

/** Notices what other processes wrote, and whose wait has reached its last moment. */
async function watch(daemon: Daemon, stop: AbortSignal): Promise<void> {
  const { ledger, clock, lanes } = daemon;
  let seen = ledger.version();
  let ripenAt = 0;
  await repeat(clock, daemon.pace, stop, (error) => daemon.onError('watch', error), async () => {
    // At every beat: what is written between a jump of the clock and its being made good would be moved along.
    const now = await daemon.guard.moment();
    const version = ledger.version();
    if (version !== seen) {
      seen = version;
      for (const lane of lanes) lane.bell.ring();
      for (const sweeping of daemon.sweepings) sweeping.bell.ring();
    }
    if (clock.monotonic() < ripenAt) return;
    ripenAt = clock.monotonic() + 5 * second;
    for (const lane of lanes) if ((await ledger.ripen(lane.profile, now)) > 0) lane.bell.ring();
  });
}

/**
 * Sweeps a scope at its pace, and once more in between where a lane waits for it. Orders are fetched as soon as they are named.
 * @param hurried scopes that a lane waits for
 */
async function keepSweeping(daemon: Daemon, sweeping: Sweeping & { readonly bell: Bell }, hurried: Set<string>, stop: AbortSignal): Promise<void> {
  const { clock } = daemon;
  const pause = sweeping.profiles[0].patience.sweep;
  let progress: SweepProgress | null = null;
  let next = clock.monotonic();
  let hurriedUntil = -Infinity;
  while (!stop.aborted) {
    try {
      if (daemon.mayImport()) {
        await fetchMissing(sweeping, stop);
        const hurry = hurried.has(sweeping.scope) && clock.monotonic() >= hurriedUntil;
        if (hurry) hurriedUntil = clock.monotonic() + pause;
        if (hurry || clock.monotonic() >= next) {
          next = clock.monotonic() + pause;
          const round = await sweepOnce(sweeping, progress, stop);
          progress = round.progress;
          if (round.end === 'refused') hurriedUntil = Math.max(hurriedUntil, clock.monotonic() + pause / 3);
          // A lane for which this one began too early asks again.
          if (round.end === 'whole') hurried.delete(sweeping.scope);
          if (round.end === 'whole') for (const lane of daemon.lanes) if (lane.profile.scope.sweep === sweeping.scope) lane.bell.ring();
        }
      }
    } catch (error) {
      daemon.onError('sweep', error);
    }
    await sweeping.bell.wait(Math.min(Math.max(next - clock.monotonic(), second), minute), stop);
  }
}
