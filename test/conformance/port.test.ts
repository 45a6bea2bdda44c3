import { describe, expect, test } from 'vitest';
import { marketplaces } from '../../src/marketplaces/registry.ts';
import { stateTypes } from '../../src/orders/order-state.ts';
import { operations } from '../../src/planning/operation.ts';
import { plan } from '../../src/planning/plan.ts';
import type { PlanningAccount } from '../../src/planning/situation.ts';
import { account, application, situation, toldNow } from '../planning/made.ts';
import { openStand, ownOf, permits, settingsOf } from './stand.ts';
import { expectWords, tables } from './words.ts';

describe.each(marketplaces)('$name', (marketplace) => {
  test('answers each operation: how it is asked for, or that it is not offered', async () => {
    const { destination } = await openStand(marketplace);
    expect(Object.keys(destination.offers).toSorted()).toEqual([...operations].toSorted());
    for (const offer of Object.values(destination.offers)) {
      if (offer === 'not-offered') continue;
      expect(offer.batch).toBeGreaterThan(0);
      for (const call of [...offer.send, ...offer.check]) expect(Object.keys(marketplace.limits), `a published limit of ${call}`).toContain(call);
    }
    expect(destination.offers['confirm-shipment']).not.toBe('not-offered');
    expect(destination.width).toBeGreaterThan(0);
  });

  test('publishes limits that can be kept, for every call it makes', async () => {
    const { connection } = await openStand(marketplace);
    for (const [call, { rate, burst }] of Object.entries(marketplace.limits)) expect([call, rate > 0, Number.isInteger(burst) && burst > 0]).toEqual([call, true, true]);
    for (const call of [connection.orders.costs.page, ...connection.orders.costs.order]) expect(Object.keys(marketplace.limits)).toContain(call);
  });

  test.each(stateTypes)('has a plan for the Type %s: something to tell, something that waits, or a reason for nothing', async (type) => {
    const { destination } = await openStand(marketplace);
    const offers: PlanningAccount['offers'] = destination.offers;
    const of = { ...account('amazon', { offers }), id: 'one', marketplace: marketplace.name };
    const parcels = type === 'order-shipped' || type === 'order-partially-shipped' ? [toldNow({ carrier: 'Chronopost' })] : [];
    const planned = plan(application(type, { parcels }), situation({ account: of }), { ...tables, mappedCarriers: new Map() });
    expect(planned.length).toBeGreaterThan(0);
    for (const { operation, status, cause } of planned) {
      const offered = operation !== 'nothing' && offers[operation] !== 'not-offered';
      expect([operation, offered ? ['ready', 'blocked', 'delayed', 'skipped'] : ['held', 'skipped']]).toEqual([operation, expect.arrayContaining([status])]);
      if (status === 'held' || status === 'skipped') expectWords(cause ?? 'none');
    }
  });

  test('connects without a call, and names its scopes without a secret', async () => {
    const { there, settings } = await openStand(marketplace);
    expect(there.brain.ledger.requests()).toEqual([]);
    const scope = marketplace.scope(settings);
    expect(scope).toEqual(marketplace.scope(settingsOf(marketplace)));
    for (const name of ownOf(marketplace).secret) expect(JSON.stringify(scope)).not.toContain(String((settings as unknown as Record<string, unknown>)[name]));
  });

  test('says what is missing from an account by the name of its field, and repeats no secret', () => {
    const own = ownOf(marketplace).settings as Record<string, unknown>;
    for (const field of Object.keys(own)) {
      const read = marketplace.settings.safeParse({ ...own, [field]: undefined });
      expect(read.error?.issues.map((issue) => issue.path[0]) ?? [field], `without ${field}`).toContain(field);
      expect(JSON.stringify(read.error?.issues ?? [])).not.toMatch(/simulated-/);
    }
  });

  test('examines an account that is well: nothing is wrong, and all has words', async () => {
    const stand = await openStand(marketplace);
    stand.sell();
    const findings = stand.note(await stand.connection.examine(stand.settings.id, permits().signal));
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['token', 'role', 'clock', 'limit']));
    for (const { key } of findings) expectWords(key);
  });

  test.each([
    ['revoked', 'token'],
    ['role-missing', 'role'],
  ] as const)('examines an account with credentials or roles amiss (%s): the finding says which', async (kind, what) => {
    const stand = await openStand(marketplace);
    const { there, calls } = stand;
    there.brain.faults.add({ ...(kind === 'revoked' ? {} : { call: calls.page }), times: 'always', fault: { kind } });
    const findings = stand.note(await stand.connection.examine(stand.settings.id, permits().signal));
    expect(findings.filter(({ ok }) => !ok).map((finding) => finding.what)).toContain(what);
    for (const { key } of findings) expectWords(key);
    expect(there.brain.ledger.effects()).toEqual([]);
  });

  test('examines an account whose marketplace goes by another time', async () => {
    const stand = await openStand(marketplace);
    stand.there.brain.faults.add({ fault: { kind: 'clock-skew', ms: 600_000 } });
    const findings = stand.note(await stand.connection.examine(stand.settings.id, permits().signal));
    expect(findings.filter(({ ok }) => !ok).map((finding) => finding.what)).toContain('clock');
  });

  test('has a simulation that knows each of its calls', async () => {
    const { there, calls } = await openStand(marketplace);
    for (const call of new Set([...Object.values(calls), 'token', ...Object.keys(marketplace.limits)])) expect(there.brain.faults.add({ call, fault: { kind: '500' } })).toBeGreaterThan(0);
  });
});
