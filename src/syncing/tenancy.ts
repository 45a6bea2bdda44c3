import { createBell } from '../runtime/bell.ts';
import type { Bell } from '../runtime/bell.ts';
import type { Clock, Duration } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { LaneProfile, Tenure } from './ledger.ts';
import type { HeldTenure, SharedLedger } from './shared.ts';

/** A worker's hold on one lane. */
export interface Hold {
  readonly tenure: Tenure;
  /** Nothing of the lane is open: there is nothing to look at before somebody rings. */
  readonly isQuiet: boolean;
  /** Another worker has it. */
  readonly lost: AbortSignal;
  /** Lost, or wanted back so that another worker has its share: nothing more is begun. */
  readonly over: AbortSignal;
  /** Does the lease outlast a call that begins now and takes so long? */
  outlasts(ms: Duration): boolean;
}

/** How one worker comes by its lanes, and keeps them: one lease for all. */
export interface Tenancy {
  /** Rung when lanes may have become free, or a worker has come. */
  readonly bell: Bell;
  /** The hold on a lane, as soon as this worker has one; null at the stop. */
  hold(account: string, stop: AbortSignal): Promise<Hold | null>;
  /** The hold that it has at present. */
  held(account: string): Hold | null;
  /** Nothing of the lane is under way any more: another worker may have it. */
  giveBack(hold: Hold): Promise<void>;
  /** What belongs to no lane is this worker's to do. */
  isEldest(): boolean;
  /** Its lease holds. */
  isHere(): boolean;
  /** Keeps the lease until everything has been given back after `stop`, or until `cut`. */
  keep(stop: AbortSignal, cut: AbortSignal): Promise<void>;
}

export interface TenancyParts {
  readonly shared: SharedLedger;
  readonly clock: Clock;
  /** Unique among those that share the store. */
  readonly worker: string;
  /** The lanes that this worker can serve. */
  readonly profiles: readonly LaneProfile[];
  /** A lane has become this worker's. */
  readonly onHeld: (account: string) => void;
  readonly onError: (error: unknown) => void;
}

interface Held extends Hold {
  /** Somebody serves it, and will give it back. */
  served: boolean;
  lose(): void;
  wantBack(): void;
}

export function createTenancy({ shared, clock, worker, profiles, onHeld, onError }: TenancyParts): Tenancy {
  // Twice the time-out: a call that began under it has ended before a successor begins.
  const lease = 2 * Math.max(second, ...profiles.map((profile) => profile.patience.timeout));
  const scopes = new Map(profiles.map((profile) => [profile.account, profile.scope.sweep]));
  const bell = createBell(clock);
  const holds = new Map<string, Held>();
  const waiting = new Map<string, (hold: Held) => void>();
  /** Given back while an answer that may still count them as ours was on its way. */
  const returned = new Set<string>();
  let until = -Infinity;
  let eldest = false;
  let releasing: Tenure[] = [];
  let next: Promise<void> | null = null;
  let current: Promise<void> = Promise.resolve();

  return { bell, hold, held: (account) => holds.get(account) ?? null, giveBack, isEldest: () => eldest && until > clock.monotonic(), isHere: () => until > clock.monotonic(), keep };

  function hold(account: string, stop: AbortSignal): Promise<Hold | null> {
    const now = holds.get(account);
    if (stop.aborted) return Promise.resolve(null);
    if (now !== undefined) {
      now.served = true;
      return Promise.resolve(now);
    }
    return new Promise((resolve) => {
      const end = (given: Held | null): void => {
        waiting.delete(account);
        if (given !== null) given.served = true;
        stop.removeEventListener('abort', onStop);
        resolve(given);
      };
      const onStop = (): void => end(null);
      stop.addEventListener('abort', onStop, { once: true });
      waiting.set(account, end);
    });
  }

  async function keep(stop: AbortSignal, cut: AbortSignal): Promise<void> {
    let known = false;
    let renewAt = -Infinity;
    while (!cut.aborted && (!stop.aborted || holds.size > 0)) {
      const asked = clock.monotonic();
      const renew = asked >= renewAt || stop.aborted;
      let pause: Duration = second;
      try {
        returned.clear();
        const { tenures, surplus, isEldest } = await shared.attend({ worker, profiles, lease, known, renew, stays: !stop.aborted });
        if (renew) {
          until = asked + lease;
          renewAt = asked + lease / 3;
        }
        known = true;
        eldest = isEldest;
        heed(tenures, surplus);
        // What came at the last moment is nobody's here.
        if (stop.aborted) for (const held of holds.values()) if (!held.served) await giveBack(held);
        // Looked for twice as often as it is renewed: a death is noticed within a sixth of the lease.
        pause = Math.min(lease / 6, renewAt - clock.monotonic());
      } catch (error) {
        onError(error);
      }
      await bell.wait(Math.max(0, pause), stop.aborted ? cut : stop);
    }
    await current.catch(() => undefined);
    if (known) await shared.leave(worker).catch(onError);
  }

  function heed(tenures: readonly HeldTenure[], surplus: number): void {
    const ours = new Map(tenures.map((tenure) => [tenure.account, tenure]));
    for (const held of holds.values()) if (ours.get(held.tenure.account)?.number !== held.tenure.number) held.lose();
    for (const { isQuiet, ...tenure } of tenures) {
      if (holds.has(tenure.account) || returned.has(tenure.account)) continue;
      const held = holdOf(tenure, isQuiet);
      holds.set(tenure.account, held);
      waiting.get(tenure.account)?.(held);
      onHeld(tenure.account);
    }
    if (surplus > 0) giveUp(surplus);
  }

  function holdOf(tenure: Tenure, isQuiet: boolean): Held {
    const lost = new AbortController();
    const back = new AbortController();
    return {
      served: false,
      tenure,
      isQuiet,
      lost: lost.signal,
      over: AbortSignal.any([lost.signal, back.signal]),
      outlasts: (ms) => !lost.signal.aborted && until - clock.monotonic() > ms,
      lose() {
        holds.delete(tenure.account);
        lost.abort();
      },
      wantBack: () => back.abort(),
    };
  }

  /** Whole scopes, so that the accounts of one seller stay together. */
  function giveUp(surplus: number): void {
    const staying = [...holds.values()].filter((held) => !held.over.aborted);
    let left = surplus - (holds.size - staying.length);
    for (const group of Map.groupBy(staying, (held) => scopes.get(held.tenure.account)).values()) {
      if (group.length > left) continue;
      left -= group.length;
      for (const held of group) held.wantBack();
    }
  }

  async function giveBack({ tenure, lost }: Hold): Promise<void> {
    if (lost.aborted) return;
    if (holds.get(tenure.account)?.tenure.number === tenure.number) holds.delete(tenure.account);
    returned.add(tenure.account);
    releasing.push(tenure);
    next ??= release();
    await next.catch(onError);
    if (holds.size === 0) bell.ring();
  }

  /** What ends in the same moment is given back in one statement: a worker that stops has thousands. */
  async function release(): Promise<void> {
    await current.catch(() => undefined);
    const batch = releasing;
    releasing = [];
    next = null;
    current = shared.giveBack(batch);
    await current;
  }
}
