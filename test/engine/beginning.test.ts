import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { meetAccounts, pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { putOrders } from '../../src/store/orders.ts';
import { backupTo, restoreFrom } from '../../src/store/backup.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'suivi-'));
  folders.push(made);
  return made;
}

describe('the starting moment', () => {
  test('what was applied before it is history: shown, never told', async () => {
    const stage = await openStage({ plan: { from: Date.parse('2026-11-23T12:00:00Z') } });
    await stage.sell('A-1', { placedAt: stage.clock.now() - hour });
    const { syncs } = await stage.ship('A-1');
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'skipped', cause: 'planning/before-start' });
    await stage.start();
    await stage.pass(4 * hour);
    expect(stage.remote.met).toEqual([]);
  });

  test('what is applied after it is told, also of an older order', async () => {
    const stage = await openStage({ plan: { from: Date.parse('2026-11-23T12:00:00Z') } });
    await stage.sell('A-1', { placedAt: stage.clock.now() - hour });
    await stage.pass(3 * hour);
    await stage.ship('A-1');
    await stage.start();
    expect(stage.remote.effects).toHaveLength(1);
  });

  test('it is the moment the account was first met, unless the settings name one, and stays it', async () => {
    const stage = await openStage();
    const { context } = stage.shop;
    const met = { id: 'amazon-de', marketplace: 'amazon', mode: 'live', from: null } as const;
    const first = stage.clock.now();
    await meetAccounts(context, [met], first);
    await meetAccounts(context, [met], first + hour);
    const from = () => context.store.db.selectFrom('account').select('live_from').where('id', '=', 'amazon-de').executeTakeFirstOrThrow();
    expect(await from()).toEqual({ live_from: first });
    await meetAccounts(context, [{ ...met, from: 5 }], first);
    expect(await from()).toEqual({ live_from: 5 });
  });

  test('the first import takes orders still to ship that the merchant fulfils, no more', async () => {
    const stage = await openStage({ plan: { from: Date.parse('2026-11-23T09:00:00Z') } });
    const old = { placedAt: stage.clock.now() - 48 * hour, imported: false };
    await stage.sell('TO-SHIP', old);
    await stage.sell('SHIPPED', old);
    stage.remote.shipByHand('SHIPPED', { trackingNumber: 'H' });
    await stage.sell('CANCELLED', { ...old, cancellation: 'cancelled' });
    await stage.sell('THEIRS', { ...old, fulfilment: 'marketplace' });
    await stage.sell('PARTLY', { ...old, lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    stage.remote.shipByHand('PARTLY', { trackingNumber: 'H', lines: [{ lineId: 'L1', quantity: 1 }] });
    await stage.read();
    const rows = await stage.shop.context.store.db.selectFrom('orders').select('reference').orderBy('reference').execute();
    expect(rows.map((row) => row.reference)).toEqual(['PARTLY', 'TO-SHIP']);
  });
});

test('a seller’s new account is imported from the first page on: the others’ cursor knows nothing of its orders', async () => {
  const scope = { sweep: 'seller', quota: 'seller' };
  const stage = await openStage({ plan: { scope }, others: [{ id: 'amazon-de', marketplace: 'amazon', scope }] });
  const { context, ledger } = stage.shop;
  await context.store.db.deleteFrom('account').where('id', '=', 'amazon-de').execute();
  await stage.swept();
  const met = { marketplace: 'amazon', mode: 'live', from: null } as const;
  await meetAccounts(context, [{ id: 'amazon-fr', ...met }], stage.clock.now());
  expect((await ledger.sweep('seller')).until).toBe(stage.clock.now());
  await meetAccounts(context, [{ id: 'amazon-fr', ...met }, { id: 'amazon-de', ...met }], stage.clock.now());
  expect((await ledger.sweep('seller')).until).toBeNull();
});

describe('observe and pause', () => {
  test('an observing account plans and shows everything, and nothing leaves', async () => {
    const stage = await openStage({ plan: { mode: 'observe' } });
    await stage.sell('A-1');
    const { syncs, warnings } = await stage.ship('A-1');
    expect(warnings.map((warning) => warning.code)).toContain('observing');
    await stage.start({ sweeping: true });
    await stage.pass(hour);
    expect(stage.remote.met.map((met) => met.call)).not.toContain('confirmShipment');
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('ready');
    // What is done by hand meanwhile is taken over.
    stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1' });
    await stage.pass(5 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
  });

  test('a paused account keeps everything, and reads before it sends when it is resumed', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    await stage.sell('A-2');
    await pauseAccount(stage.shop.context, 'amazon-fr', 'Ana', 'inventory', stage.clock.now());
    await stage.ship('A-1');
    await stage.ship('A-2');
    await stage.start({ sweeping: true });
    await stage.pass(20 * minute);
    expect(stage.remote.effects).toEqual([]);
    stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1' });
    await resumeAccount(stage.shop.context, 'amazon-fr', 'Ana', 'done', stage.clock.now());
    stage.ring();
    await stage.pass(5 * minute);
    expect(stage.remote.effects.map((effect) => effect.order)).toEqual(['A-2']);
    const journal = await stage.shop.context.store.db.selectFrom('audit_entry').select('kind').where('lane', '=', '#journal').where('kind', 'like', 'account-%').orderBy('number').execute();
    expect(journal.map((row) => row.kind)).toEqual(['account-paused', 'account-resumed']);
  });

  test('what is under way when an account is paused is finished', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.remote.script('confirmShipment', { until: promise });
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    await pauseAccount(stage.shop.context, 'amazon-fr', 'Ana', 'inventory', stage.clock.now());
    resolve();
    await stage.pass(0);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('accepted');
  });

  test('an account that observed until now reads before it sends', async () => {
    const stage = await openStage();
    const { context } = stage.shop;
    const met = { id: 'amazon-fr', marketplace: 'amazon', from: null } as const;
    const first = await stage.start({ name: 'one' });
    await first.stop();
    await meetAccounts(context, [{ ...met, mode: 'observe' }], stage.clock.now());
    await stage.pass(second);
    await meetAccounts(context, [{ ...met, mode: 'live' }], stage.clock.now());
    await stage.sell('A-1');
    await stage.ship('A-1');
    stage.remote.always('searchOrders', 'unavailable');
    await stage.start({ name: 'two', sweeping: true });
    await stage.pass(2 * minute);
    expect(stage.remote.effects).toEqual([]);
    stage.remote.always('searchOrders', null);
    await stage.pass(4 * minute);
    expect(stage.remote.effects).toHaveLength(1);
  });
});

describe('a lane that begins, or comes back after longer than a sweep', () => {
  test('sends nothing before the changed orders were read', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    await stage.sell('A-2');
    await stage.ship('A-1');
    await stage.ship('A-2');
    stage.remote.shipByHand('A-2', { trackingNumber: 'BY-HAND' });
    await stage.start({ sweeping: true });
    await stage.pass(minute);
    expect(stage.remote.met.map((met) => met.call)).toEqual(['searchOrders', 'confirmShipment']);
    expect(stage.remote.effects.map((effect) => effect.order)).toEqual(['A-1']);
  });

  // A sweep is three minutes.
  test.each([
    ['within a sweep goes on at once', 2 * minute, 1],
    ['later than that tells nothing before the orders can be read', 4 * minute, 0],
  ])('one that comes back %s', async (_, after, told) => {
    const stage = await openStage();
    const first = await stage.start({ name: 'one', sweeping: true });
    await stage.pass(minute);
    await first.stop();
    await stage.sell('A-1');
    await stage.ship('A-1');
    stage.remote.always('searchOrders', 'unavailable');
    await stage.pass(after);
    await stage.start({ name: 'two', sweeping: true });
    await stage.pass(second);
    expect(stage.remote.effects).toHaveLength(told);
  });

  test('what an earlier version named after another call is told by the calls that this one makes', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const id = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    await stage.shop.context.store.db.updateTable('sync').set({ call: 'confirmShipmentOfOld' }).where('id', '=', id).execute();
    await stage.start();
    expect(stage.remote.effects).toHaveLength(1);
  });
});

describe('a restored backup', () => {
  /** Five orders at five points of their way, backed up; then more is done; then the backup is put back. */
  async function restored(): Promise<{ stage: Stage; before: Stage; file: string }> {
    const file = join(folder(), 'suivi.db');
    const before = await openStage({ kind: 'ebay', file });
    await before.sell('DONE');
    await before.ship('DONE');
    const first = await before.start();
    await first.stop();
    await before.sell('READY');
    await before.ship('READY');
    await before.sell('HELD', { payment: 'in-progress' });
    await before.ship('HELD');
    await before.sell('GRACE');
    await before.ship('GRACE', {}, { byHand: true });
    await backupTo(before.shop.context.store, `${file}.backup`);
    const second_ = await before.start({ name: 'after' });
    await before.pass(2 * minute);
    expect(before.remote.effects.map((effect) => effect.order)).toEqual(['DONE', 'READY', 'GRACE']);
    await second_.stop();
    await before.close();
    const { audit } = before.shop.context;
    await restoreFrom(`${file}.backup`, file, audit, 'Ana', before.clock.now());
    const stage = await openStage({ kind: 'ebay', file, clock: before.clock, remote: before.remote });
    return { stage, before, file };
  }

  test('starts with every account in observe: nothing leaves', async () => {
    const { stage } = await restored();
    const calls = stage.remote.met.length;
    await stage.start();
    await stage.pass(hour);
    expect(stage.remote.met).toHaveLength(calls);
  });

  test('knows of no call that was made since: its budgets begin empty', async () => {
    const { stage } = await restored();
    const budgets = await stage.shop.context.store.db.selectFrom('quota').select(['tokens', 'refilled_at']).execute();
    expect(budgets.length).toBeGreaterThan(0);
    for (const budget of budgets) expect(budget).toEqual({ tokens: 0, refilled_at: stage.clock.now() });
  });

  test('looks for every open sync before it sends, once a person has said so', async () => {
    const { stage } = await restored();
    await stage.start({ sweeping: true });
    await resumeAccount(stage.shop.context, 'ebay-fr', 'Ana', 'restored', stage.clock.now());
    stage.ring();
    await stage.pass(20 * minute);
    expect(stage.remote.effects.map((effect) => effect.order)).toEqual(['DONE', 'READY', 'GRACE']);
    const rows = await stage.shop.context.store.db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(['orders.reference', 'sync.status']).orderBy('sync.id').execute();
    expect(rows).toEqual([{ reference: 'DONE', status: 'confirmed' }, { reference: 'READY', status: 'confirmed' }, { reference: 'HELD', status: 'held' }, { reference: 'GRACE', status: 'confirmed' }]);
  });

  test('looks first also for what is held now and goes later', async () => {
    const { stage } = await restored();
    await stage.start({ sweeping: true });
    await resumeAccount(stage.shop.context, 'ebay-fr', 'Ana', 'restored', stage.clock.now());
    stage.ring();
    await stage.pass(5 * minute);
    const from = stage.remote.met.length;
    stage.remote.change('HELD', { payment: 'confirmed' });
    await stage.pass(10 * minute);
    const calls = stage.remote.met.slice(from).filter((met) => met.order === 'HELD').map((met) => met.call);
    // Once: that it is not there is known then, whatever is read of the order afterwards.
    expect(calls.slice(0, 2)).toEqual(['getShippingFulfillments', 'createShippingFulfillment']);
  });

  test.each([
    ['', true],
    [', nor even of its order', false],
  ])('looks first also for what is applied again because the backup does not know of it%s', async (_, known) => {
    const file = join(folder(), 'suivi.db');
    const before = await openStage({ kind: 'ebay', file });
    if (known) await before.sell('SINCE');
    await backupTo(before.shop.context.store, `${file}.backup`);
    if (!known) await before.sell('SINCE');
    await before.ship('SINCE');
    const first = await before.start();
    await before.pass(2 * minute);
    await first.stop();
    await before.close();
    await restoreFrom(`${file}.backup`, file, before.shop.context.audit, 'Ana', before.clock.now());
    const stage = await openStage({ kind: 'ebay', file, clock: before.clock, remote: before.remote });
    const again = await stage.ship('SINCE');
    if (!known) await putOrders(stage.shop.context, [{ account: 'ebay-fr', reference: 'SINCE', placedAt: stage.clock.now(), lines: [{ lineId: 'L1', sku: 's', title: 't', quantity: 1 }] }], stage.clock.now());
    // eBay's list of changed orders need not show what was told: only a look does.
    await stage.start();
    await resumeAccount(stage.shop.context, 'ebay-fr', 'Ana', 'restored', stage.clock.now());
    await stage.swept();
    stage.ring();
    await stage.pass(10 * minute);
    expect(stage.remote.effects.map((effect) => effect.order)).toEqual(['SINCE']);
    expect(await stage.status(again.syncs[0]?.id ?? 0)).toBe('confirmed');
  });

  test('what is applied since can be undone as a whole, and says what nobody has looked for yet', async () => {
    const { stage } = await restored();
    const { db } = stage.shop.context.store;
    await stage.pass(minute);
    await stage.sell('AGAIN', { placedAt: stage.clock.now() - hour });
    const { id, syncs } = await stage.ship('AGAIN', {}, { byHand: true });
    const sync = syncs[0]?.id ?? 0;
    expect(await undoApplied(stage.shop.context, id, 'Ana', stage.clock.now())).toEqual({ applied: id, whole: true, cancelled: [sync], left: [], doubtful: [sync], standsFor: [] });
    expect(await db.selectFrom('parcel').select('id').where('applied_state_id', '=', id).where('voided_at', 'is', null).execute()).toEqual([]);
    expect((await stage.ship('AGAIN')).syncs).toMatchObject([{ status: 'ready' }]);
    // What was open in the backup may have been told itself.
    const { applied_state_id: open } = await db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select('applied_state_id').where('orders.reference', '=', 'READY').executeTakeFirstOrThrow();
    expect(await undoApplied(stage.shop.context, open ?? 0, 'Ana', stage.clock.now())).toMatchObject({ whole: false, left: [{ status: 'ready' }], doubtful: [] });
  });

  test('what two have applied since stands for the other one, and is doubtful once neither wants it', async () => {
    const { stage } = await restored();
    await stage.pass(minute);
    await stage.sell('TWICE', { placedAt: stage.clock.now() - hour });
    const { id, syncs } = await stage.ship('TWICE', {}, { source: 'cli', author: 'ann', byHand: true });
    expect(await stage.ship('TWICE', {}, { source: 'api/erp', author: 'api/erp', byHand: false })).toMatchObject({ id, again: true });
    expect(await undoApplied(stage.shop.context, id, 'ann', stage.clock.now())).toMatchObject({ whole: false, cancelled: [], doubtful: [], standsFor: [{ author: 'api/erp' }] });
    const sync = syncs[0]?.id ?? 0;
    expect(await undoApplied(stage.shop.context, id, 'api/erp', stage.clock.now())).toMatchObject({ whole: true, cancelled: [sync], doubtful: [sync], standsFor: [] });
  });

  test('keeps its chain whole, and the restore stands in the journal', async () => {
    const { stage } = await restored();
    const journal = await stage.shop.context.store.db.selectFrom('audit_entry').select('kind').where('lane', '=', '#journal').orderBy('number', 'desc').limit(1).executeTakeFirstOrThrow();
    expect(journal.kind).toBe('restored');
  });
});
