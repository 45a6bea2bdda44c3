import { describe, expect, test } from 'vitest';
import { minute } from '../../src/runtime/clock.ts';
import { later, one, opened, sent, shipped, told } from '../support/two-units.ts';

describe('parcels, refunds and invoices', () => {
  test('parcels of one order do not wait for one another', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'lost-before');
    const first = await shipped(stage, 'T-1', one);
    await stage.start();
    const second_ = await shipped(stage, 'T-2', one);
    await stage.pass(0);
    expect([await stage.status(first), await stage.status(second_)]).toEqual(['delayed', 'accepted']);
  });

  test('but only one thing of an order is under way at a time', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('confirmShipment', answer.script);
    await shipped(stage, 'T-1', one);
    const second_ = await shipped(stage, 'T-2', one);
    await stage.start();
    expect(await stage.statuses()).toEqual({ sending: 1, ready: 1 });
    answer.come();
    await stage.pass(0);
    expect(await stage.status(second_)).toBe('accepted');
  });

  test('a refund waits for the confirmation, however it ends', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'lost-before', { rejected: 'remote/no' });
    await shipped(stage);
    await stage.start();
    const refund = await told(stage, 'REMBOURSEE');
    expect(await stage.status(refund)).toBe('blocked');
    await stage.pass(5 * minute);
    expect(sent(stage)).toEqual(['refund-order']);
  });

  test('an invoice waits for the dispatch', async () => {
    const stage = await opened();
    await shipped(stage);
    const invoice = await told(stage, 'FACTUREE');
    expect(await stage.status(invoice)).toBe('blocked');
    await stage.start();
    expect(sent(stage)).toEqual(['confirm-shipment', 'upload-invoice']);
  });

  test('an invoice has nothing to go with where the dispatch was given up', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', { rejected: 'remote/no' });
    await shipped(stage);
    const invoice = await told(stage, 'FACTUREE');
    await stage.start();
    expect(await stage.row(invoice)).toMatchObject({ status: 'skipped', cause: 'planning/never-dispatched' });
  });

  test('an invoice of two parcels goes where one of them was confirmed', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'ok', { rejected: 'remote/no' });
    await shipped(stage, 'T-1', one);
    await shipped(stage, 'T-2', one);
    const invoice = await told(stage, 'FACTUREE');
    await stage.start();
    expect(sent(stage)).toEqual(['confirm-shipment', 'upload-invoice']);
    expect(await stage.status(invoice)).toBe('accepted');
  });

  test('an invoice of two parcels waits for the second where the first was refused, and goes with it', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('confirmShipment', { rejected: 'remote/no' }, answer.script);
    await shipped(stage, 'T-1', one);
    await shipped(stage, 'T-2', one);
    const invoice = await told(stage, 'FACTUREE');
    await stage.start();
    expect(await stage.status(invoice)).toBe('blocked');
    answer.come();
    await stage.pass(0);
    expect(await stage.status(invoice)).toBe('accepted');
  });

  test('an invoice has nothing to go with where both parcels were refused, also when it was applied after that', async () => {
    const stage = await opened();
    stage.remote.always('confirmShipment', { rejected: 'remote/no' });
    await shipped(stage, 'T-1', one);
    await shipped(stage, 'T-2', one);
    const early = await told(stage, 'FACTUREE');
    await stage.start();
    const late = await told(stage, 'FACTUREE');
    for (const invoice of [early, late]) expect(await stage.row(invoice)).toMatchObject({ status: 'skipped', cause: 'planning/never-dispatched' });
  });

  test('an invoice that waited for another invoice too is judged by the dispatch alone', async () => {
    const stage = await opened();
    const answer = later();
    stage.remote.script('uploadInvoice', answer.script);
    stage.remote.script('confirmShipment', { rejected: 'remote/no' });
    const first = await told(stage, 'FACTUREE');
    await stage.start();
    await shipped(stage, 'T-1');
    const second_ = await told(stage, 'FACTUREE');
    expect(await stage.status(second_)).toBe('blocked');
    answer.come();
    await stage.pass(0);
    expect(await stage.status(first)).toBe('accepted');
    expect(await stage.row(second_)).toMatchObject({ status: 'skipped', cause: 'planning/never-dispatched' });
  });

  test('an invoice goes with a dispatch that somebody told of by hand', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', { rejected: 'remote/no' });
    await shipped(stage, 'T-1');
    await stage.start();
    stage.remote.shipByHand('A-1', { trackingNumber: 'BY-HAND' });
    await stage.read();
    const invoice = await told(stage, 'FACTUREE');
    await stage.pass(0);
    expect(await stage.status(invoice)).toBe('accepted');
  });

  test('a confirmation and a refund of another order wait for nothing', async () => {
    const stage = await opened();
    await stage.sell('A-2');
    stage.remote.script('confirmShipment', 'lost-before');
    await shipped(stage);
    await stage.start();
    await stage.ship('A-2');
    await stage.apply({ order: 'A-2', state: 'REMBOURSEE' });
    await stage.pass(0);
    expect(sent(stage)).toEqual(['confirm-shipment', 'refund-order']);
  });
});
