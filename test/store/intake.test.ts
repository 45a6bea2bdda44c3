import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/orders/applied-state.ts';
import { minute } from '../../src/runtime/clock.ts';
import { pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { applyStates, previewStates } from '../../src/store/intake.ts';
import type { Answer, Applied, Giver } from '../../src/store/intake.ts';
import { putOrders } from '../../src/store/orders.ts';
import { addressOf, isOnServer } from '../support/databases.ts';
import { refuseInserts } from '../support/refusing.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const api: Giver = { source: 'api/erp', author: 'erp', byHand: false };
const execute = promisify(execFile);
const two = [{ lineId: 'L1', quantity: 2, cancelled: 0 }];

async function opened(orders = 1): Promise<Stage> {
  const stage = await openStage();
  for (let n = 1; n <= orders; n += 1) await stage.sell(`A-${n}`, { lines: two });
  return stage;
}

function wish(more: Partial<Wish> = {}): Wish {
  return { account: 'amazon-fr', order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-1' }], ...more };
}

async function give(stage: Stage, wishes: readonly Wish[], giver = api): Promise<readonly Answer[]> {
  return applyStates(stage.shop.context, wishes, giver, stage.clock.now());
}

function applied(answer: Answer | undefined): Applied {
  if (answer === undefined || 'faults' in answer) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer;
}

/** Every row of every table. */
async function everything(stage: Stage): Promise<Record<string, unknown[]>> {
  const { db } = stage.shop.context.store;
  const all: Record<string, unknown[]> = {};
  // What the tests themselves note is none of it.
  for (const { name } of await db.introspection.getTables()) if (name !== 'seen_arrow') all[name] = (await sql.raw(`select * from ${name}`).execute(db)).rows;
  return all;
}

async function count(stage: Stage, table: 'applied_state' | 'sync' | 'parcel' | 'orders'): Promise<number> {
  return (await stage.shop.context.store.db.selectFrom(table).select('id').execute()).length;
}

describe('a caller’s own key', () => {
  test('asked again with the same content it gets the first answer, and nothing is done a second time', async () => {
    const stage = await opened();
    const first = applied((await give(stage, [wish({ sourceRef: 'erp-1' })]))[0]);
    await stage.start();
    const again = applied((await give(stage, [wish({ sourceRef: 'erp-1' })]))[0]);
    expect(again).toEqual({ ...first, again: true });
    expect(await count(stage, 'applied_state')).toBe(1);
  });

  test('the order of its members makes no difference', async () => {
    const stage = await opened();
    await give(stage, [wish({ sourceRef: 'erp-1', comment: 'Bonne route' })]);
    const turned = JSON.parse(JSON.stringify({ comment: 'Bonne route', sourceRef: 'erp-1', parcels: [{ trackingNumber: 'T-1', carrier: 'Colissimo' }], state: 'EXPEDIEE', order: 'A-1', account: 'amazon-fr' })) as Wish;
    expect(applied((await give(stage, [turned]))[0]).again).toBe(true);
  });

  test('with other content it is refused', async () => {
    const stage = await opened();
    await give(stage, [wish({ sourceRef: 'erp-1' })]);
    expect(await give(stage, [wish({ sourceRef: 'erp-1', order: 'A-2' })])).toEqual([{ faults: [{ code: 'source-ref-reused', field: 'sourceRef', found: 'erp-1' }] }]);
    expect(await count(stage, 'applied_state')).toBe(1);
  });

  test('belongs to its caller: another one’s is another key', async () => {
    const stage = await opened();
    await give(stage, [wish({ sourceRef: '1', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-1', lines: [{ lineId: 'L1', quantity: 1 }] }] })]);
    const other = await give(stage, [wish({ sourceRef: '1', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-2', lines: [{ lineId: 'L1', quantity: 1 }] }] })], { ...api, source: 'api/wms' });
    expect(applied(other[0]).again).toBe(false);
  });

  test('a refusal is not kept: what was put right goes through under the same key', async () => {
    const stage = await opened();
    expect((await give(stage, [wish({ sourceRef: 'erp-1', state: 'EXPEDIE' })]))[0]).toHaveProperty('faults');
    expect(applied((await give(stage, [wish({ sourceRef: 'erp-1' })]))[0]).again).toBe(false);
  });

  test('twice in one request: applied once', async () => {
    const stage = await opened();
    const answers = (await give(stage, [wish({ sourceRef: 'erp-1' }), wish({ sourceRef: 'erp-1' })])).map(applied);
    expect(answers.map((answer) => [answer.id, answer.again])).toEqual([[1, false], [1, true]]);
  });

  test('two callers at once: applied once', async () => {
    const stage = await opened();
    const answers = await Promise.all(Array.from({ length: 10 }, () => give(stage, [wish({ sourceRef: 'erp-1' })])));
    expect(answers.flat().map(applied).filter((answer) => !answer.again)).toHaveLength(1);
    expect(await count(stage, 'sync')).toBe(1);
  });

  test('three processes at once: applied once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'suivi-'));
    const stage = await openStage(isOnServer ? {} : { file: join(folder, 'suivi.db') });
    const script = new URL('children/apply.ts', import.meta.url).pathname;
    const fresh = await Promise.all([1, 2, 3].map(async () => Number((await execute(process.execPath, [script, addressOf(stage.shop.context.store)])).stdout)));
    expect(fresh.reduce((sum, n) => sum + n, 0)).toBe(20);
    expect([await count(stage, 'sync'), await count(stage, 'applied_state'), await count(stage, 'orders')]).toEqual([20, 20, 20]);
    await stage.close();
    rmSync(folder, { recursive: true });
  });
});

describe('the same parcel told of again', () => {
  test('by another source, spelt otherwise: one sync', async () => {
    const stage = await opened();
    const first = applied((await give(stage, [wish({ parcels: [{ carrier: 'Colissimo', trackingNumber: '8R 1234-5678' }] })]))[0]);
    const second = applied((await give(stage, [wish({ parcels: [{ carrier: 'COLISSIMO', trackingNumber: '8r12345678' }] })], { source: 'file', author: 'Ana', byHand: true }))[0]);
    expect(second).toMatchObject({ id: first.id, again: true, warnings: [{ code: 'parcel-known' }] });
    expect([await count(stage, 'sync'), await count(stage, 'parcel'), await count(stage, 'applied_state')]).toEqual([1, 1, 1]);
  });

  test('a known number that stands for all that is left says what it leaves; another carrier for it is not taken over in silence', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 3, cancelled: 0 }] });
    const parcel = { carrier: 'Colissimo', trackingNumber: 'GROW1' };
    await give(stage, [wish({ state: 'EXPEDIEE_PART', parcels: [{ ...parcel, lines: [{ lineId: 'L1', quantity: 1 }] }] })]);
    const left = { code: 'units-left', parcel: null, found: '2' };
    const tell = async (carrier: string) => applied((await give(stage, [wish({ parcels: [{ ...parcel, carrier }] })]))[0]).warnings.filter(({ code }) => code !== 'parcel-known');
    expect(await tell('COLISSIMO ')).toEqual([left]);
    expect(await tell('DPD')).toEqual([{ code: 'parcel-keeps-carrier', parcel: 1, found: 'DPD' }, left]);
  });

  test('and so does the same state once more, which is the same application', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 3, cancelled: 0 }] });
    const parcel = { carrier: 'Colissimo', trackingNumber: 'GROW1' };
    await give(stage, [wish({ parcels: [{ ...parcel, lines: [{ lineId: 'L1', quantity: 1 }] }] })]);
    expect(applied((await give(stage, [wish({ parcels: [{ ...parcel, carrier: 'DPD' }] })]))[0])).toMatchObject({ again: true, warnings: [{ code: 'parcel-known' }, { code: 'parcel-keeps-carrier', parcel: 1, found: 'DPD' }, { code: 'units-left', parcel: null, found: '2' }] });
  });

  test('with nothing left for it to carry: of the shop’s own order it is the same application, and the number that is stored nowhere is named', async () => {
    const stage = await openStage();
    await putOrders(stage.shop.context, [{ account: 'shop', reference: 'B-3', placedAt: stage.clock.now(), lines: [{ lineId: 'L1', sku: 'S', title: 'T', quantity: 1 }] }], stage.clock.now());
    const row = (trackingNumber: string): Wish => wish({ account: 'shop', order: 'B-3', parcels: [{ trackingNumber }] });
    const first = applied((await give(stage, [row('8R1')]))[0]);
    for (let n = 0; n < 2; n += 1) {
      expect((await give(stage, [row('8R2')]))[0]).toMatchObject({ id: first.id, again: true, warnings: [{ code: 'parcel-not-stored', found: '8R2' }] });
    }
    expect([await count(stage, 'parcel'), await count(stage, 'applied_state')]).toEqual([1, 1]);
  });

  test('a carrier’s file that grows from day to day is harmless', async () => {
    const stage = await opened(30);
    const file = (days: number): Wish[] => Array.from({ length: days * 10 }, (_, i) => wish({ order: `A-${i + 1}`, parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${i + 1}` }] }));
    const by: Giver = { source: 'file', author: 'Ana', byHand: true };
    await stage.start();
    for (const days of [1, 2, 3]) {
      const answers = (await give(stage, file(days), by)).map(applied);
      expect(answers.filter((answer) => !answer.again)).toHaveLength(10);
      await stage.pass(20 * minute);
    }
    expect(await count(stage, 'sync')).toBe(30);
    expect(stage.remote.effects).toHaveLength(30);
  });

  test('rows of one parcel in one request are one parcel with both rows’ lines', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 1, cancelled: 0 }, { lineId: 'L2', quantity: 1, cancelled: 0 }] });
    const parcels = ['L1', 'L2'].map((lineId) => ({ carrier: 'Colissimo', trackingNumber: 'T-1', lines: [{ lineId, quantity: 1 }] }));
    const { syncs } = applied((await give(stage, [wish({ parcels })]))[0]);
    expect(syncs).toHaveLength(1);
    expect(JSON.parse((await stage.row(1)).payload)).toMatchObject({ lines: [{ lineId: 'L1', quantity: 1 }, { lineId: 'L2', quantity: 1 }] });
  });

  test('a tracking number that another order carries is pointed out, not refused', async () => {
    const stage = await opened(2);
    await give(stage, [wish()]);
    const second = applied((await give(stage, [wish({ order: 'A-2' })]))[0]);
    expect(second.warnings).toContainEqual({ code: 'tracking-elsewhere', parcel: 2, found: 'T-1' });
  });
});

describe('many in one request', () => {
  test('a thousand with some refused: the others go through, each with its own answer, in order', async () => {
    const stage = await openStage();
    for (let n = 1; n <= 100; n += 1) await stage.sell(`A-${n}`, { lines: two, imported: false });
    await stage.read();
    const wishes = Array.from({ length: 1_000 }, (_, i): Wish => {
      if (i % 10 === 3) return wish({ state: 'NO-SUCH' });
      if (i % 10 === 5) return wish({ account: 'amazon-xx' });
      if (i % 10 === 7) return wish({ order: `A-${(i % 100) + 1}`, parcels: [{ trackingNumber: `T-${i}`, lines: [{ lineId: 'L1', quantity: 99 }] }] });
      return wish({ order: `NEW-${i}`, sourceRef: `r-${i}` });
    });
    const answers = await give(stage, wishes);
    expect(answers.map((answer) => ('faults' in answer ? answer.faults[0]?.code : 'applied'))).toEqual(
      wishes.map((_, i) => (i % 10 === 3 ? 'unknown-state' : i % 10 === 5 ? 'unknown-account' : i % 10 === 7 ? 'quantity-over-left' : 'applied')),
    );
    expect(await count(stage, 'applied_state')).toBe(700);
    expect(new Set(answers.flatMap((answer) => ('id' in answer ? [answer.id] : []))).size).toBe(700);
  });

  test('several states of one order in one request act on one another', async () => {
    const stage = await opened();
    const part = (n: number, quantity: number): Wish => wish({ state: 'EXPEDIEE_PART', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${n}`, lines: [{ lineId: 'L1', quantity }] }] });
    const answers = await give(stage, [part(1, 1), part(2, 1), part(3, 1), wish({ state: 'LIVREE', parcels: [] })]);
    expect(answers.map((answer) => ('faults' in answer ? answer.faults[0]?.code : answer.syncs[0]?.status))).toEqual(['ready', 'ready', 'quantity-over-left', 'skipped']);
  });

  test('two states of an order that nobody knows yet make one order', async () => {
    const stage = await openStage();
    await give(stage, [wish({ order: 'NEW-1' }), wish({ order: 'NEW-1', state: 'PREPARATION', parcels: [] })]);
    expect(await count(stage, 'orders')).toBe(1);
    expect(await stage.shop.ledger.missing('amazon-fr', 10)).toEqual(['NEW-1']);
  });

  test('what fails in the middle leaves nothing behind', async () => {
    const stage = await opened(5);
    const before = await everything(stage);
    const allow = await refuseInserts(stage.shop.context.store, 'sync', 'new.id = 4');
    const wishes = [1, 2, 3, 4, 5].map((n) => wish({ order: `A-${n}`, sourceRef: `r-${n}`, parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${n}` }] }));
    await expect(give(stage, wishes)).rejects.toThrow('disk full');
    expect(await everything(stage)).toEqual(before);
    await allow();
    expect((await give(stage, wishes)).map(applied)).toHaveLength(5);
  });

  test('what was answered is on disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'suivi-'));
    const stage = await openStage({ file: join(folder, 'suivi.db') });
    await stage.sell('A-1');
    const { syncs } = applied((await give(stage, [wish()]))[0]);
    const other = await openStage({ file: join(folder, 'suivi.db'), clock: stage.clock, remote: stage.remote });
    expect(await other.status(syncs[0]?.id ?? 0)).toBe('ready');
    await other.close();
    await stage.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a preview', () => {
  test('answers what would be done, and changes no row of any table', async () => {
    const stage = await opened(3);
    await give(stage, [wish({ order: 'A-3' })]);
    const before = await everything(stage);
    const wishes = [wish({ sourceRef: 'p-1' }), wish({ order: 'A-2', state: 'NO-SUCH' }), wish({ order: 'NEW-1' }), wish({ order: 'A-3', state: 'ANNULEE', parcels: [] })];
    const previewed = await previewStates(stage.shop.context, wishes, api, stage.clock.now());
    expect(previewed.map((answer) => ('faults' in answer ? answer.faults[0]?.code : answer.syncs.map((sync) => sync.status)))).toEqual([['ready'], 'unknown-state', ['held'], ['held']]);
    expect(await everything(stage)).toEqual(before);
    expect((await stage.observed.births()).has('held')).toBe(false);
  });

  test('says the same as applying then does', async () => {
    const stage = await opened(2);
    const wishes = [wish(), wish({ order: 'A-2', parcels: [{ carrier: 'Nobody', trackingNumber: 'T-2' }] })];
    const previewed = await previewStates(stage.shop.context, wishes, api, stage.clock.now());
    // A server gives no number twice, not even one that a preview had.
    const shown = (answers: readonly Answer[]): unknown => (isOnServer ? answers.map((answer) => ('id' in answer ? answer.syncs.map(({ operation, status, cause }) => ({ operation, status, cause })) : answer)) : answers);
    expect(shown(await give(stage, wishes))).toEqual(shown(previewed));
  });
});

test('while nothing leaves of its account, whoever applies is told: paused, or observing since a restore', async () => {
  const stage = await opened(2);
  const codes = async (order: string): Promise<string[]> => applied((await give(stage, [wish({ order, parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] })]))[0]).warnings.map(({ code }) => code).filter((code) => code !== 'carrier-unverified');
  await pauseAccount(stage.shop.context, 'amazon-fr', 'Ana', 'stocktaking', stage.clock.now());
  expect(await codes('A-1')).toEqual(['paused']);
  await resumeAccount(stage.shop.context, 'amazon-fr', 'Ana', 'done', stage.clock.now());
  await stage.shop.context.store.db.updateTable('account').set({ observe_since: stage.clock.now(), observe_why: 'restored' }).execute();
  expect(await codes('A-2')).toEqual(['observing']);
});
