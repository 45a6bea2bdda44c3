import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { perform } from '../../src/store/verbs.ts';
import type { Group, Tenure } from '../../src/syncing/ledger.ts';
import type { Outcome } from '../../src/syncing/outcome.ts';
import { verbs } from '../../src/syncing/rerun.ts';
import { settle } from '../../src/syncing/settle.ts';
import { createTestClock } from '../support/clock.ts';
import { openShop } from '../support/shop.ts';
import { abandon, accept, answer, answersTo, born, say, settleFor } from './tiny-model.ts';
import type { Answered, Modelled } from './tiny-model.ts';

const orders = [1, 2, 3] as const;
const workers = ['one', 'two'] as const;
const account = 'ebay-fr';

const order = fc.constantFrom(...orders);
const worker = fc.constantFrom(...workers);
const command = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('apply' as const), order }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), worker }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('intend' as const), worker, room: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('record' as const), which: fc.nat(3), answer: fc.nat(6) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(second, 20 * second, 31 * second, minute, 5 * minute, hour) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('say' as const), verb: fc.constantFrom(...verbs), order }) },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

interface UnderWay {
  readonly tenure: Tenure;
  readonly group: Group;
}

/** The store, driven through the engine's port as a lane would, and beside it the model. */
async function play(commands: readonly Command[]): Promise<void> {
  const clock = createTestClock();
  const shop = await openShop(clock, [{ id: account, marketplace: 'ebay', patience: { settle: settleFor } }]);
  const { context, ledger } = shop;
  const profile = shop.profile(account);
  const model = new Map<number, Modelled>();
  const ids = new Map<number, number>();
  const tenures = new Map<string, Tenure>();
  const lane = { holder: '', until: -Infinity, number: 0 };
  let sweptUntil: number | null = null;
  let underWay: UnderWay[] = [];

  const sweep = async (): Promise<void> => {
    sweptUntil = clock.now();
    await ledger.swept(profile.scope.sweep, { until: sweptUntil, startedAt: sweptUntil });
  };
  const seen = orders.map((n) => ({ account, reference: `O-${n}`, ownReference: null, placedAt: clock.now(), updatedAt: clock.now(), shipBy: clock.now() + n * day, status: 'to-ship' as const, payment: 'confirmed' as const, fulfilment: 'merchant' as const, cancellation: 'none' as const, currency: null, total: null, lines: [{ lineId: 'L', sku: 'S', title: 'T', quantity: 1, shipped: 0, cancelled: 0, unitPrice: null }], parcels: [] }));
  await ledger.takeOver([profile], 'its-own', seen, clock.now());

  for (const one of commands) {
    const now = clock.now();
    switch (one.do) {
      case 'apply': {
        // What was given up and is applied anew is another sync of its order: test/store/give-up.test.ts has that.
        if (model.get(one.order)?.status === 'cancelled') break;
        const [told] = await applyStates(context, [{ account, order: `O-${one.order}`, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${one.order}` }] }], { source: 'model', author: 'Ana', byHand: false }, now);
        if (!model.has(one.order) && told !== undefined && 'id' in told) {
          ids.set(one.order, told.syncs[0]?.id ?? 0);
          model.set(one.order, born());
        }
        break;
      }
      case 'take': {
        const tenure = await ledger.take(profile, one.worker, now);
        const held = lane.holder !== one.worker && lane.until > now;
        assert.equal(tenure === null, held, 'whether the lane could be taken');
        if (tenure === null) break;
        Object.assign(lane, { holder: one.worker, until: now + 2 * profile.patience.timeout, number: lane.number + 1 });
        assert.equal(tenure.number, lane.number);
        tenures.set(one.worker, tenure);
        for (const sync of model.values()) {
          abandon(sync, now);
          if (sync.status === 'delayed' && sync.unsettled) sync.dueAt = now + settleFor;
          if (sync.status === 'delayed') sync.dueAt = Math.min(sync.dueAt ?? now, now + hour);
        }
        await sweep();
        break;
      }
      case 'intend': {
        const tenure = tenures.get(one.worker);
        if (tenure === undefined) break;
        const busy = new Set(underWay.filter((other) => other.tenure === tenure).flatMap(({ group }) => group.members.map((member) => member.order)));
        const claimed = await ledger.intend(tenure, profile, { orders: one.room, busy, send: true }, now);
        const lost = lane.number !== tenure.number;
        assert.equal(claimed.lost, lost, 'whether the lane had gone');
        if (lost) break;
        const expected = claim(model, one.room, (n) => busy.has(n), now);
        assert.deepEqual(claimed.groups.map((group) => `${group.step} ${group.members[0]?.intent.payload.order}`), expected);
        underWay.push(...claimed.groups.map((group) => ({ tenure, group })));
        break;
      }
      case 'record': {
        const chosen = underWay[one.which % Math.max(1, underWay.length)];
        if (chosen === undefined) break;
        underWay = underWay.filter((other) => other !== chosen);
        const { group, tenure } = chosen;
        const [member] = group.members;
        if (member === undefined) break;
        const answers = answersTo[group.step];
        const answered = answers[one.answer % answers.length] ?? 'unknown';
        const outcome = outcomeOf(answered);
        const settlement = settle(member.attempted, outcome, profile.patience, { now, chance: 0.5, probing: false, sweptUntil: group.sweptUntil });
        await ledger.record(tenure, profile, [{ group, member, outcome, settlement }], now);
        const sync = model.get(Number(member.intent.payload.order.slice(2)));
        if (sync !== undefined) hear(sync, chosen, answered, lane.number === tenure.number, now);
        // Limits, breakers and refusals are proved by themselves: here nothing is kept back by them.
        for (const table of ['quota', 'breaker', 'refusal'] as const) await context.store.db.deleteFrom(table).execute();
        break;
      }
      case 'pass':
        await clock.advance(one.ms);
        break;
      case 'say': {
        const id = ids.get(one.order);
        const sync = model.get(one.order);
        if (id === undefined || sync === undefined) break;
        await perform(context, { verb: one.verb, filter: { ids: [id] }, author: 'Ana', reason: 'model' }, now);
        say(sync, one.verb);
        break;
      }
      case 'sweep':
        await sweep();
        break;
    }
    await compare();
  }
  await shop.close();

  /** The store's rows are what the model says, column by column. */
  async function compare(): Promise<void> {
    const rows = await context.store.db.selectFrom('sync').select(['id', 'status', 'step', 'unsettled', 'absents', 'failures', 'attempts']).orderBy('id').execute();
    const wanted = [...model].map(([n, { status, step, unsettled, absents, failures, attempts }]) => ({ id: ids.get(n), status, step, unsettled: unsettled ? 1 : 0, absents, failures, attempts })).toSorted((a, b) => (a.id ?? 0) - (b.id ?? 0));
    expect(rows.map((row) => ({ ...row, step: isOpen(row.status) ? row.step : '' }))).toEqual(wanted.map((row) => ({ ...row, step: isOpen(row.status) ? row.step : '' })));
  }
}

function isOpen(status: string): boolean {
  return ['ready', 'delayed', 'sending', 'checking'].includes(status);
}

/** What the model would claim: what is due, looks before tellings before read-backs, the nearest deadline first. */
function claim(model: ReadonlyMap<number, Modelled>, room: number, busy: (order: number) => boolean, now: number): string[] {
  const all = [...model].toSorted(([a], [b]) => a - b);
  for (const [, sync] of all) {
    if (sync.status === 'delayed' && (sync.dueAt ?? 0) <= now) Object.assign(sync, { status: 'ready', dueAt: null });
    if (!sync.late || (sync.unsettled && (sync.status === 'sending' || sync.status === 'checking'))) continue;
    sync.late = false;
    if (!sync.unsettled || (sync.status !== 'delayed' && sync.status !== 'ready')) continue;
    accept(sync, now);
    sync.absents = 0;
  }
  const claimed: string[] = [];
  for (const step of ['check', 'send'] as const) {
    for (const [n, sync] of all) {
      if (claimed.length >= room || sync.status !== 'ready' || sync.step !== step || busy(n)) continue;
      Object.assign(sync, { status: step === 'send' ? 'sending' : 'checking', attempts: sync.attempts + 1 });
      claimed.push(`${step} O-${n}`);
    }
  }
  const due = all.filter(([n, sync]) => sync.status === 'accepted' && sync.dueAt !== null && sync.dueAt <= now && !busy(n)).toSorted(([, a], [, b]) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
  for (const [n, sync] of due.slice(0, room - claimed.length)) {
    Object.assign(sync, { attempts: sync.attempts + 1, dueAt: now + minute });
    claimed.push(`check O-${n}`);
  }
  return claimed;
}

/** An answer comes: to the holder of the lane, for the attempt that is under way; else it is late, and kept where it says yes. */
function hear(sync: Modelled, { group }: UnderWay, answered: Answered, held: boolean, now: number): void {
  const [member] = group.members;
  if (member === undefined) return;
  const { readBack } = member.attempted;
  const standing = readBack ? 'accepted' : group.step === 'send' ? 'sending' : 'checking';
  if (held && sync.attempts === member.intent.attempt && sync.status === standing) answer(sync, group.step, readBack, answered, now, group.sweptUntil);
  else if (group.step === 'send' && answered === 'accepted' && sync.unsettled) sync.late = true;
}

function outcomeOf(answered: Answered): Outcome {
  switch (answered) {
    case 'accepted':
    case 'present':
      return { kind: answered, reference: 'F-1', evidence: null };
    case 'absent':
      return { kind: answered, seen: [], evidence: null };
    case 'interrupted':
      return { kind: answered, evidence: null };
    case 'different':
    case 'rejected':
    case 'unavailable':
    case 'unknown':
      return { kind: answered, cause: 'remote/said', evidence: null };
  }
}

test('whatever is done in whatever order, the store and a tiny model of it agree at every step', { timeout: 60_000 }, async () => {
  // Somebody is at the lane and something is to be told: else little happens.
  const begin: Command[] = [{ do: 'apply', order: 1 }, { do: 'take', worker: 'one' }, { do: 'intend', worker: 'one', room: 2 }];
  const property = fc.asyncProperty(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => play([...begin, ...commands]));
  await expect(fc.assert(property, { numRuns: 80, interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false })).resolves.toBeUndefined();
});
