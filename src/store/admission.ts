import { sql } from 'kysely';
import type { Duration, Instant } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { admits, claimed } from '../syncing/breaker.ts';
import type { Step } from '../syncing/destination.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { available, wait } from '../syncing/quota.ts';
import type { LaneBudgets } from './budgets.ts';
import { probeEvery } from './refusals.ts';
import type { Tx } from './rows.ts';

/** Accounts that share a budget wait for its next call this much apart, by chance: else one of them would always come first. */
const apart = 50;

/** Read-backs of accepted syncs use only what others leave: they wait while the bucket is less than half full. */
const spareShare = 0.5;

/** So many calls are enough for others in any case: half of a day's budget is hours away once a 429 has emptied it. */
const spareEnough = 100;

/** What one round of claiming may begin: by what the account is refused, by the breakers, and by the budgets. */
export class Admission {
  /** When something more may be begun, where something could not be now. */
  next: Instant = Infinity;
  /** A probe waits until the changed orders have been read. */
  wantsSweep = false;
  private readonly tx: Tx;
  private readonly profile: LaneProfile;
  private readonly budgets: LaneBudgets;
  private readonly now: Instant;
  private readonly sweptFrom: Instant | null;
  private readonly random: Random;

  constructor(tx: Tx, profile: LaneProfile, budgets: LaneBudgets, now: Instant, sweptFrom: Instant | null, random: Random) {
    this.tx = tx;
    this.profile = profile;
    this.budgets = budgets;
    this.now = now;
    this.sweptFrom = sweptFrom;
    this.random = random;
  }

  /** How many calls may be begun now: by what the account is refused, the breaker, and every budget that they cost. */
  async calls(call: string, step: Step, costs: readonly string[]): Promise<number> {
    const { budgets, now } = this;
    for (const refused of ['*', call]) {
      const refusal = budgets.refusal(refused);
      if (refusal === undefined) continue;
      if (refusal.probeAt > now && refusal.probeAt - now <= probeEvery) {
        this.soon(refusal.probeAt);
        return 0;
      }
      if (step === 'send' && this.isUnread(refusal.since)) return 0;
      budgets.refuse(refused, { ...refusal, probeAt: now + probeEvery });
      return this.affordable(costs) > 0 ? 1 : 0;
    }
    const breaker = budgets.breaker(call);
    const admittedNow = admits(breaker, now);
    if (admittedNow < 1) {
      this.soon(breaker.probeAt ?? now);
      return 0;
    }
    if (step === 'send' && breaker.openedAt !== null && this.isUnread(breaker.openedAt)) return 0;
    const underWay = Number.isFinite(admittedNow) && breaker.openedAt === null ? await this.underWay(call) : 0;
    return Math.min(admittedNow - underWay, this.affordable(costs));
  }

  /** How many calls it will most likely be, before anything is taken or tried: so much is read of what waits. */
  likely(call: string, costs: readonly string[]): number {
    const { budgets, now } = this;
    const refused = ['*', call].some((one) => (budgets.refusal(one)?.probeAt ?? -Infinity) > now);
    const calls = Math.min(refused ? 0 : admits(budgets.breaker(call), now), ...costs.flatMap((cost) => (this.profile.limits[cost] === undefined ? [] : available(budgets.bucket(cost), now))));
    return Math.max(0, calls);
  }

  /**
   * After a pause longer than a sweep a probe that tells something waits for the changed orders to be read: what was
   * done there by hand meanwhile is never told again.
   */
  private isUnread(since: Instant): boolean {
    const { sweep } = this.profile.patience;
    const unread = this.now - since > sweep && (this.sweptFrom ?? -Infinity) < this.now - 2 * sweep;
    if (unread) this.wantsSweep = true;
    return unread;
  }

  /** Calls under way by any account that shares the breaker. */
  private async underWay(call: string): Promise<number> {
    const row = await this.tx
      .selectFrom('sync')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('account', 'in', this.profile.scopeAccounts)
      .where('status', 'in', [sql.lit('sending'), sql.lit('checking')])
      .where('call', '=', call)
      .executeTakeFirstOrThrow();
    return row.n + this.budgets.begun(call);
  }

  private affordable(costs: readonly string[]): number {
    let calls = Infinity;
    for (const cost of costs) {
      const bucket = this.budgets.bucket(cost);
      const left = this.budgets.afford(cost);
      if (left < 1) this.soon(this.now + wait(bucket, this.now) + this.courtesy());
      calls = Math.min(calls, left);
    }
    return calls;
  }

  private courtesy(): Duration {
    return this.profile.scopeAccounts.length > 1 ? Math.floor(this.random.next() * apart) : 0;
  }

  /** The breaker is open: what is begun now is a probe. */
  isProbe(call: string): boolean {
    return this.budgets.breaker(call).openedAt !== null;
  }

  /** More is left of a budget than what read-backs must leave to others. */
  hasSpare(call: string): boolean {
    const bucket = this.budgets.bucket(call);
    return available(bucket, this.now) >= Math.min(bucket.burst * spareShare, spareEnough);
  }

  /** Debits what is begun. */
  begin(call: string, costs: readonly string[]): void {
    const { budgets, now } = this;
    budgets.begin(call);
    for (const cost of costs) budgets.spend(cost);
    budgets.setBreaker(call, claimed(budgets.breaker(call), now));
  }

  /** Whose turn it is at a call, fresh work's or a rerun's. */
  turn(call: string): number {
    return this.budgets.turn(call);
  }

  setTurn(call: string, turn: number): void {
    this.budgets.setTurn(call, turn);
  }

  private soon(at: Instant): void {
    this.next = Math.min(this.next, at);
  }
}
