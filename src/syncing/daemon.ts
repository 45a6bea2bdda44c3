import type { Bell } from '../runtime/bell.ts';
import type { Clock, Duration } from '../runtime/clock.ts';
import { minute, second } from '../runtime/clock.ts';
import { repeat } from '../runtime/repeat.ts';
import type { ClockGuard } from './clock-guard.ts';
import { serveLane } from './lane.ts';
import type { Lane } from './lane.ts';
import type { Together } from './lease.ts';
import type { Ledger } from './ledger.ts';
import type { News } from './shared.ts';
import { fetchMissing, sweepOnce } from './sweep.ts';
import type { SweepProgress, Sweeping } from './sweep.ts';
import type { Hold, Tenancy } from './tenancy.ts';

/** Everything the engine works with; app.ts puts it together. */
export interface Daemon {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly guard: ClockGuard;
  readonly lanes: readonly Lane[];
  readonly sweepings: readonly (Sweeping & { readonly bell: Bell })[];
  /** Between two looks for changes that another process made. */
  readonly pace: Duration;
  /** What it shares with other workers of the same store; absent where it has the store to itself. */
  readonly together?: Pick<Together, 'shared' | 'tenancy'>;
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
  const scopes = Map.groupBy(daemon.lanes, (lane) => lane.profile.scope.sweep);
  const together = daemon.together === undefined ? null : { ...daemon.together, resting: new Set<string>() };
  await Promise.all([
    ...(together === null ? [watch(daemon, stop)] : [watchTogether(daemon, together, stop), together.tenancy.keep(stop, cut)]),
    ...daemon.sweepings.map((sweeping) => keepSweeping(daemon, sweeping, scopes.get(sweeping.scope) ?? [], hurried, together?.tenancy ?? null, stop)),
    ...daemon.lanes.map((lane) => serveLane({ ...lane, askSweep: askSweep(lane) }, stop, cut, together)), // one loop per lane: none holds up another
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
 * @param lanes those of the scope
 * @param hurried scopes that a lane waits for
 */
async function keepSweeping(daemon: Daemon, given: Sweeping & { readonly bell: Bell }, lanes: readonly Lane[], hurried: Set<string>, tenancy: Tenancy | null, stop: AbortSignal): Promise<void> {
  const { clock } = daemon;
  const pause = given.profiles[0].patience.sweep;
  let progress: SweepProgress | null = null;
  let next = clock.monotonic();
  let hurriedUntil = -Infinity;
  let former: Hold | null = null;
  while (!stop.aborted) {
    // Whoever has the scope's first lane sweeps it: no scope is swept by two.
    const hold: Hold | null = tenancy?.held(given.profiles[0].account) ?? null;
    const sweeping = hold === null ? given : { ...given, by: hold.tenure };
    if (tenancy !== null && hold === null) {
      progress = null;
      await sweeping.bell.wait(Infinity, stop);
      continue;
    }
    const over = hold === null ? stop : AbortSignal.any([stop, hold.over]);
    try {
      if (hold !== former) next = await afterFormer(sweeping, hold, pause);
      former = hold;
      if (daemon.mayImport()) {
        await fetchMissing(sweeping, over);
        const hurry = hurried.has(sweeping.scope) && clock.monotonic() >= hurriedUntil;
        if (hurry) hurriedUntil = clock.monotonic() + pause;
        if (hurry || clock.monotonic() >= next) {
          next = clock.monotonic() + pause;
          const round = await sweepOnce(sweeping, progress, over);
          progress = round.progress;
          if (round.end === 'refused') hurriedUntil = Math.max(hurriedUntil, clock.monotonic() + pause / 3);
          // A lane for which this one began too early asks again.
          if (round.end === 'whole') hurried.delete(sweeping.scope);
          if (round.end === 'whole') for (const lane of lanes) lane.bell.ring();
        }
      }
    } catch (error) {
      daemon.onError('sweep', error);
    }
    const wait = Math.max(next - clock.monotonic(), second);
    // Where everybody tells of what they write, orders to be fetched are heard of.
    await sweeping.bell.wait(tenancy === null ? Math.min(wait, minute) : wait, over);
  }
}

/** When a scope that another worker may have swept just now is due. */
async function afterFormer({ ledger, scope, clock }: Sweeping, hold: Hold | null, pause: Duration): Promise<number> {
  const { startedAt } = hold === null ? { startedAt: null } : await ledger.sweep(scope);
  return clock.monotonic() + (startedAt === null ? 0 : Math.min(pause, Math.max(0, startedAt + pause - clock.now())));
}

/** So often, at the most, is looked for what was told and never heard: the safety net under the news. */
const net = 2 * second;

/** Hears what others write, and looks whose time has come: two statements a beat, however many lanes there are. */
async function watchTogether(daemon: Daemon, { shared, tenancy, resting }: Together, stop: AbortSignal): Promise<void> {
  const lanes = new Map(daemon.lanes.map((lane) => [lane.profile.account, lane]));
  const sweeps = new Map(daemon.sweepings.flatMap((sweeping) => sweeping.profiles.map((profile) => [profile.account, sweeping.bell] as const)));
  const mine = (accounts: readonly string[]): readonly string[] => accounts.filter((account) => tenancy.held(account) !== null);
  const ring = (accounts: readonly string[]): void => accounts.forEach((account) => lanes.get(account)?.bell.ring());
  let readBackAt = -Infinity;
  const look = async (): Promise<void> => {
    const now = await daemon.guard.moment();
    const { ready, due, readBack, ripe, missing } = await shared.stirring();
    for (const account of mine(ripe)) {
      const lane = lanes.get(account);
      if (lane !== undefined && (await daemon.ledger.ripen(lane.profile, now)) > 0) lane.bell.ring();
    }
    ring(mine(due));
    ring(mine(ready).filter((account) => resting.has(account)));
    // An overdue read-back waits for a fuller bucket, which may take hours.
    if (daemon.clock.monotonic() >= readBackAt) {
      ring(mine(readBack).filter((account) => resting.has(account)));
      readBackAt = daemon.clock.monotonic() + minute;
    }
    // Whoever has the scope fetches it; the others go on waiting.
    for (const account of missing) sweeps.get(account)?.ring();
  };
  const hear = (news: News): void => {
    if (news.of !== 'accounts') return tenancy.bell.ring();
    ring(mine(news.accounts));
    for (const account of news.accounts) sweeps.get(account)?.ring();
  };
  await Promise.all([shared.listen(hear, stop), repeat(daemon.clock, Math.max(net, daemon.pace), stop, (error) => daemon.onError('watch', error), look)]);
}
