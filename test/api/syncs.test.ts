import { describe, expect, test } from 'vitest';
import type { Status } from '../../src/syncing/status.ts';
import { openStage } from '../support/stage.ts';
import { openHouse, order, shipped } from './house.ts';
import type { House } from './house.ts';

const day = 24 * 60 * 60 * 1000;

/** Thirty syncs of two accounts: ten held (no order), ten ready, ten held for their number. */
async function withLog(): Promise<House> {
  const house = await openHouse();
  const numbers = Array.from({ length: 10 }, (_, i) => i);
  await house.send('PUT', '/api/v1/orders', [...numbers.map((i) => order(`A-${i}`)), ...numbers.map((i) => order(`B-${i}`, { account: 'ebay-fr', shipBy: '2026-12-10T00:00:00Z' }))]);
  await house.send('POST', '/api/v1/applied-states', numbers.map((i) => shipped(`X-${i}`)));
  await house.clock.advance(2 * day);
  const now = new Date(house.clock.now()).toISOString();
  await house.send('POST', '/api/v1/applied-states', numbers.map((i) => shipped(`A-${i}`, { appliedAt: now })));
  await house.send('POST', '/api/v1/applied-states', numbers.map((i) => shipped(`B-${i}`, { account: 'ebay-fr', appliedAt: now }, { trackingNumber: undefined })));
  return house;
}

/** As if the marketplace had refused them. */
async function refuse(house: House, ids: readonly number[], cause = 'amazon/other'): Promise<void> {
  const rows = await house.context.store.db.updateTable('sync').set({ status: 'rejected', cause, ended_at: house.clock.now(), failures: 1 }).where('id', 'in', ids).returning('account').execute();
  for (const { account } of rows) {
    await house.context.store.db.updateTable('counter').set((eb) => ({ n: eb('n', '-', 1) })).where('account', '=', account).where('status', '=', 'ready').execute();
    await house.context.store.db.insertInto('counter').values({ account, status: 'rejected', cause, n: 1 }).onConflict((conflict) => conflict.columns(['account', 'status', 'cause']).doUpdateSet((eb) => ({ n: eb('counter.n', '+', 1) }))).execute();
  }
}

describe('the sync log', () => {
  test('comes newest first, a page at a time, each sync once', async () => {
    const house = await withLog();
    const seen: number[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      const { json }: { json: { syncs: { id: number }[]; next: string | null } } = await house.get(`/api/v1/syncs?limit=7&cursor=${cursor}`);
      seen.push(...json.syncs.map(({ id }) => id));
      cursor = json.next;
      expect(pages).toBeLessThan(10);
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => 30 - i));
  });

  test('a page that is exactly full is followed by none', async () => {
    const house = await withLog();
    expect((await house.get('/api/v1/syncs?limit=30')).json.next).toBeNull();
    expect((await house.get('/api/v1/syncs?limit=29')).json.next).not.toBeNull();
  });

  test('what is applied meanwhile does not disturb the pages', async () => {
    const house = await withLog();
    const first = await house.get('/api/v1/syncs?limit=10');
    await house.send('POST', '/api/v1/applied-states', [shipped('NEW-1')]);
    const second = await house.get(`/api/v1/syncs?limit=10&cursor=${first.json.next}`);
    expect(second.json.syncs.map(({ id }: { id: number }) => id)).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11]);
  });

  test.each<[string, number]>([
    ['', 30],
    ['status=&cause=&account=&order=&since=&cursor=&limit=', 30],
    ['account=ebay-fr', 10],
    ['account=shop', 0],
    ['status=ready', 10],
    ['status=ready,held', 30],
    ['status=ready&status=held', 30],
    ['status=rejected', 0],
    ['status=waiting', 10],
    ['status=to-complete,failed', 20],
    ['cause=order/not-imported', 10],
    ['cause=order%2Ftracking-missing&account=ebay-fr', 10],
    ['order=A-3', 1],
    ['order=C-A-3', 1],
    ['order=NOPE', 0],
    ['since=1d', 20],
    ['since=3d', 30],
    ['since=2026-11-25', 20],
    ['since=2026-11-24T00:00:00Z', 20],
    ['since=0m', 20],
    ['since=2026-11-25&status=held', 10],
  ])('?%s finds %i', async (query, n) => {
    const house = await withLog();
    expect((await house.get(`/api/v1/syncs?${query}`)).json.syncs).toHaveLength(n);
  });

  test.each<[string, string, string]>([
    ['state=ready', 'unknown-member', 'state'],
    ['status=wating', 'not-one-of', 'status'],
    ['limit=0', 'out-of-range', 'limit'],
    ['limit=501', 'out-of-range', 'limit'],
    ['limit=1e2', 'out-of-range', 'limit'],
    ['cursor=nonsense', 'malformed', 'cursor'],
    ['cursor=c3luY3M6MA', 'malformed', 'cursor'],
    ['since=yesterday', 'date-malformed', 'since'],
    ['since=2026-02-30', 'date-malformed', 'since'],
    ['account=amazon-rf', 'unknown-account', 'account'],
    ['account=a&account=b', 'wrong-type', 'account'],
    ['__proto__=x', 'unknown-member', '__proto__'],
    ['order=%00', 'text-characters', 'order'],
  ])('?%s is refused', async (query, code, field) => {
    const house = await openHouse();
    const { json } = await house.get(`/api/v1/syncs?${query}`);
    expect(json).toMatchObject({ status: 400, type: 'urn:suivi:problem:wrong-parameters', errors: [{ code, field }] });
  });

  test('a misspelt filter names the one that was meant', async () => {
    const house = await openHouse();
    expect((await house.get('/api/v1/syncs?statut=ready')).json.errors[0].message).toContain('“status”');
  });
});

describe('one sync', () => {
  test('has the members of the contract, and its cause in words', async () => {
    const house = await openHouse();
    await house.send('POST', '/api/v1/applied-states', [shipped('X-1')]);
    const { json } = await house.get('/api/v1/syncs');
    expect(json.syncs).toEqual([
      {
        id: 1,
        account: 'amazon-fr',
        order: 'X-1',
        operation: 'confirm-shipment',
        status: 'held',
        cause: 'order/not-imported',
        shipBy: '2026-11-25T09:00:00.000Z',
        attempts: 0,
        failures: 0,
        createdAt: '2026-11-23T09:00:00.000Z',
        diagnosis: { what: expect.stringContaining('not been imported'), remedy: expect.any(String) },
      },
    ]);
    expect((await house.get('/api/v1/syncs', { headers: { 'accept-language': 'fr' } })).json.syncs[0].diagnosis.what).toContain('pas encore');
  });

  test('that never was is not found', async () => {
    const house = await openHouse();
    for (const id of ['1', '0', '-1', 'x', '1e3', '01', '99999999999999999999', '%31%00']) {
      for (const suffix of ['', '/proof']) expect((await house.get(`/api/v1/syncs/${id}${suffix}`)).json.type).toBe('urn:suivi:problem:unknown-sync');
    }
  });

  test('shows every try: the intent, the outcome, and what was said and answered', async () => {
    const stage = await openStage();
    const house = await openHouse({ context: stage.shop.context, clock: stage.clock });
    await stage.sell('A-1');
    stage.remote.script('confirmShipment', 'unavailable', 'ok');
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    await stage.pass(120_000);
    const { json } = await house.get(`/api/v1/syncs/${syncs[0]?.id}`);
    expect(json).toMatchObject({ status: 'accepted', attempts: 2, reference: expect.any(String) });
    expect(json.attemptLog).toMatchObject([
      { attempt: 1, step: 'send', call: 'confirmShipment', intent: { body: { step: 'send', tells: { order: 'A-1' } } }, outcome: { outcome: 'unavailable', late: false } },
      { attempt: 2, step: 'send', call: 'confirmShipment', outcome: { outcome: 'accepted' } },
    ]);
    expect(json.attemptLog[0].intent.entry).toBeLessThan(json.attemptLog[0].outcome.entry);
    expect(json.attemptLog[1].intent.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the four verbs', () => {
  test('what failed is put back to work, with a record, a name and a reason in the journal', async () => {
    const house = await withLog();
    await refuse(house, [11, 12, 13]);
    house.rung.length = 0;
    const { json } = await house.send('POST', '/api/v1/syncs/rerun', { cause: 'amazon/other', reason: 'The mapping is right now' });
    expect(json).toEqual({ id: 1, dryRun: false, done: [11, 12, 13], leftOut: [] });
    expect((await house.get('/api/v1/syncs/11')).json.status).toBe('ready');
    expect(house.rung).toEqual([['amazon-fr']]);
    const entry = await house.context.store.db.selectFrom('audit_body').select('body').where('lane', '=', '#journal').orderBy('number', 'desc').executeTakeFirstOrThrow();
    expect(JSON.parse(entry.body)).toMatchObject({ by: 'api/erp', reason: 'The mapping is right now', syncs: [11, 12, 13] });
  });

  test('a dry run says the same and does nothing', async () => {
    const house = await withLog();
    await refuse(house, [11, 12]);
    house.rung.length = 0;
    const asked = { ids: [11, 12, 14, 4711], reason: 'x' };
    const { json: dry } = await house.send('POST', '/api/v1/syncs/rerun', { ...asked, dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, done: [11, 12], leftOut: [{ sync: 14, why: 'waiting' }, { sync: 4711, why: 'gone', message: 'not found' }] });
    expect('id' in dry).toBe(false);
    expect((await house.get('/api/v1/syncs/11')).json.status).toBe('rejected');
    expect(house.rung).toEqual([]);
    // The words of the log, as a list or in one text, stand for the same.
    for (const status of [['failed'], ['rejected', 'exhausted'], 'failed', 'rejected, exhausted']) expect((await house.send('POST', '/api/v1/syncs/rerun', { status, reason: 'x', dryRun: true })).json.done, String(status)).toEqual(dry.done);
    const { json: real } = await house.send('POST', '/api/v1/syncs/rerun', asked);
    expect([real.done, real.leftOut]).toEqual([dry.done, dry.leftOut]);
  });

  test.each<[object, number, string]>([
    [{ reason: 'x' }, 400, 'filter-missing'],
    [{ reason: 'x', ids: [] }, 400, 'filter-missing'],
    [{ reason: 'x', status: [] }, 400, 'filter-missing'],
    [{ ids: [1] }, 400, 'malformed'],
    [{ ids: [1], reason: ' ' }, 400, 'malformed'],
    [{ ids: [1], account: 'amazon-fr', reason: 'x' }, 400, 'malformed'],
    [{ ids: ['1'], reason: 'x' }, 400, 'malformed'],
    [{ ids: [1.5], reason: 'x' }, 400, 'malformed'],
    [{ ids: Array.from({ length: 1_001 }, (_, i) => i + 1), reason: 'x' }, 400, 'malformed'],
    [{ status: ['failled'], reason: 'x' }, 400, 'malformed'],
    [{ status: ['waiting'], reason: 'x' }, 400, 'malformed'],
    [{ status: ['confirmed'], reason: 'x' }, 400, 'malformed'],
    [{ since: 'x', reason: 'x' }, 400, 'malformed'],
    [{ account: 'amazon-rf', reason: 'x' }, 400, 'malformed'],
    [{ filter: { account: 'amazon-fr' }, reason: 'x' }, 400, 'malformed'],
  ])('%j is refused', async (body, status, code) => {
    const house = await withLog();
    const got = await house.send('POST', '/api/v1/syncs/rerun', body);
    expect([got.status, got.json.type]).toEqual([status, `urn:suivi:problem:${code}`]);
    expect((await house.context.store.db.selectFrom('rerun').select('id').execute()).length).toBe(0);
  });

  test('a rerun of thousands lets others have their turn', async () => {
    const house = await openHouse();
    for (let part = 0; part < 2; part += 1) await house.send('POST', '/api/v1/applied-states', Array.from({ length: 1_000 }, (_, i) => shipped(`X-${part}-${i}`)));
    await house.context.store.db.updateTable('sync').set({ status: 'rejected', cause: 'amazon/other', ended_at: 1 }).execute();
    await house.context.store.db.updateTable('counter').set({ status: 'rejected', cause: 'amazon/other' }).where('status', '=', 'held').execute();
    const over = new AbortController();
    const rerun = house.send('POST', '/api/v1/syncs/rerun', { account: 'amazon-fr', reason: 'x' }).finally(() => over.abort());
    let answered = 0;
    while (!over.signal.aborted) {
      await house.get('/healthz');
      answered += 1;
    }
    expect((await rerun).json.done).toHaveLength(2_000);
    // The last may have been answered after it.
    expect(answered - 1).toBeGreaterThan(10);
  });

  test('one that is cancelled never leaves; asked again, it is left as it is, with the reason', async () => {
    const house = await withLog();
    house.rung.length = 0;
    expect((await house.send('POST', '/api/v1/syncs/11/cancel', { reason: 'Wrong parcel' })).json).toMatchObject({ id: 11, status: 'cancelled', cause: 'person/stopped' });
    expect(house.rung).toEqual([['amazon-fr']]);
    expect((await house.send('POST', '/api/v1/syncs/11/cancel', { reason: 'x' })).json).toMatchObject({ status: 409, why: 'given-up', detail: expect.stringContaining('already cancelled') });
    expect((await house.send('POST', '/api/v1/syncs/11/cancel', { reason: 'x' }, { headers: { 'accept-language': 'fr' } })).json.detail).toContain('abandonnée');
  });

  test('one that is resolved is closed as done, and can be resent', async () => {
    const house = await withLog();
    expect((await house.send('POST', '/api/v1/syncs/11/resolve', { reason: 'Done by hand' })).json).toMatchObject({ status: 'accepted', cause: 'person/closed-by-hand' });
    expect((await house.send('POST', '/api/v1/syncs/11/resend', { reason: 'It was not' })).json.status satisfies Status).toBe('ready');
    expect((await house.send('POST', '/api/v1/syncs/12/resend', { reason: 'x' })).json).toMatchObject({ status: 409, why: 'waiting' });
  });

  test.each(['cancel', 'resend', 'resolve'])('%s wants a reason, and a sync that is there', async (verb) => {
    const house = await withLog();
    for (const body of [{}, { reason: '' }, { reason: 5 }, { reason: 'x'.repeat(501) }, { reason: 'x', force: true }]) expect((await house.send('POST', `/api/v1/syncs/11/${verb}`, body)).json.type).toBe('urn:suivi:problem:malformed');
    expect((await house.call('POST', `/api/v1/syncs/11/${verb}`)).json.type).toBe('urn:suivi:problem:body-missing');
    expect((await house.send('POST', `/api/v1/syncs/4711/${verb}`, { reason: 'x' })).json.type).toBe('urn:suivi:problem:unknown-sync');
    expect((await house.get('/api/v1/syncs/11')).json.status).toBe('ready');
  });
});
