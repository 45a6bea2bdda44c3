import { createBell } from '../runtime/bell.ts';
import type { Bell } from '../runtime/bell.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Context } from '../store/context.ts';
import { createLedger } from '../store/ledger.ts';
import { createShared } from '../store/shared.ts';
import { createClockGuard } from '../syncing/clock-guard.ts';
import type { ClockGuard } from '../syncing/clock-guard.ts';
import type { Daemon } from '../syncing/daemon.ts';
import type { Lane, LaneReport } from '../syncing/lane.ts';
import type { Ledger } from '../syncing/ledger.ts';
import { createTenancy } from '../syncing/tenancy.ts';
import type { Scope } from './connections.ts';
import type { Metrics } from './metrics.ts';

export interface EngineParts {
  readonly context: Context;
  readonly scopes: readonly Scope[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'attempted'>;
  /** Unique among those that share the store. */
  readonly worker: string;
  readonly mayImport: () => boolean;
}

export interface Engine {
  readonly daemon: Daemon;
  readonly guard: ClockGuard;
  /** Something of these accounts may have become due, or is to be fetched. */
  notify(accounts: readonly string[]): void;
  /** Of those who share the store this one does what belongs to no lane. */
  isEldest(): boolean;
  /** It may serve lanes: its lease holds, where there are leases. */
  isHere(): boolean;
  /** The last time the store refused to be written to, if it has not been written to since. */
  storeFailing(): boolean;
}

/** How soon a change that another process made is noticed (ms): half of what is promised. */
const pace = 50;

/** Puts the engine together: a lane for each account, a sweep for each scope. */
export function assembleEngine(parts: EngineParts): Engine {
  const { context, scopes, clock, random, log, metrics } = parts;
  const ledger = createLedger(context);
  const shared = createShared(context);
  const guard = createClockGuard(clock, async (owed) => {
    let jump = 0;
    const made = await ledger.shift((before, now) => (jump = owed(before, now)));
    if (jump !== 0) log.warn('the wall clock was put forward or back: due times are moved with it', { seconds: Math.round(jump / 1000) });
    return made;
  });
  const heeding = heedDates(ledger, guard);
  let failing = false;
  const report = reportTo(log, metrics, guard, clock, (is) => (failing = is));
  const bells = new Map<string, Bell>();
  const sweepBells = new Map<string, Bell>();
  const leading = new Map(scopes.map(({ name, accounts }) => [accounts[0].profile.account, name]));
  const lanes = scopes.flatMap(({ name, accounts }) => {
    const sweepBell = createBell(clock);
    sweepBells.set(name, sweepBell);
    return accounts.map(({ profile, destination }): Lane => {
      const bell = createBell(clock);
      bells.set(profile.account, bell);
      const lane = { profile, destination, bell, ledger: heeding, clock, random, worker: parts.worker, report };
      return { ...lane, moment: () => guard.moment(), maySend: () => guard.trusted(), askSweep: () => sweepBell.ring() };
    });
  });
  const sweepings = scopes.map(({ name, accounts, connection }) => {
    const [first, ...others] = accounts;
    return {
      scope: name,
      reader: connection.orders,
      profiles: [first.profile, ...others.map((one) => one.profile)] as const,
      ledger: heeding,
      clock,
      bell: sweepBells.get(name) ?? createBell(clock),
      onTakenOver: (scope: string, taken: { fresh: number; changed: number; confirmed: number }) => {
        if (taken.fresh + taken.changed + taken.confirmed === 0) return;
        log.info('orders were read', { scope, ...taken });
        for (const { profile } of accounts) bells.get(profile.account)?.ring();
      },
    };
  });
  const tenancy = shared === null ? null : createTenancy({ shared, clock, worker: parts.worker, profiles: lanes.map((lane) => lane.profile), onHeld, onError: (error) => log.error('the lease failed', { error }) });
  const daemon: Daemon = {
    ...(shared === null || tenancy === null ? {} : { together: { shared, tenancy } }),
    ledger: heeding,
    clock,
    guard,
    lanes,
    sweepings,
    pace,
    mayImport: parts.mayImport,
    onError: (what, error) => log.error(what === 'sweep' ? 'a sweep failed' : 'the watch failed', { error }),
  };
  return {
    daemon,
    guard,
    storeFailing: () => failing,
    isEldest: () => tenancy === null || tenancy.isEldest(),
    isHere: () => tenancy === null || tenancy.isHere(),
    notify: (accounts) => {
      for (const account of accounts) {
        bells.get(account)?.ring();
        const scope = scopes.find((one) => one.accounts.some(({ profile }) => profile.account === account));
        if (scope !== undefined) sweepBells.get(scope.name)?.ring();
      }
    },
  };

  /** Whoever has a scope's first lane sweeps it. */
  function onHeld(account: string): void {
    const scope = leading.get(account);
    if (scope !== undefined) sweepBells.get(scope)?.ring();
  }
}

/** The marketplaces' own clock is heeded wherever one of their answers is heard of. */
function heedDates(ledger: Ledger, guard: ClockGuard): Ledger {
  return {
    ...ledger,
    heard: async (profile, call, hearing, now) => {
      if (hearing.evidence?.date != null) guard.heard(hearing.evidence.date);
      await ledger.heard(profile, call, hearing, now);
    },
  };
}

/** One wide line per attempt, with every decision in it. */
function reportTo(log: Log, metrics: Pick<Metrics, 'attempted'>, guard: ClockGuard, clock: Clock, failing: (is: boolean) => void): LaneReport {
  return {
    attempted(profile, { group, member, outcome, settlement }, at) {
      const { evidence } = outcome;
      if (evidence?.date != null) guard.heard(evidence.date);
      metrics.attempted(profile.account, group.call, outcome.kind, at - member.claimedAt);
      const fields = {
        account: profile.account,
        sync: member.intent.sync,
        attempt: member.intent.attempt,
        order: member.intent.payload.order,
        operation: member.intent.operation,
        step: member.intent.step,
        call: group.call,
        outcome: outcome.kind,
        cause: 'cause' in outcome ? outcome.cause : null,
        httpStatus: evidence?.answer?.status ?? null,
        fault: evidence?.fault ?? null,
        requestId: evidence?.requestId ?? null,
        status: settlement.status,
        dueAt: settlement.dueAt === null ? null : new Date(settlement.dueAt).toISOString(),
        failures: settlement.failures,
        ms: Math.round(at - member.claimedAt),
      };
      if (settlement.status === 'rejected' || settlement.status === 'exhausted' || settlement.status === 'in-doubt') log.warn('an attempt ended, and a person should look', fields);
      else log.info('an attempt ended', fields);
    },
    recorded(profile, { late, news }) {
      failing(false);
      if (late) log.warn('the lane had gone to another worker: its outcome was kept as late', { account: profile.account });
      for (const { cause, sync } of news) log.warn('a new cause of failure', { account: profile.account, cause, sync });
    },
    failed(profile, what, error) {
      if (what !== 'attempt') failing(true);
      log.error(`${what} failed`, { account: profile.account, error, at: clock.now() });
    },
  };
}
