import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { alertsPosted, keepAlerts, listAlerts, readSnapshot } from '../../src/store/alerts.ts';
import { perform } from '../../src/store/verbs.ts';
import { alertsOf } from '../../src/syncing/alert.ts';
import type { Alert } from '../../src/syncing/alert.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const clockOff: Alert = { key: 'clock-off', kind: 'clock-off', details: { seconds: 180 } };

async function present(stage: Stage): Promise<readonly Alert[]> {
  const { db } = stage.shop.context.store;
  const now = stage.clock.now();
  return alertsOf(await readSnapshot(db, stage.shop.context.profiles.values(), now));
}

describe('an alert', () => {
  test('is posted once, however long it lasts, and again when it was over and has come back', async () => {
    const stage = await openStage();
    const { db } = stage.shop.context.store;
    const keep = async (alerts: readonly Alert[]) => (await keepAlerts(db, alerts, stage.clock.now())).map((alert) => alert.key);
    expect(await keep([clockOff])).toEqual(['clock-off']);
    // Not posted yet: asked for again until it is.
    expect(await keep([clockOff])).toEqual(['clock-off']);
    await alertsPosted(db, ['clock-off'], stage.clock.now());
    expect(await keep([clockOff])).toEqual([]);
    await stage.pass(minute);
    expect(await keep([])).toEqual([]);
    expect(await listAlerts(db)).toEqual([]);
    expect(await keep([clockOff])).toEqual(['clock-off']);
    expect(await listAlerts(db)).toMatchObject([{ key: 'clock-off', since: stage.clock.now() }]);
  });

  test('of a failure is over when nothing fails for its cause any more', async () => {
    const stage = await openStage();
    const { db } = stage.shop.context.store;
    stage.remote.always('confirmShipment', { rejected: 'remote/no' });
    const ids = await stage.backlog('A', 3);
    const running = await stage.start();
    await stage.pass(second);
    await running.stop();
    const keep = async () => (await keepAlerts(db, [], stage.clock.now())).map((alert) => alert.key);
    expect(await keep()).toEqual(['cause amazon-fr remote/no']);
    await alertsPosted(db, await keep(), stage.clock.now());
    const { context } = stage.shop;
    await perform(context, { verb: 'resolve', filter: { ids: ids.slice(0, 2) }, author: 'Ana', reason: '-' }, stage.clock.now());
    await keep();
    expect(await listAlerts(db)).toHaveLength(1);
    await perform(context, { verb: 'cancel', filter: { ids: ids.slice(2) }, author: 'Ana', reason: '-' }, stage.clock.now());
    await keep();
    expect(await listAlerts(db)).toEqual([]);
  });
});

describe('the present', () => {
  test('an order whose deadline is near shows before it is late', async () => {
    const stage = await openStage();
    stage.remote.always('confirmShipment', 'unavailable');
    await stage.sell('A-1', { shipBy: stage.clock.now() + 3 * hour });
    await stage.ship('A-1');
    expect((await present(stage)).map((alert) => alert.kind)).toEqual([]);
    await stage.pass(hour + minute);
    expect(await present(stage)).toContainEqual(expect.objectContaining({ key: 'overdue-soon amazon-fr', details: expect.objectContaining({ orders: 1 }) as object }));
  });

  test('what could go and has not for half an hour', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    await stage.ship('A-1');
    await stage.pass(31 * minute);
    expect((await present(stage)).map((alert) => alert.kind)).toEqual(['queue-old']);
  });

  test('an account that is refused, and orders that are not read', async () => {
    const stage = await openStage();
    stage.remote.always('*', 'credentials');
    await stage.sell('A-1');
    await stage.ship('A-1');
    await stage.start();
    await stage.pass(31 * minute);
    expect((await present(stage)).map((alert) => alert.kind).toSorted((a, b) => a.localeCompare(b))).toEqual(['account-refused', 'orders-not-read', 'queue-old']);
  });
});
