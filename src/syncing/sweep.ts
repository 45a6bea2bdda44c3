import type { Clock, Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { timeout } from '../runtime/timeout.ts';
import type { Hearing, LaneProfile, Ledger, TakenOver, Tenure } from './ledger.ts';
import type { OrderReader, Read, SeenOrder } from './order-reader.ts';

/** The regular read of one scope's changed orders: import, taking over, confirmation, all in one. */
export interface Sweeping {
  readonly scope: string;
  readonly reader: OrderReader;
  /** The scope's accounts. All share one budget. */
  readonly profiles: readonly [LaneProfile, ...LaneProfile[]];
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** The hold by which it is read, where several workers share a store. */
  readonly by?: Tenure;
  readonly onTakenOver: (scope: string, taken: TakenOver) => void;
}

/** How a round ended: all pages read; to be gone on with at the next round; or why it could not be read. */
export type SweepEnd = 'whole' | 'paused' | 'refused';

/** Changes are read again this far back: a marketplace's list may lag behind its own clock. */
const overlap = 10 * minute;

/** A page is read again this often where an order of it cannot be read in detail; then it is taken as it is listed. */
const enoughTries = 3;

/** Pages of an unfinished sweep. Kept in memory: a restart begins the sweep anew, which costs pages and no harm. */
export interface SweepProgress {
  page: string | null;
  since: Instant | null;
  startedAt: Instant;
  /** Rounds in which orders of this page could not be read in detail. */
  tries: number;
}

/**
 * Reads all that changed since the last whole sweep, page by page, as far as the budget goes.
 * @returns the progress to hand in again, or `null` when the sweep is whole
 */
export async function sweepOnce(sweeping: Sweeping, going: SweepProgress | null, stop: AbortSignal): Promise<{ readonly end: SweepEnd; readonly progress: SweepProgress | null }> {
  const { ledger, reader, profiles, clock, scope } = sweeping;
  const state = await ledger.sweep(scope);
  const progress = going ?? { page: null, since: state.until === null ? null : state.until - overlap, startedAt: clock.now(), tries: 0 };
  while (!stop.aborted) {
    if (!(await ledger.debit(profiles[0], reader.costs.page, clock.now()))) return { end: 'paused', progress };
    const read = await bounded(sweeping, stop, (signal) => reader.changed(progress.since, progress.page, signal));
    await ledger.heard(profiles[0], reader.costs.page, hearing(read), clock.now());
    // A page mark that is too old is refused: the next round begins anew.
    if (!read.ok) return { end: 'refused', progress: read.why === 'rejected' ? null : progress };
    const { orders, whole } = await inDetail(sweeping, read.value.orders, stop);
    if (!whole && progress.tries < enoughTries) {
      progress.tries += 1;
      return { end: 'refused', progress };
    }
    progress.tries = 0;
    sweeping.onTakenOver(scope, await ledger.takeOver(profiles, profiles[0].references, orders, clock.now(), sweeping.by));
    progress.page = read.value.next;
    if (progress.page === null) {
      await ledger.swept(scope, { until: read.value.until, startedAt: progress.startedAt }, sweeping.by);
      return { end: 'whole', progress: null };
    }
  }
  return { end: 'paused', progress };
}

/**
 * Orders whose parcels the list does not show, and that an open sync depends on, are read one by one.
 * @returns `whole`: all of them could be read; what such a list says of a line that was shipped in part is a guess
 */
async function inDetail(sweeping: Sweeping, orders: readonly SeenOrder[], stop: AbortSignal): Promise<{ readonly orders: readonly SeenOrder[]; readonly whole: boolean }> {
  const { ledger, profiles } = sweeping;
  const better = new Map<SeenOrder, SeenOrder>();
  let whole = true;
  for (const profile of profiles) {
    const ofAccount = orders.filter((order) => order.account === profile.account && order.parcels === null);
    for (const reference of await ledger.wanted(profile.account, ofAccount)) {
      const listed = ofAccount.find((order) => order.reference === reference);
      const read = await readOrder(sweeping, profile, reference, stop);
      if (listed !== undefined && read?.ok === true && read.value !== null) better.set(listed, read.value);
      if (read === null || (!read.ok && read.why !== 'rejected')) whole = false;
    }
  }
  return { orders: orders.map((order) => better.get(order) ?? order), whole };
}

/** Fetches orders that an applied state named before they were imported. What the marketplace does not know is rejected. */
export async function fetchMissing(sweeping: Sweeping, stop: AbortSignal): Promise<void> {
  const { ledger, profiles, clock, scope } = sweeping;
  for (const profile of profiles) {
    for (const reference of await ledger.missing(profile.account, 20)) {
      if (stop.aborted) return;
      const read = await readOrder(sweeping, profile, reference, stop);
      if (read === null || !read.ok) return;
      if (read.value === null) await ledger.unknownThere(profile.account, reference, clock.now());
      else sweeping.onTakenOver(scope, await ledger.takeOver([profile], profile.references, [read.value], clock.now(), sweeping.by));
    }
  }
}

/** One order; `null` where the budget has no call left. */
async function readOrder(sweeping: Sweeping, profile: LaneProfile, reference: string, stop: AbortSignal): Promise<Read<SeenOrder | null> | null> {
  const { ledger, reader, clock } = sweeping;
  for (const call of reader.costs.order) if (stop.aborted || !(await ledger.debit(profile, call, clock.now()))) return null;
  const read = await bounded(sweeping, stop, (signal) => reader.order(profile.account, reference, signal));
  await ledger.heard(profile, reader.costs.order[0], hearing(read), clock.now());
  return read;
}

async function bounded<T>(sweeping: Sweeping, stop: AbortSignal, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // A page of a hundred orders may take longer than one confirmation.
  const limit = timeout(sweeping.clock, 2 * sweeping.profiles[0].patience.timeout, stop);
  try {
    return await read(limit.signal);
  } finally {
    limit.done();
  }
}

function hearing(read: Read<unknown>): Hearing {
  if (read.ok) return { kind: 'ok', cause: null, retryAfter: null, evidence: read.evidence };
  return { kind: read.why, cause: read.cause, retryAfter: read.retryAfter, evidence: read.evidence };
}
