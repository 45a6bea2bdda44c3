import type { Bell } from '../runtime/bell.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { timeout } from '../runtime/timeout.ts';
import { tell } from './attempt.ts';
import type { Destination } from './destination.ts';
import { leaseAlone, leaseTogether } from './lease.ts';
import type { Lease, Together } from './lease.ts';
import type { Group, LaneProfile, Ledger, Recorded, Result } from './ledger.ts';
import type { Outcome } from './outcome.ts';
import { createRecorder } from './recorder.ts';
import { settle } from './settle.ts';

/** One account's line of syncs, and what serving it needs. */
export interface Lane {
  readonly profile: LaneProfile;
  readonly destination: Destination;
  /** Rung when something may have become due. */
  readonly bell: Bell;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  /** This worker's name, unique among those that share a store. */
  readonly worker: string;
  /** Now, as due times are judged: a jump of the wall clock is made good first. */
  readonly moment: () => Promise<Instant>;
  /** False while nothing may be sent: a clock that is off. */
  readonly maySend: () => boolean;
  readonly askSweep: () => void;
  readonly report: LaneReport;
}

export interface LaneReport {
  /** One wide line per attempt. */
  attempted(profile: LaneProfile, result: Result, at: Instant): void;
  recorded(profile: LaneProfile, recorded: Recorded): void;
  /** Our own fault, or the store's. */
  failed(profile: LaneProfile, what: 'claim' | 'record' | 'attempt' | 'lease', error: unknown): void;
}

/** A lane with work lets timers and sockets have their turn this often: where answers come at once, nothing else would. */
const breath = 50;

/** A call under way at the stop signal has this long to end. */
const gentle = 30 * second;

/** Serves a lane until `stop`: intend, tell, settle. `cut` drops even the calls under way. */
export async function serveLane(lane: Lane, stop: AbortSignal, cut: AbortSignal, together: Together | null = null): Promise<void> {
  while (!stop.aborted) {
    const lease = together === null ? await leaseAlone(lane, stop, cut) : await leaseTogether(lane, together, stop);
    if (lease === null) continue;
    try {
      await serve(lane, lease, together?.resting ?? null, stop, cut);
    } finally {
      await lease.end();
    }
  }
}

/** Intends, tells and settles until the lane is lost or the stop signal comes; then lets what is under way end. */
async function serve(lane: Lane, lease: Lease, resting: Set<string> | null, stop: AbortSignal, cut: AbortSignal): Promise<void> {
  const { ledger, profile, destination, clock, report } = lane;
  const { tenure } = lease;
  const busy = new Set<number>();
  const underWay = new Set<Promise<void>>();
  const over = AbortSignal.any([stop, lease.over]);
  const recorder = createRecorder(clock, cut, async (results) => {
    const recorded = await ledger.record(tenure, profile, results, clock.now());
    for (const result of results) report.attempted(profile, result, clock.now());
    report.recorded(profile, recorded);
    return recorded;
  }, (error) => report.failed(profile, 'record', error));

  let breathed = clock.monotonic();
  if (lease.isQuiet) await rest();
  if (!(await begun())) return;
  while (!over.aborted) {
    if (clock.monotonic() - breathed > breath) {
      await clock.sleep(0, over);
      breathed = clock.monotonic();
    }
    try {
      // Too little is left of the lease to begin a call: it is renewed, or lost, before anything else is claimed.
      if (!lease.outlasts(profile.patience.timeout)) {
        await clock.sleep(100, over);
        continue;
      }
      const room = { orders: destination.width - busy.size, busy, send: lane.maySend() };
      const now = await lane.moment();
      const claimed = await ledger.intend(tenure, profile, room, now);
      if (claimed.lost) break;
      if (claimed.wantsSweep) lane.askSweep();
      for (const group of claimed.groups) start(group);
      if (claimed.more && busy.size < destination.width) continue;
      if (claimed.next === null) await rest();
      else await lane.bell.wait(Math.max(0, claimed.next - now), over);
    } catch (error) {
      report.failed(profile, 'claim', error);
      await clock.sleep(second, over);
    }
  }
  await endGently(underWay);

  /** There is nothing to do until somebody rings. */
  async function rest(): Promise<void> {
    resting?.add(profile.account);
    await lane.bell.wait(lease.rest, over);
    resting?.delete(profile.account);
  }

  /** What a former holder left is settled; false where the lane is lost before anything was begun. */
  async function begun(): Promise<boolean> {
    while (!over.aborted) {
      try {
        return await lease.begin();
      } catch (error) {
        report.failed(profile, 'lease', error);
        await clock.sleep(second, over);
      }
    }
    return false;
  }

  function start(group: Group): void {
    for (const member of group.members) busy.add(member.order);
    const run = attempt(group).finally(() => {
      for (const member of group.members) busy.delete(member.order);
      underWay.delete(run);
      lane.bell.ring();
    });
    underWay.add(run);
  }

  async function attempt(group: Group): Promise<void> {
    const telling = {
      destination,
      clock,
      timeout: profile.patience.timeout,
      outlasts: () => lease.outlasts(profile.patience.timeout),
      more: (call: string) => ledger.debit(profile, call, clock.now()),
      onBug: (error: unknown) => report.failed(profile, 'attempt', error),
    };
    const outcomes = await tell(telling, group, cut);
    const now = await lane.moment().catch(() => clock.now());
    await recorder.record(group.members.map((member, i) => resultOf(group, member, outcomes[i] ?? { kind: 'unknown', cause: 'engine/fault', evidence: null }, now)));
  }

  function resultOf(group: Group, member: Group['members'][number], outcome: Outcome, now: Instant): Result {
    const moment = { now, chance: lane.random.next(), probing: group.probing, sweptUntil: group.sweptUntil };
    return { group, member, outcome, settlement: settle(member.attempted, outcome, profile.patience, moment) };
  }

  async function endGently(rest: ReadonlySet<Promise<void>>): Promise<void> {
    if (rest.size === 0) return;
    const limit = timeout(clock, gentle, cut);
    await Promise.race([Promise.allSettled(rest), new Promise<void>((resolve) => limit.signal.addEventListener('abort', () => resolve(), { once: true }))]);
    limit.done();
    // Cut off: each attempt still hears of it and records `interrupted`.
    if (cut.aborted) await Promise.race([Promise.allSettled(rest), clock.sleep(2 * second)]);
  }
}
