import { describe, expect, test } from 'vitest';
import { second } from '../../src/runtime/clock.ts';
import type { Destination } from '../../src/syncing/destination.ts';
import { refuseInserts } from '../support/refusing.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

/** What an outsider reads of the audit at the moment a byte would leave. */
async function atTheCall(stage: Stage, look: () => Promise<void>): Promise<void> {
  const inner = stage.remote.destination();
  const destination: Destination = {
    ...inner,
    send: async (intents, permit) => {
      await look();
      return inner.send(intents, permit);
    },
  };
  await stage.start({ over: { destination } });
}

describe('what is intended is written before it is told', () => {
  test('the status and the intent are committed when the call is made', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    const id = syncs[0]?.id ?? 0;
    const seen: unknown[] = [];
    await atTheCall(stage, async () => {
      seen.push(await stage.status(id), (await stage.story(id)).map((entry) => [entry.kind, entry.attempt, entry.what]));
    });
    expect(seen).toEqual(['sending', [['intent', 1, 'confirmShipment']]]);
  });

  test('the intent holds what is told: parcel reference, lines and quantities', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 3, cancelled: 0 }] });
    const { syncs } = await stage.ship('A-1', { lines: [{ lineId: 'L1', quantity: 2 }] });
    await stage.start();
    const [intent] = await stage.story(syncs[0]?.id ?? 0);
    const told = stage.remote.order('A-1').parcels[0];
    expect(intent?.body).toMatchObject({ step: 'send', operation: 'confirm-shipment', tells: { order: 'A-1', parcel: { reference: told?.reference, trackingNumber: 'T-A-1' }, lines: [{ lineId: 'L1', quantity: 2 }] } });
  });

  test('an intent that cannot be written is not told', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    const id = syncs[0]?.id ?? 0;
    const allow = await refuseInserts(stage.shop.context.store, 'audit_entry', "new.kind = 'intent'");
    await stage.start();
    await stage.pass(10 * second);
    expect(stage.remote.met).toEqual([]);
    expect(await stage.status(id)).toBe('ready');
    await allow();
    await stage.pass(10 * second);
    expect(await stage.status(id)).toBe('accepted');
    stage.forgive();
  });

  test('an outcome that cannot be written is written as soon as it can, and nothing is told twice meanwhile', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    const id = syncs[0]?.id ?? 0;
    const allow = await refuseInserts(stage.shop.context.store, 'audit_entry', "new.kind = 'outcome'");
    await stage.start();
    await stage.pass(120 * second);
    expect(await stage.status(id)).toBe('sending');
    await allow();
    await stage.pass(2 * second);
    expect(await stage.status(id)).toBe('accepted');
    expect(stage.remote.effects).toHaveLength(1);
    stage.forgive();
  });

  test('each attempt has two entries, intent and outcome, whatever came of it', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('E-1');
    stage.remote.script('createShippingFulfillment', { throttled: 5 * second }, 'unavailable', 'lost-before');
    const { syncs } = await stage.ship('E-1');
    await stage.start();
    await stage.pass(600 * second);
    const story = (await stage.story(syncs[0]?.id ?? 0)).map((entry) => [entry.kind, entry.attempt, entry.what]);
    expect(story).toEqual([
      ['intent', 1, 'createShippingFulfillment'],
      ['outcome', 1, 'throttled'],
      ['intent', 2, 'createShippingFulfillment'],
      ['outcome', 2, 'unavailable'],
      ['intent', 3, 'createShippingFulfillment'],
      ['outcome', 3, 'unknown'],
      ['intent', 4, 'getShippingFulfillments'],
      ['outcome', 4, 'absent'],
      ['intent', 5, 'getShippingFulfillments'],
      ['outcome', 5, 'absent'],
      ['intent', 6, 'createShippingFulfillment'],
      ['outcome', 6, 'accepted'],
      ['intent', 7, 'getShippingFulfillments'],
      ['outcome', 7, 'present'],
    ]);
  });

  test('a fault of our own is an outcome too: it may have struck after the call left', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    stage.remote.script('confirmShipment', 'bug');
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    const id = syncs[0]?.id ?? 0;
    expect((await stage.story(id)).at(-1)).toMatchObject({ kind: 'outcome', what: 'unknown', cause: 'engine/fault' });
    expect(await stage.row(id)).toMatchObject({ status: 'delayed', step: 'check', unsettled: 1 });
    expect(stage.shop.errors).toHaveLength(1);
    stage.forgive();
  });

  test('a destination that answers for too few is a fault, and nobody is taken for told', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    await stage.start({ over: { destination: { ...stage.remote.destination(), send: async () => [] } } });
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'delayed', step: 'check', unsettled: 1, cause: 'engine/fault' });
    stage.forgive();
  });
});
