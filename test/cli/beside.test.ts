import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/marketplaces/simulator/simulator.ts';
import { openRoom, openSimulator, orderLine, until } from './room.ts';
import type { Room } from './room.ts';

const rerunFailed = fileURLToPath(new URL('../../scripts/rerun-failed.ts', import.meta.url));

let simulator: Simulator;
let room: Room;
let daemon: Awaited<ReturnType<Room['daemon']>>;
let watcher: string;
beforeAll(async () => {
  simulator = await openSimulator();
  room = openRoom({ amazon: simulator.amazon.endpoint, ebay: simulator.ebay.endpoint });
  daemon = await room.daemon();
  await room.done('states', 'add', 'EXPEDIEE', '--grace', '0');
  watcher = (await room.done('tokens', 'create', 'watcher', '--scope', 'read')).trim();
});
afterAll(async () => {
  await room.close();
  await simulator.close();
});

/** An order appears at Amazon. */
function arrive(): string {
  return simulator.amazon.brain.world.add({ lines: [{ sku: 'MUG', quantity: 2 }] }).id;
}

function parcelsOf(order: string): readonly string[] {
  return simulator.amazon.brain.ledger.packages().filter((one) => one.order === order).map(({ tracking }) => tracking ?? '');
}

/** Applies a shipment by the command line; the sync's number. */
async function ship(order: string, carrier: string, tracking: string): Promise<string> {
  const [answer] = await room.json('apply', 'EXPEDIEE', '--order', order, '--account', 'amazon-fr', '--carrier', carrier, '--tracking', tracking);
  return String(answer.syncs[0].id);
}

/** What the API answers to somebody who may read. */
async function ask(path: string, token = watcher): Promise<any> { // eslint-disable-line typescript/no-explicit-any
  return (await fetch(`${daemon.address}/api/v1${path}`, { headers: { 'authorization': `Bearer ${token}`, 'accept-language': 'en' } })).json();
}

async function statusOf(sync: string): Promise<string> {
  return (await ask(`/syncs/${sync}`)).status;
}

async function becomes(sync: string, ...statuses: readonly string[]): Promise<void> {
  await until(async () => statuses.includes(await statusOf(sync)), `sync ${sync} is ${statuses.join(' or ')}`).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await room.done('syncs', 'show', sync)}`, { cause: error });
  });
}

describe('beside the running daemon', () => {
  test('what is applied is told at the marketplace by itself, and what is the shop’s own is not', async () => {
    const order = arrive();
    room.write('orders.jsonl', orderLine('B-10482', { account: 'shop' }));
    await room.done('orders', 'import', 'orders.jsonl');
    const [own, applied] = await Promise.all([
      room.run('apply', 'EXPEDIEE', '--order', 'B-10482', '--carrier', 'Colissimo', '--tracking', '8R00000000001'),
      room.run('apply', 'EXPEDIEE', '--order', order, '--account', 'amazon-fr', '--carrier', 'Chronopost', '--tracking', 'XY100000001FR'),
    ]);
    await until(() => parcelsOf(order).length > 0, 'the parcel is there');
    expect([own.code, applied.code]).toEqual([0, 0]);
    expect(own.out).toContain('no marketplace has to be told');
    expect(parcelsOf(order)).toEqual(['XY100000001FR']);
  });

  test('what was refused for its carrier is found by its cause, and leaves once the carrier is mapped and it is rerun', async () => {
    const order = arrive();
    const sync = await ship(order, 'Colissimo', '8R00000000002');
    await becomes(sync, 'rejected');
    const [failed, shown, causes, differences] = await Promise.all([room.json('syncs', '--status', 'failed', '--since', '1h'), room.done('syncs', 'show', sync), room.json('syncs', 'causes'), room.run('reconcile', '--account', 'amazon-fr')]);
    expect(failed.syncs).toMatchObject([{ id: Number(sync), order, status: 'rejected', cause: 'amazon/carrier-unknown', diagnosis: { remedy: expect.any(String) as string } }]);
    for (const words of ['failed (rejected)', 'confirmShipment', 'suivi carriers map Colissimo --account amazon-fr --code', `suivi rerun ${sync} --reason`]) expect(shown).toContain(words);
    expect(causes.causes).toMatchObject([{ account: 'amazon-fr', cause: 'amazon/carrier-unknown', count: 1 }]);
    expect([differences.code, differences.out.includes('Applied here, not taken there'), differences.out.includes(order)]).toEqual([1, true, true]);

    await room.done('carriers', 'map', 'Colissimo', '--account', 'amazon-fr', '--code', 'Other', '--other-name', 'Colissimo');
    const which = ['--account', 'amazon-fr', '--cause', 'amazon/carrier-unknown', '--since', '1d', '--reason', 'carrier mapped', '--as', 'Marie'];
    expect(await room.done('rerun', ...which, '--dry-run')).toContain(`it would be 1 sync (#${sync})`);
    expect(await statusOf(sync)).toBe('rejected');
    const rerun = await room.runWith({ script: rerunFailed }, ...which);
    expect([rerun.code, rerun.out], rerun.err).toEqual([0, `rerun the sync: 1 sync (#${sync})\n`]);
    await until(() => parcelsOf(order).length > 0, 'the parcel is there');
    expect((await room.done('orders', 'show', order)).match(/rerun the sync, by Marie: carrier mapped/g)).toHaveLength(1);
    const again = await room.runWith({ script: rerunFailed }, sync, '--reason', 'again', '--as', 'Marie');
    expect([again.code, again.out.includes('left out: 1')], again.out).toEqual([1, true]);
    expect(parcelsOf(order)).toEqual(['8R00000000002']);
  });

  test('an account that is paused lets nothing leave until it is resumed', async () => {
    const order = arrive();
    await room.done('accounts', 'pause', 'amazon-fr', '--reason', 'stock-taking', '--as', 'Marie');
    const sync = await ship(order, 'Chronopost', 'XY100000003FR');
    const listed = await room.run('accounts', 'list');
    expect([listed.code, listed.out.includes('paused by Marie')]).toEqual([0, true]);
    expect([await statusOf(sync), parcelsOf(order)]).toEqual(['ready', []]);
    await room.done('accounts', 'resume', 'amazon-fr', '--as', 'Marie');
    await until(() => parcelsOf(order).length > 0, 'the parcel is there');
    expect((await room.json('accounts', 'list')).accounts).toMatchObject([{ id: 'amazon-fr', paused: false }, { id: 'ebay-fr' }]);
  });

  test('token, role, clock and limits of the accounts are checked, in words and as JSON', async () => {
    const [words, json] = await Promise.all([room.run('accounts', 'check', '--lang', 'fr'), room.json('accounts', 'check', 'ebay-fr')]);
    expect(words.code).toBe(0);
    for (const part of ['amazon-fr (Amazon)', 'ebay-fr (eBay)', 'searchOrders', 'par seconde']) expect(words.out).toContain(part);
    expect(json.accounts).toMatchObject([{ account: 'ebay-fr', ok: true }]);
  });

  test('what is held can be given up, what is settled by hand is closed, what went through is sent again only on somebody’s word', async () => {
    const order = arrive();
    const [answer] = await room.json('apply', 'EXPEDIEE', '--order', order, '--account', 'amazon-fr', '--carrier', 'Chronopost');
    const held = String(answer.syncs[0].id);
    expect((await room.json('cancel', held, '--reason', 'told by hand', '--as', 'Marie')).done).toEqual([Number(held)]);
    const left = await room.run('resolve', held, '--as-done', '--reason', 'seen there', '--as', 'Marie', '--lang', 'fr');
    expect([left.code, left.out.includes('laissées de côté')]).toEqual([1, true]);

    const other = arrive();
    const told = await ship(other, 'Chronopost', 'XY100000004FR');
    await becomes(told, 'accepted', 'confirmed');
    const asked = await room.run('resend', told, '--reason', 'not shown', '--as', 'Marie');
    expect([asked.code, asked.err.includes('the buyer may be told twice')]).toEqual([2, true]);
    expect((await room.json('resend', told, '--reason', 'not shown', '--as', 'Marie', '--yes')).done).toEqual([Number(told)]);
    await until(() => simulator.amazon.brain.ledger.effects().filter((effect) => effect.order === other).length === 2, 'it was sent again');
    expect(parcelsOf(other)).toEqual(['XY100000004FR']);
  });

  test('what somebody shipped there by hand shows as a difference, and is no work of ours', async () => {
    const order = arrive();
    await until(async () => (await ask(`/orders/amazon-fr/${order}`)).lines?.length > 0, 'the order is imported');
    simulator.amazon.brain.world.shipByHand(order, { carrier: 'Chronopost', tracking: 'XY100000005FR' });
    // A sweep a second looks at the marketplace, and each look at its outcome is a process.
    await until(async () => (await room.json('reconcile')).differences.some((one: { order: string }) => one.order === order), 'the difference shows', { every: 1_000 });
    expect((await room.json('reconcile')).differences).toContainEqual({ kind: 'shipped-there-only', account: 'amazon-fr', order, shipBy: expect.any(String) as string });
  });

  test('what --json prints has the members of the API’s answers', async () => {
    const token = (await room.done('tokens', 'create', 'erp', '--scope', 'read')).trim();
    expect(token).toMatch(/^suivi_[\w-]{43}$/);
    const get = async (path: string): Promise<unknown> => ask(path, token);
    const { syncs } = await room.json('syncs', '--limit', '1');
    const { id, order } = syncs[0] as { id: number; order: string };
    const { observed: _, ...proof } = (await get(`/syncs/${id}/proof`)) as Record<string, unknown>;
    const pairs = await Promise.all([
      Promise.all([room.json('syncs', '--limit', '3'), get('/syncs?limit=3')]),
      Promise.all([room.json('syncs', 'show', String(id)), get(`/syncs/${id}`)]),
      Promise.all([room.json('orders', 'show', order), get(`/orders/amazon-fr/${order}`)]),
      Promise.all([room.json('states', 'list'), get('/states')]),
      Promise.all([room.json('syncs', 'causes'), get('/causes')]),
    ]);
    for (const [printed, answered] of pairs) expect(Object.keys(answered as object).length === 0 ? null : shapeOf(printed)).toEqual(shapeOf(answered));
    expect(Object.keys(await room.json('syncs', 'proof', String(id))).toSorted()).toEqual(Object.keys(proof).toSorted());
    expect((await room.run('tokens', 'create', 'erp', '--scope', 'read')).code).toBe(1);
    expect((await room.json('tokens', 'list')).tokens).toContainEqual(expect.objectContaining({ name: 'erp', scope: 'read', lastUsedAt: expect.any(String) as string }));
    await room.done('tokens', 'revoke', 'erp');
    expect((await fetch(`${daemon.address}/api/v1/syncs`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect((await room.run('tokens', 'revoke', 'erp')).code).toBe(1);
  });
});

/** Members without their values, which move while the daemon works. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, shapeOf(one)]));
}
