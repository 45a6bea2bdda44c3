import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Simulator } from '../../src/marketplaces/simulator/simulator.ts';
import { verifyAudit } from '../../src/store/verify.ts';
import type { Suivi } from '../../src/app.ts';
import { expectEachIntentAnswered } from '../support/whole.ts';
import { sides, telling } from './goods.ts';
import type { Dispatch } from './goods.ts';
import type { Installation } from './installation.ts';
import { until } from './until.ts';

/** What the store says of one dispatch. */
interface Told {
  readonly sync: number;
  readonly status: string;
  readonly tracking: string;
  readonly attempts: number;
}

/** All confirmations of the store, in the order in which they were applied. */
async function told({ context }: Suivi): Promise<readonly Told[]> {
  const rows = await context.store.db.selectFrom('sync').select(['id', 'status', 'payload', 'attempts']).where('operation', '=', 'confirm-shipment').orderBy('id').execute();
  return rows.map((row) => ({ sync: row.id, status: row.status, attempts: row.attempts, tracking: (JSON.parse(row.payload) as { parcel: { trackingNumber: string } | null }).parcel?.trackingNumber ?? '' }));
}

/** Waits until every one of these dispatches is done, for as long as `patience` (ms); says how things stand where that is too short. */
export async function untilDone(installation: Installation, dispatches: readonly Dispatch[], patience: number): Promise<void> {
  const until = performance.now() + patience;
  await installation.beside(async (suivi) => {
    for (;;) {
      const rows = await told(suivi);
      const open = rows.filter(({ status }) => status !== 'accepted' && status !== 'confirmed');
      if (open.length === 0 && rows.length >= dispatches.length) return;
      if (performance.now() > until) throw new Error(`after ${patience} ms ${rows.length} of ${dispatches.length} are known and these are not done: ${await standing(suivi)}`);
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
  });
}

/** Where the daemon says that its syncs stand. */
export async function statuses(address: string, token: string): Promise<readonly string[]> {
  const answer = await fetch(`${address}/api/v1/syncs?limit=500`, { headers: { authorization: `Bearer ${token}` } });
  const { syncs } = (await answer.json()) as { readonly syncs: readonly { readonly status: string }[] };
  return syncs.map(({ status }) => status);
}

/** Waits until the daemon says that so many syncs are there, and all of them done; says how things stand where that takes longer than `patience` (ms). */
export async function untilAllDone(installation: Installation, address: string, count: number, patience = 60_000): Promise<void> {
  const done = async (): Promise<boolean> => {
    const all = await statuses(address, installation.token);
    return all.length === count && all.every((status) => status === 'accepted' || status === 'confirmed');
  };
  await until(`all ${count} are done`, done, patience).catch(async (error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}: ${await installation.beside(standing)}`, { cause: error });
  });
}

/** How attempts to tell ended, in their order. */
export async function outcomes(installation: Installation): Promise<readonly { readonly what: string; readonly cause: string | null; readonly ms: number }[]> {
  return installation.beside(async ({ context }) => {
    const { rows } = await sql<{ what: string; cause: string | null; ms: number }>`
      select answer.what, answer.cause, answer.at - intent.at as ms from audit_entry intent join audit_entry answer using (sync_id, attempt)
      where intent.kind = 'intent' and answer.kind in ('outcome', 'late') and intent.what in ('confirmShipment', 'createShippingFulfillment') order by answer.at`.execute(context.store.db);
    return rows;
  });
}

async function standing({ context }: Suivi): Promise<string> {
  const rows = await context.store.db.selectFrom('sync').select(['id', 'account', 'status', 'cause', 'step', 'failures', 'due_at', 'unsettled']).where('status', 'not in', ['accepted', 'confirmed']).limit(20).execute();
  const gates = await context.store.db.selectFrom('breaker').selectAll().where('opened_at', 'is not', null).execute();
  return JSON.stringify({ now: Date.now(), rows, gates });
}

/**
 * What the engine promises, once all is quiet: each dispatch is there exactly once and was never edited; its sync is
 * done; the chain is whole; each intent has one outcome; and whatever reached a marketplace was intended before.
 */
export async function expectProven(installation: Installation, dispatches: readonly Dispatch[]): Promise<void> {
  // A read-back that is just under way would be an intent without its outcome.
  await installation.stop();
  await installation.beside(async (suivi) => {
    const rows = await told(suivi);
    expect(rows.filter(({ status }) => status !== 'accepted' && status !== 'confirmed'), 'syncs that are not done').toEqual([]);
    expect(rows.map(({ tracking }) => tracking).toSorted(), 'each dispatch is one sync').toEqual(dispatches.map(({ tracking }) => tracking).toSorted());
    expectOnce(installation.simulator, dispatches);
    for (const verdict of await verifyAudit(suivi.context.store.db, suivi.context.audit.keyring)) expect(verdict.faults, `chain of ${verdict.lane}`).toEqual([]);
    await expectEachIntentAnswered(suivi.context);
    await expectIntended(installation.simulator, suivi, dispatches);
  });
}

/** Each parcel is at its marketplace once, as it was applied, and nothing else is. */
function expectOnce(simulator: Simulator, dispatches: readonly Dispatch[]): void {
  for (const side of sides) {
    const there = simulator[side].brain.ledger.packages().map(({ order, tracking, edits }) => `${order} ${tracking} ${edits}`);
    const wanted = dispatches.filter((dispatch) => dispatch.side === side).map(({ order, tracking }) => `${order} ${tracking} 0`);
    expect(there.toSorted(), `packages at ${side}`).toEqual(wanted.toSorted());
  }
}

/** The ledger of the marketplaces against the audit: no request that tells without an intent of its own before it. */
async function expectIntended(simulator: Simulator, suivi: Suivi, dispatches: readonly Dispatch[]): Promise<void> {
  const intents = await intentsToTell(suivi);
  for (const side of sides) {
    const { ledger } = simulator[side].brain;
    for (const effect of ledger.effects()) {
      const before = intents.filter(({ tracking, at }) => tracking === effect.tracking && at <= effect.moment);
      expect(before.length, `an intent before ${effect.tracking} was there`).toBeGreaterThan(0);
    }
    for (const order of new Set(dispatches.filter((one) => one.side === side).map((one) => one.order))) {
      const asked = ledger.requests().filter((request) => request.call === telling[side] && request.order === order);
      const meant = intents.filter((intent) => intent.order === order);
      expect(asked.length, `requests of ${order} and intents of it`).toBeLessThanOrEqual(meant.length);
      for (const [n, request] of asked.entries()) expect(meant.filter(({ at }) => at <= request.moment).length, `intents of ${order} before its request ${n + 1}`).toBeGreaterThan(n);
    }
  }
}

export interface Meant {
  readonly at: number;
  readonly order: string;
  readonly tracking: string;
}

/** What was intended to be told, by the audit, in its order. */
export async function intentsToTell({ context }: Suivi): Promise<readonly Meant[]> {
  const { rows } = await sql<{ at: number; body: string }>`
    select at, body from audit_entry join audit_body using (lane, number) where kind = 'intent' order by at`.execute(context.store.db);
  return rows.flatMap(({ at, body }) => {
    const { tells } = JSON.parse(body) as { tells?: { order: string; parcel: { trackingNumber: string } } };
    return tells === undefined ? [] : [{ at, order: tells.order, tracking: tells.parcel.trackingNumber }];
  });
}
