import { describe, expect, test } from 'vitest';
import { keepAlerts } from '../../src/store/alerts.ts';
import { editState } from '../../src/store/states.ts';
import { openStage } from '../support/stage.ts';
import { openHouse, order, shipped } from './house.ts';

describe('the accounts', () => {
  test('each says how it is, what waits, and what may still be called', async () => {
    const house = await openHouse({ accounts: [{ id: 'amazon-fr', marketplace: 'amazon', limits: { confirmShipment: { rate: 2, burst: 10 }, getOrder: { rate: 5, burst: 30, configured: true } } }, { id: 'amazon-de', marketplace: 'amazon', mode: 'observe' }] });
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1'), shipped('X-1')]);
    const { json } = await house.get('/api/v1/accounts');
    expect(json.accounts.map(({ id, mode }: { id: string; mode: string }) => [id, mode])).toEqual([['amazon-de', 'observe'], ['amazon-fr', 'live']]);
    expect(json.accounts[1]).toMatchObject({ marketplace: 'amazon', paused: false, laneLength: 1, syncs: { ready: 1, held: 1 }, refusals: [] });
    expect(json.accounts[1].quotas.find(({ call }: { call: string }) => call === 'confirmShipment')).toMatchObject({ rate: 1.9, burst: 10, left: 8, source: 'published', budget: 'confirmShipment' });
    const named = async () => (await house.get('/api/v1/accounts')).json.accounts[1].quotas.find(({ call }: { call: string }) => call === 'getOrder');
    expect(await named()).toMatchObject({ rate: 4.75, burst: 30, source: 'configured' });
    // What the marketplace itself names comes before both.
    const scope = house.context.profiles.get('amazon-fr')?.scope;
    await house.context.store.db.insertInto('quota').values({ scope: scope?.quota ?? '', budget: 'getOrder', rate: 47.5, burst: 30, tokens: 3, refilled_at: house.clock.now(), closed_until: 0, calm_since: 0, throttles: 0, turn: 0, published: 5 }).execute();
    expect(await named()).toMatchObject({ rate: 47.5, left: 3, source: 'told' });
  });

  test('what a marketplace refuses is shown with what to do', async () => {
    const stage = await openStage();
    const house = await openHouse({ context: stage.shop.context, clock: stage.clock });
    await stage.sell('A-1');
    stage.remote.always('*', 'credentials');
    await stage.ship('A-1');
    await stage.start();
    await stage.pass(1_000);
    const { json } = await house.get('/api/v1/accounts');
    expect(json.accounts[0].refusals).toMatchObject([{ call: '*', cause: expect.stringMatching(/^\w+\//), diagnosis: { what: expect.any(String) } }]);
  });

  test('one is paused and resumed, with a name in the journal', async () => {
    const house = await openHouse();
    const paused = await house.send('POST', '/api/v1/accounts/amazon-fr/pause', { reason: 'Stock-taking' });
    expect(paused.json).toMatchObject({ id: 'amazon-fr', paused: true, pausedAt: '2026-11-23T09:00:00.000Z', pausedBy: 'api/erp' });
    expect((await house.call('POST', '/api/v1/accounts/amazon-fr/resume')).json).toMatchObject({ paused: false });
    expect(house.rung).toEqual([['amazon-fr'], ['amazon-fr']]);
    const entries = await house.context.store.db.selectFrom('audit_entry').select(['kind', 'what']).where('lane', '=', '#journal').where('kind', 'like', 'account-%').execute();
    expect(entries).toEqual([{ kind: 'account-paused', what: 'amazon-fr' }, { kind: 'account-resumed', what: 'amazon-fr' }]);
  });

  test('one that is not here is not found, the shop neither: nothing of it leaves', async () => {
    const house = await openHouse();
    for (const id of ['amazon-de', 'shop', '%00', '__proto__']) for (const verb of ['pause', 'resume']) expect((await house.call('POST', `/api/v1/accounts/${id}/${verb}`)).json.type).toBe('urn:suivi:problem:unknown-account');
    expect((await house.send('POST', '/api/v1/accounts/amazon-fr/pause', { why: 'x' })).json.errors[0]).toMatchObject({ code: 'unknown-member', field: 'why' });
  });
});

describe('lists', () => {
  test('the states come in the merchant’s order, archived ones marked', async () => {
    const house = await openHouse();
    await editState(house.context, 'RETIREE', { archived: true }, 'test', house.clock.now());
    const { json } = await house.get('/api/v1/states');
    expect(json.states.map(({ mnemonic }: { mnemonic: string }) => mnemonic).slice(0, 3)).toEqual(['EXPEDIEE', 'EXPEDIEE_PART', 'ANNULEE']);
    expect(json.states.at(-1)).toMatchObject({ mnemonic: 'RETIREE', type: 'picked-up', archivedAt: '2026-11-23T09:00:00.000Z' });
    expect((await house.send('POST', '/api/v1/preview', [shipped('A-1', { state: 'RETIREE', parcels: [] })])).json[0].error.code).toBe('archived-state');
  });

  test('what needs somebody is counted by cause, in words', async () => {
    const house = await openHouse();
    await house.send('POST', '/api/v1/applied-states', [shipped('X-1'), shipped('X-2')]);
    const { json } = await house.get('/api/v1/causes', { headers: { 'accept-language': 'fr' } });
    expect(json.causes).toMatchObject([{ account: 'amazon-fr', status: 'held', statusShown: 'à compléter', cause: 'order/not-imported', count: 2, diagnosis: { what: expect.stringContaining('importée') } }]);
  });

  test('what is the matter at present is told', async () => {
    const house = await openHouse();
    await keepAlerts(house.context.store.db, [{ key: 'account-refused amazon-fr *', kind: 'account-refused', details: { account: 'amazon-fr', cause: 'amazon/credentials-refused' } }], house.clock.now());
    expect((await house.get('/api/v1/alerts')).json.alerts).toMatchObject([{ kind: 'account-refused', details: { account: 'amazon-fr' }, since: '2026-11-23T09:00:00.000Z', count: 1, diagnosis: { what: expect.any(String) } }]);
  });

  test('a cause that nobody has explained is shown as itself', async () => {
    const house = await openHouse();
    await keepAlerts(house.context.store.db, [{ key: 'x', kind: 'failure', details: { cause: 'later/version' } }], house.clock.now());
    expect((await house.get('/api/v1/alerts')).json.alerts).toEqual([]);
    await keepAlerts(house.context.store.db, [{ key: 'y', kind: 'queue-old', details: { cause: 'later/version' } }], house.clock.now());
    expect((await house.get('/api/v1/alerts')).json.alerts[0].diagnosis.what).toBe('later/version');
  });
});
