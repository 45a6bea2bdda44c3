import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';
import { backoff, backoffTable, longest } from '../../src/syncing/backoff.ts';
import type { Outcome, OutcomeKind } from '../../src/syncing/outcome.ts';
import { enoughFailures, settle } from '../../src/syncing/settle.ts';
import type { Attempted, Moment } from '../../src/syncing/settle.ts';
import { allowed } from '../../src/syncing/status.ts';
import { openStage } from '../support/stage.ts';

const patience = { settle: minute, readBack: 5 * minute };
const now = 1_000_000_000;
const moment: Moment = { now, chance: 0.5, probing: false, sweptUntil: null };
const sent: Attempted = { step: 'send', readBack: false, unsettled: false, failures: 0, absents: 0, reference: null, before: null, uselessAfter: now + day, again: 'twice', acceptedAt: null };
const unavailable: Outcome = { kind: 'unavailable', cause: 'x/y', evidence: null };

const outcomes: Readonly<Record<OutcomeKind, Outcome>> = {
  accepted: { kind: 'accepted', reference: 'r', evidence: null },
  submitted: { kind: 'submitted', reference: 'r', checkAt: now + hour, evidence: null },
  rejected: { kind: 'rejected', cause: 'x/y', evidence: null },
  throttled: { kind: 'throttled', retryAfter: null, evidence: null },
  unavailable,
  unauthorized: { kind: 'unauthorized', what: 'credentials', cause: 'x/y', evidence: null },
  unknown: { kind: 'unknown', cause: 'x/y', evidence: null },
  interrupted: { kind: 'interrupted', evidence: null },
  present: { kind: 'present', reference: 'r', evidence: null },
  absent: { kind: 'absent', seen: [], evidence: null },
  different: { kind: 'different', cause: 'x/y', evidence: null },
};

describe('backoff', () => {
  test('doubles from 30 s to an hour, spread over the upper half', () => {
    expect(backoffTable().map(({ from, to }) => [from / second, to / second])).toEqual([
      [15, 30], [30, 60], [60, 120], [120, 240], [240, 480], [480, 960], [960, 1920], [1800, 3600], [1800, 3600], [1800, 3600], [1800, 3600], [1800, 3600],
    ]);
  });

  test('never leaves its bounds, whatever the count and the chance', () => {
    fc.assert(fc.property(fc.integer({ min: -3, max: 10_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
      const wait = backoff(failures, chance);
      expect(wait).toBeGreaterThanOrEqual(Math.max(15 * second, longest(failures) / 2));
      expect(wait).toBeLessThanOrEqual(Math.min(hour, longest(failures)));
    }));
  });
});

describe('what an attempt makes of its sync', () => {
  test.each([
    ['accepted', 'accepted', 'check'],
    ['submitted', 'submitted', 'check'],
    ['rejected', 'rejected', 'send'],
    ['throttled', 'ready', 'send'],
    ['unavailable', 'delayed', 'send'],
    ['unauthorized', 'ready', 'send'],
    ['unknown', 'delayed', 'check'],
    ['interrupted', 'delayed', 'check'],
    ['present', 'delayed', 'check'],
    ['absent', 'delayed', 'check'],
    ['different', 'delayed', 'check'],
  ] as const)('told, and %s: %s, then %s', (kind, status, step) => {
    expect(settle(sent, outcomes[kind], patience, moment)).toMatchObject({ status, step });
  });

  test.each([
    ['present', 'confirmed'],
    ['accepted', 'accepted'],
    ['submitted', 'submitted'],
    ['rejected', 'rejected'],
    ['different', 'in-doubt'],
    ['absent', 'delayed'],
    ['throttled', 'ready'],
    ['interrupted', 'ready'],
    ['unauthorized', 'ready'],
    ['unavailable', 'delayed'],
    ['unknown', 'delayed'],
  ] as const)('looked for, and %s: %s', (kind, status) => {
    const next = settle({ ...sent, step: 'check', unsettled: true }, outcomes[kind], patience, moment);
    expect(next.status).toBe(status);
    // Only a word from there settles what was sent.
    expect(next.unsettled).toBe(!['present', 'accepted', 'rejected'].includes(kind));
  });

  test.each(['throttled', 'unauthorized', 'interrupted', 'submitted', 'accepted'] as const)('%s is not counted', (kind) => {
    expect(settle({ ...sent, failures: 3 }, outcomes[kind], patience, moment).failures).toBe(3);
  });

  test.each(['unavailable', 'unknown'] as const)('%s is counted, except by a probe', (kind) => {
    expect(settle({ ...sent, failures: 3 }, outcomes[kind], patience, moment).failures).toBe(4);
    expect(settle({ ...sent, failures: 3 }, outcomes[kind], patience, { ...moment, probing: true }).failures).toBe(3);
  });

  test('given up only after twelve failures, and when telling has become useless: both', () => {
    const old = { ...sent, uselessAfter: now };
    expect(settle({ ...old, failures: 10 }, unavailable, patience, moment).status).toBe('delayed');
    expect(settle({ ...old, failures: 11 }, unavailable, patience, moment)).toMatchObject({ status: 'exhausted', failures: enoughFailures, cause: 'x/y' });
    expect(settle({ ...sent, failures: 500 }, unavailable, patience, moment).status).toBe('delayed');
    expect(settle({ ...old, failures: 11, uselessAfter: now + 1 }, unavailable, patience, moment).status).toBe('delayed');
  });

  test('two looks that found nothing use up the backoff: what is left of it is waited for, no more', () => {
    const looked = { ...sent, step: 'check', unsettled: true, absents: 1 } as const;
    expect(settle({ ...looked, failures: 1 }, outcomes.absent, patience, moment)).toMatchObject({ status: 'ready', step: 'send', unsettled: false });
    expect(settle({ ...looked, failures: 6 }, outcomes.absent, patience, moment)).toMatchObject({ status: 'delayed', step: 'send', dueAt: now + backoff(6, 0.5) - 2 * minute });
  });

  test('whatever comes, the arrow is in the table, and nothing unsettled is ever sent again without two looks or an edit', () => {
    const anyOutcome = fc.constantFrom(...Object.values(outcomes), { ...outcomes.unauthorized, what: 'role' } as Outcome);
    const anySync = fc.record({ step: fc.constantFrom('send' as const, 'check' as const), unsettled: fc.boolean(), failures: fc.integer({ min: 0, max: 20 }), absents: fc.integer({ min: 0, max: 1 }), again: fc.constantFrom('edit' as const, 'twice' as const), useless: fc.boolean() });
    fc.assert(fc.property(anySync, anyOutcome, fc.boolean(), ({ useless, ...sync }, outcome, probing) => {
      const attempted: Attempted = { ...sent, ...sync, uselessAfter: useless ? now : now + day };
      const next = settle(attempted, outcome, patience, { ...moment, probing });
      expect(allowed(sync.step === 'send' ? 'sending' : 'checking', next.status)).toBe(true);
      const mayHaveBeenDone = sync.unsettled || (sync.step === 'send' && ['unknown', 'interrupted', 'submitted'].includes(outcome.kind));
      const sendsAgain = next.step === 'send' && ['ready', 'delayed'].includes(next.status);
      const may = sync.again === 'edit' || (outcome.kind === 'absent' && sync.absents === 1);
      expect(mayHaveBeenDone && sendsAgain && !may).toBe(false);
      expect(next.status === 'delayed' && (next.dueAt ?? 0) <= now).toBe(false);
    }));
  });
});

describe('a marketplace that cannot be reached', () => {
  test('is tried again with each failure’s own wait, and the order is told of in the end', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('O-1');
    for (let n = 0; n < 4; n += 1) stage.remote.script('createShippingFulfillment', 'unavailable');
    const { syncs } = await stage.ship('O-1');
    await stage.start();
    await stage.pass(8 * minute);
    const sends = stage.remote.met.filter((met) => met.call === 'createShippingFulfillment').map((met) => met.at);
    const waits = sends.slice(1).map((at, i) => at - (sends[i] ?? 0));
    expect(waits).toHaveLength(4);
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(longest(i + 1) / 2);
      expect(wait).toBeLessThanOrEqual(longest(i + 1) + 1);
    }
    expect(await stage.status(syncs[0]?.id ?? 0)).toMatch(/accepted|confirmed/);
  });

  test('what is given up is told of, with its cause', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('O-1', { placedAt: stage.clock.now() - 60 * day, shipBy: stage.clock.now() - 40 * day });
    const { syncs } = await stage.ship('O-1');
    await stage.shop.context.store.db.updateTable('sync').set({ failures: 11 }).execute();
    stage.remote.script('createShippingFulfillment', 'unavailable');
    await stage.start();
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'exhausted', cause: 'remote/refused' });
    expect(await stage.shop.context.store.db.selectFrom('alert').select(['kind', 'count']).execute()).toEqual([{ kind: 'failure', count: 1 }]);
  });

  test('one alert for a cause, however many orders it strikes', async () => {
    const stage = await openStage({ kind: 'ebay' });
    stage.remote.always('createShippingFulfillment', { rejected: 'remote/no' });
    await stage.backlog('O', 20);
    const news: number[] = [];
    await stage.start({ over: { report: { attempted: () => undefined, recorded: (_, recorded) => void news.push(recorded.news.length), failed: (_, __, error) => void stage.shop.errors.push(error) } } });
    await stage.pass(second);
    expect(news.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(await stage.shop.context.store.db.selectFrom('alert').select('count').execute()).toEqual([{ count: 20 }]);
  });
});
