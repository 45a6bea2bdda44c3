import type { Clock } from '../../src/runtime/clock.ts';
import type { Destination } from '../../src/syncing/destination.ts';
import type { Ledger } from '../../src/syncing/ledger.ts';
import type { SharedLedger } from '../../src/syncing/shared.ts';

/** Moments at which a worker can die. */
export const deaths = ['before-intend', 'after-intend', 'before-effect', 'after-effect', 'before-record', 'after-record'] as const;
export type Death = (typeof deaths)[number];

/** A worker that can die: from that moment on nothing that it awaits ever comes back, and nothing it asks for is done. */
export interface Mortal {
  readonly ledger: Ledger;
  /** What it shares with other workers of one server; null where it is alone. */
  readonly shared: SharedLedger | null;
  readonly destination: Destination;
  readonly clock: Clock;
  dead(): boolean;
  kill(): void;
}

/** @param at where it dies the first time it comes there with something to do; null: only when killed */
export function mortal(ledger: Ledger, shared: SharedLedger | null, destination: Destination, clock: Clock, at: Death | null): Mortal {
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const lives = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    return dead ? never : result;
  };
  const die = async (): Promise<never> => {
    dead = true;
    return never;
  };
  const methods = new Proxy(ledger, {
    get(target, name: keyof Ledger) {
      const method = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]): unknown => {
        if (name === 'version') return target.version();
        return dead ? never : lives(method.apply(target, args) as Promise<unknown>);
      };
    },
  });
  return {
    ledger: {
      ...Object.fromEntries((Object.keys(ledger) as (keyof Ledger)[]).map((name) => [name, methods[name]])),
      intend: async (tenure, profile, room, now) => {
        if (dead || at === 'before-intend') return die();
        const claimed = await methods.intend(tenure, profile, room, now);
        return at === 'after-intend' && claimed.groups.length > 0 ? die() : claimed;
      },
      record: async (tenure, profile, results, now) => {
        if (dead || at === 'before-record') return die();
        const recorded = await methods.record(tenure, profile, results, now);
        return at === 'after-record' ? die() : recorded;
      },
    } as Ledger,
    shared: shared === null ? null : {
      attend: (asking) => (dead ? never : lives(shared.attend(asking))),
      settleIn: (tenure, profile) => (dead ? never : lives(shared.settleIn(tenure, profile))),
      giveBack: (tenures) => (dead ? never : lives(shared.giveBack(tenures))),
      leave: (worker) => (dead ? never : lives(shared.leave(worker))),
      // Tests ring by themselves: what is heard comes when it comes.
      listen: (_, stop) => new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true })),
      stirring: () => (dead ? never : lives(shared.stirring())),
    },
    destination: {
      ...destination,
      send: async (intents, permit) => {
        if (dead || at === 'before-effect') return die();
        const outcomes = await lives(destination.send(intents, permit));
        return at === 'after-effect' ? die() : outcomes;
      },
      check: async (intents, permit) => (dead ? never : lives(destination.check(intents, permit))),
    },
    // What it slept for never comes: a dead worker does nothing more.
    clock: { ...clock, sleep: async (ms, signal) => lives(clock.sleep(ms, signal)) },
    dead: () => dead,
    kill: () => void (dead = true),
  };
}
