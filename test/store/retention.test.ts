import { describe, expect, test } from 'vitest';
import { day, minute } from '../../src/runtime/clock.ts';
import { eraseBodies, retain } from '../../src/store/retention.ts';
import { listHeads, verifyAudit } from '../../src/store/verify.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const running = new AbortController().signal;

/** Orders told of on three days, ten days apart. */
async function history(): Promise<Stage> {
  const stage = await openStage();
  // A clock that goes on by ten days between two runs is no clock that is off.
  stage.remote.skew = null;
  for (const n of [1, 2, 3]) {
    const worker = await stage.start({ name: `day-${n}` });
    await stage.sell(`A-${n}`, { shipBy: stage.clock.now() + 60 * day });
    await stage.ship(`A-${n}`);
    await stage.pass(10 * minute);
    await worker.stop();
    stage.clock.jump(10 * day);
  }
  return stage;
}

async function numbers(stage: Stage, lane = 'amazon-fr'): Promise<number[]> {
  const rows = await stage.shop.context.store.db.selectFrom('audit_entry').select('number').where('lane', '=', lane).orderBy('number').execute();
  return rows.map((row) => row.number);
}

async function faults(stage: Stage) {
  const { context } = stage.shop;
  const verdicts = await verifyAudit(context.store.db, context.audit.keyring, await listHeads(context.store.db));
  return verdicts.flatMap((verdict) => verdict.faults);
}

describe('retention', () => {
  test('deletes what is older, below a signed anchor, and the chain stays whole', async () => {
    const stage = await history();
    const { context } = stage.shop;
    expect(await numbers(stage)).toHaveLength(12);
    const deleted = await retain(context, stage.clock.now() - 15 * day, stage.clock.now(), running);
    expect(await numbers(stage)).toEqual([9, 10, 11, 12]);
    expect(deleted).toBeGreaterThanOrEqual(8);
    expect(await faults(stage)).toEqual([]);
    const anchor = await context.store.db.selectFrom('audit_anchor').selectAll().where('lane', '=', 'amazon-fr').executeTakeFirstOrThrow();
    expect(anchor).toMatchObject({ number: 8, at: stage.clock.now() });
    expect(await context.store.db.selectFrom('audit_body').select('number').where('lane', '=', 'amazon-fr').execute()).toHaveLength(4);
  });

  test('twice changes nothing more', async () => {
    const stage = await history();
    const { context } = stage.shop;
    await retain(context, stage.clock.now() - 15 * day, stage.clock.now(), running);
    expect(await retain(context, stage.clock.now() - 15 * day, stage.clock.now(), running)).toBe(0);
    expect(await faults(stage)).toEqual([]);
  });

  test('goes on by itself where it was cut off', async () => {
    const stage = await history();
    const { context } = stage.shop;
    await retain(context, stage.clock.now() - 15 * day, stage.clock.now(), AbortSignal.abort());
    expect(await numbers(stage)).toHaveLength(12);
    expect(await faults(stage)).toEqual([]);
    await retain(context, stage.clock.now() - 15 * day, stage.clock.now(), running);
    expect(await numbers(stage)).toEqual([9, 10, 11, 12]);
  });

  test('never goes past an open sync', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { shipBy: stage.clock.now() + 90 * day });
    await stage.sell('A-2', { shipBy: stage.clock.now() + 90 * day });
    stage.remote.script('confirmShipment', 'ok', 'unavailable');
    await stage.ship('A-1');
    await stage.ship('A-2');
    const worker = await stage.start();
    await worker.stop();
    const open = await stage.shop.context.store.db.selectFrom('audit_entry').innerJoin('sync', 'sync.id', 'audit_entry.sync_id').select('number').where('ended_at', 'is', null).orderBy('number').execute();
    stage.clock.jump(50 * day);
    await retain(stage.shop.context, stage.clock.now() - day, stage.clock.now(), running);
    const kept = await numbers(stage);
    expect(kept).toContain(open[0]?.number);
    expect(await faults(stage)).toEqual([]);
  });

  test('an attempt made after it is chained to what was kept', async () => {
    const stage = await history();
    await retain(stage.shop.context, stage.clock.now(), stage.clock.now(), running);
    expect(await numbers(stage)).toEqual([]);
    await stage.sell('A-9', { shipBy: stage.clock.now() + 60 * day });
    await stage.ship('A-9');
    await stage.start({ name: 'later' });
    expect(await numbers(stage)).toEqual([13, 14]);
    expect(await faults(stage)).toEqual([]);
  });

  test('a head that was written down before what was deleted can no longer be held against it, and that is said', async () => {
    const stage = await history();
    const { context } = stage.shop;
    const [old] = await context.store.db.selectFrom('audit_entry').select(['lane', 'number', 'hash']).where('lane', '=', 'amazon-fr').orderBy('number').execute();
    await retain(context, stage.clock.now() - 15 * day, stage.clock.now(), running);
    const verdicts = await verifyAudit(context.store.db, context.audit.keyring, [old ?? { lane: '', number: 0, hash: '' }]);
    expect(verdicts.flatMap((verdict) => verdict.faults)).toEqual([{ number: 1, what: 'head-unknown' }]);
  });
});

describe('erasing bodies', () => {
  test('leaves every entry, and the chain whole', async () => {
    const stage = await history();
    const { context } = stage.shop;
    const erased = await eraseBodies(context, stage.clock.now() - 15 * day);
    expect(erased).toBeGreaterThanOrEqual(8);
    expect(await numbers(stage)).toHaveLength(12);
    expect(await faults(stage)).toEqual([]);
    expect((await stage.story(1)).map((entry) => entry.body)).toEqual([null, null, null, null]);
    expect((await stage.story(3)).every((entry) => entry.body !== null)).toBe(true);
  });
});
