import { describe, expect, test } from 'vitest';
import { minute } from '../../src/runtime/clock.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { perform } from '../../src/store/verbs.ts';
import { corrected, opened, sent, shipped, told } from '../support/two-units.ts';
import type { Stage } from '../support/stage.ts';
import { verb } from '../support/ways.ts';

/** A confirmation that was accepted, and waits to be sent once more while nobody serves the lane. */
async function resent(): Promise<{ readonly stage: Stage; readonly confirmation: number }> {
  const stage = await opened();
  const confirmation = await shipped(stage);
  const running = await stage.start();
  await running.stop();
  await verb(stage, 'resend', confirmation);
  expect(await stage.status(confirmation)).toBe('ready');
  return { stage, confirmation };
}

describe('what waits to be sent once more has left before', () => {
  test('a cancellation does not take its place: it waits, and is refused', async () => {
    const { stage, confirmation } = await resent();
    const cancellation = await told(stage, 'ANNULEE');
    expect([await stage.status(confirmation), await stage.status(cancellation)]).toEqual(['ready', 'blocked']);
    await stage.start({ name: 'next' });
    expect(await stage.row(cancellation)).toMatchObject({ status: 'rejected', cause: 'order/already-shipped' });
    expect(sent(stage)).toEqual(['confirm-shipment', 'confirm-shipment']);
  });

  test('a changed parcel is corrected after it', async () => {
    const { stage } = await resent();
    const correction = await corrected(stage, 'T-2');
    expect(await stage.row(correction)).toMatchObject({ operation: 'correct-shipment', status: 'blocked' });
    await stage.start({ name: 'next' });
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-2' }]);
  });

  test('undoing its application says that it left, and keeps the parcel', async () => {
    const { stage, confirmation } = await resent();
    const { db } = stage.shop.context.store;
    const { id } = await db.selectFrom('applied_state').select('id').executeTakeFirstOrThrow();
    expect(await undoApplied(stage.shop.context, id, 'Ana', stage.clock.now())).toMatchObject({ whole: false, cancelled: [], left: [{ sync: confirmation }] });
    expect(await db.selectFrom('parcel').select('voided_at').execute()).toEqual([{ voided_at: null }]);
  });

  test('it is not given up as though it had never been done', async () => {
    const { stage, confirmation } = await resent();
    const done = await perform(stage.shop.context, { verb: 'cancel', filter: { ids: [confirmation] }, author: 'Ana', reason: 'because' }, stage.clock.now());
    expect(done.leftOut).toEqual([{ sync: confirmation, why: 'already-done' }]);
  });

  test('nor is what is told replaced by what is read of the order meanwhile', async () => {
    const { stage, confirmation } = await resent();
    stage.remote.change('A-1', { cancellation: 'requested' });
    await stage.read();
    expect(await stage.status(confirmation)).not.toBe('held');
  });
});

test('what was seen there under a reference of its own is sent once more as an edit of it, where references are kept', async () => {
  const stage = await opened();
  const confirmation = await shipped(stage);
  stage.remote.shipByHand('A-1', { trackingNumber: 'T-1', reference: '7' });
  await stage.read();
  expect(await stage.row(confirmation)).toMatchObject({ status: 'confirmed', reference: '7' });
  await verb(stage, 'resend', confirmation);
  await stage.start();
  expect(stage.remote.effects).toMatchObject([{ edit: true, reference: '7' }]);
  expect(stage.remote.order('A-1').parcels).toHaveLength(1);
});

test('a yes that nothing came of was none: rerun and looked for in vain, the confirmation never left', async () => {
  const stage = await opened();
  stage.remote.script('confirmShipment', 'silent-yes', { throttled: 10 * minute });
  const confirmation = await shipped(stage);
  await stage.start({ sweeping: true });
  await stage.pass(20 * minute);
  expect(await stage.status(confirmation)).toBe('in-doubt');
  await verb(stage, 'rerun', confirmation);
  await stage.pass(2 * minute);
  expect(await stage.row(confirmation)).toMatchObject({ status: 'ready', unsettled: 0, accepted_at: null });
  const cancellation = await told(stage, 'ANNULEE');
  expect(await stage.status(confirmation)).toBe('superseded');
  expect(await stage.status(cancellation)).not.toBe('blocked');
});
