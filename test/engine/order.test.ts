import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { corrected, later, one, opened, sent, shipped, told, two } from '../support/two-units.ts';
import { openStage } from '../support/stage.ts';

describe('a cancellation', () => {
  test('supersedes the confirmation that never left', async () => {
    const stage = await opened();
    const confirmation = await shipped(stage);
    const cancellation = await told(stage, 'ANNULEE');
    expect(await stage.row(confirmation)).toMatchObject({ status: 'superseded', superseded_by: cancellation });
    await stage.start();
    expect(sent(stage)).toEqual(['cancel-order']);
  });

  test('does not wait for what waits for it: a refund that waited for the confirmation it supersedes', async () => {
    const stage = await opened();
    await shipped(stage);
    const refund = await told(stage, 'REMBOURSEE');
    const cancellation = await told(stage, 'ANNULEE');
    expect([await stage.status(refund), await stage.status(cancellation)]).toEqual(['blocked', 'ready']);
    await stage.start();
    expect(sent(stage)).toEqual(['cancel-order']);
    expect(await stage.row(refund)).toMatchObject({ status: 'rejected', cause: 'order/cancelled' });
  });

  test('waits for a confirmation that is under way, and is refused when that was done', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('confirmShipment', answer.script);
    await shipped(stage);
    await stage.start();
    const cancellation = await told(stage, 'ANNULEE');
    expect(await stage.status(cancellation)).toBe('blocked');
    await stage.pass(5 * second);
    answer.come();
    await stage.pass(0);
    expect(await stage.row(cancellation)).toMatchObject({ status: 'rejected', cause: 'order/already-shipped' });
    expect(sent(stage)).toEqual(['confirm-shipment']);
  });

  test('waits until the fate of a confirmation is known, and goes when it was not done', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'lost-before', { rejected: 'remote/no' });
    const confirmation = await shipped(stage);
    await stage.start();
    const cancellation = await told(stage, 'ANNULEE');
    expect(await stage.status(cancellation)).toBe('blocked');
    await stage.pass(5 * minute);
    expect(await stage.status(confirmation)).toBe('rejected');
    expect(await stage.status(cancellation)).toMatch(/accepted|confirmed/);
  });

  test('is refused when it is applied to a confirmed order', async () => {
    const stage = await opened();
    await shipped(stage);
    await stage.start();
    const before = await stage.shop.context.store.db.selectFrom('applied_state').select('id').execute();
    expect(await stage.apply({ order: 'A-1', state: 'ANNULEE' })).toEqual({ faults: [{ code: 'already-shipped', field: 'state', found: 'ANNULEE' }] });
    expect(await stage.shop.context.store.db.selectFrom('applied_state').select('id').execute()).toEqual(before);
  });

  test('is refused when it is applied to an order that was shipped by hand', async () => {
    const stage = await opened();
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1' });
    await stage.read();
    expect(await stage.apply({ order: 'A-1', state: 'ANNULEE' })).toMatchObject({ faults: [{ code: 'already-shipped' }] });
  });

  test('is refused a second time', async () => {
    const stage = await opened();
    await told(stage, 'ANNULEE');
    await stage.start();
    expect(await stage.apply({ order: 'A-1', state: 'ANNULEE' })).toMatchObject({ faults: [{ code: 'already-cancelled' }] });
  });

  test('done, it stands against a confirmation applied after it', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('cancelOrder', answer.script);
    await told(stage, 'ANNULEE');
    await stage.start();
    const confirmation = await shipped(stage);
    expect(await stage.status(confirmation)).toBe('blocked');
    answer.come();
    await stage.pass(0);
    expect(await stage.row(confirmation)).toMatchObject({ status: 'rejected', cause: 'order/cancelled' });
    expect(sent(stage)).toEqual(['cancel-order']);
  });

  test('refused there, it lets the confirmation go', async () => {
    const stage = await opened();
    stage.remote.script('cancelOrder', 'lost-before', { rejected: 'remote/no' });
    await told(stage, 'ANNULEE');
    await stage.start();
    const confirmation = await shipped(stage);
    expect(await stage.status(confirmation)).toBe('blocked');
    await stage.pass(5 * minute);
    expect(await stage.status(confirmation)).toBe('accepted');
  });

  test('of the whole order is not replaced by the confirmation of a part: that waits, and is refused with it', async () => {
    const stage = await opened();
    const cancellation = await told(stage, 'ANNULEE');
    const part = await shipped(stage, 'T-1', one);
    expect([await stage.status(cancellation), await stage.status(part)]).toEqual(['ready', 'blocked']);
    await stage.start();
    expect(sent(stage)).toEqual(['cancel-order']);
    expect(await stage.row(part)).toMatchObject({ status: 'rejected', cause: 'order/cancelled' });
  });

  test('of the whole order is replaced by the confirmation of all of it', async () => {
    const stage = await opened();
    const cancellation = await told(stage, 'ANNULEE');
    await shipped(stage, 'T-1');
    expect(await stage.status(cancellation)).toBe('superseded');
  });

  test('that nobody can ask for yet is left alone by the confirmation of a part', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: two });
    const cancellation = await told(stage, 'ANNULEE');
    await shipped(stage, 'T-1', one);
    await stage.start();
    expect(sent(stage)).toEqual(['confirm-shipment']);
    expect(await stage.row(cancellation)).toMatchObject({ status: 'held', cause: 'operation/not-offered' });
  });

  test('supersedes what waits, and waits for what does not', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('confirmShipment', answer.script);
    const first = await shipped(stage, 'T-1', one);
    await stage.start();
    const second_ = await shipped(stage, 'T-2', one);
    const cancellation = await told(stage, 'ANNULEE');
    expect([await stage.status(first), await stage.status(second_), await stage.status(cancellation)]).toEqual(['sending', 'superseded', 'blocked']);
    answer.come();
    await stage.pass(0);
    expect(await stage.status(cancellation)).toBe('rejected');
  });
});

describe('a correction', () => {
  test('of what has not left travels with it: there is one telling', async () => {
    const stage = await opened();
    await shipped(stage, 'T-1');
    await corrected(stage, 'T-2');
    await stage.start();
    expect(sent(stage)).toEqual(['confirm-shipment']);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-2' }]);
  });

  test('waits for its confirmation, and follows it', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('confirmShipment', answer.script);
    await shipped(stage, 'T-1');
    await stage.start();
    const correction = await corrected(stage, 'T-2');
    expect(await stage.row(correction)).toMatchObject({ status: 'blocked', operation: 'correct-shipment' });
    answer.come();
    await stage.pass(0);
    expect(sent(stage)).toEqual(['confirm-shipment', 'correct-shipment']);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-2' }]);
  });

  test('has nothing to correct where the confirmation was refused', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'lost-before', { rejected: 'remote/no' });
    await shipped(stage, 'T-1');
    await stage.start();
    const correction = await corrected(stage, 'T-2');
    await stage.pass(5 * minute);
    expect(await stage.row(correction)).toMatchObject({ status: 'skipped', cause: 'planning/nothing-to-correct' });
  });

  test('supersedes an older one of the same parcel that never left', async () => {
    const stage = await opened();
    await shipped(stage, 'T-1');
    const running = await stage.start();
    await running.stop();
    const older = await corrected(stage, 'T-2');
    const newer = await corrected(stage, 'T-3');
    expect(await stage.row(older)).toMatchObject({ status: 'superseded', superseded_by: newer });
    await stage.start({ name: 'next' });
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-3' }]);
    expect(sent(stage)).toEqual(['confirm-shipment', 'correct-shipment']);
  });

  test('waits for an older one whose fate is not known', async () => {
    const stage = await opened();
    stage.remote.script('correctShipment', 'lost-after');
    await shipped(stage, 'T-1');
    await stage.start();
    const older = await corrected(stage, 'T-2');
    await stage.pass(second);
    expect(await stage.row(older)).toMatchObject({ status: 'delayed', unsettled: 1 });
    const newer = await corrected(stage, 'T-3');
    expect(await stage.status(newer)).toBe('blocked');
    await stage.pass(2 * minute);
    expect(await stage.status(older)).toMatch(/accepted|confirmed/);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-3' }]);
  });
});
