import { describe, expect, test } from 'vitest';
import { openHouse, order, shipped } from './house.ts';

describe('orders are put', () => {
  test('each is answered with its number and the page for its customer, in its place', async () => {
    const house = await openHouse();
    const { json, status } = await house.send('PUT', '/api/v1/orders', [order('A-1'), order('A-2', { account: 'shop' })]);
    expect(status).toBe(200);
    expect(json).toEqual([
      { id: 1, account: 'amazon-fr', reference: 'A-1', created: true, customerUrl: 'http://127.0.0.1/suivi/1' },
      { id: 2, account: 'shop', reference: 'A-2', created: true, customerUrl: 'http://127.0.0.1/suivi/2' },
    ]);
    expect(house.rung).toEqual([['amazon-fr']]);
  });

  test('again, they are brought up to date, and what is left out keeps what is known', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    const { json } = await house.send('PUT', '/api/v1/orders', [{ account: 'amazon-fr', reference: 'A-1', placedAt: '2026-11-22T08:00:00Z', lines: [{ lineId: 'L1', sku: 'S', title: 'T', quantity: 5 }] }]);
    expect(json[0]).toMatchObject({ id: 1, created: false });
    expect((await house.get('/api/v1/orders/amazon-fr/A-1')).json).toMatchObject({ ownReference: 'C-A-1', total: '49.90', shipBy: '2026-11-24T22:59:59.000Z', lines: [{ quantity: 5, left: 5 }] });
  });

  test('the same order twice in one request is one order, brought up to date', async () => {
    const house = await openHouse();
    const { json } = await house.send('PUT', '/api/v1/orders', [order('A-1'), order('A-1', { total: '12.00' })]);
    expect(json.map(({ id, created }: { id: number; created: boolean }) => [id, created])).toEqual([[1, true], [1, false]]);
    expect((await house.get('/api/v1/orders/amazon-fr/A-1')).json.total).toBe('12.00');
  });

  test('what waited for an order goes once it is put', async () => {
    const house = await openHouse();
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1')]);
    expect((await house.get('/api/v1/syncs/1')).json).toMatchObject({ status: 'held', cause: 'order/not-imported' });
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    expect((await house.get('/api/v1/syncs/1')).json.status).toBe('ready');
  });

  test.each<[string, object, string, string]>([
    ['an unknown account', { account: 'amazon-de' }, 'unknown-account', 'account'],
    ['a moment in the future', { placedAt: '2027-01-01T00:00:00Z' }, 'placed-in-future', 'placedAt'],
    ['a deadline before the order', { shipBy: '2026-11-01T00:00:00Z' }, 'date-before-order', 'shipBy'],
    ['no lines', { lines: [] }, 'required', 'lines'],
    ['a line twice', { lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1 }, { lineId: 'L1', sku: '', title: '', quantity: 1 }] }, 'line-twice', 'lines[1].lineId'],
    ['half a unit', { lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1.5 }] }, 'quantity-not-whole', 'lines[0].quantity'],
    ['more units than any order has', { lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1e9 }] }, 'out-of-range', 'lines[0].quantity'],
    ['a total that is a number', { total: 49.9 }, 'wrong-type', 'total'],
    ['a total with a comma', { total: '49,90' }, 'malformed', 'total'],
    ['a price with a comma', { lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1, unitPrice: '1,5' }] }, 'malformed', 'lines[0].unitPrice'],
    ['a currency that is none', { currency: 'euro' }, 'malformed', 'currency'],
    ['a payment that is none', { payment: 'paid' }, 'not-one-of', 'payment'],
    ['a reference without end', { reference: 'x'.repeat(65) }, 'too-long', 'reference'],
    ['a customer’s name', { customerName: 'Jeanne' }, 'unknown-member', 'customerName'],
    ['a deadline that no order has', { shipBy: '+275760-09-13T00:00:00Z' }, 'date-too-late', 'shipBy'],
    ['a day without a time', { placedAt: '2026-11-22' }, 'date-malformed', 'placedAt'],
  ])('%s is refused', async (_, more, code, field) => {
    const house = await openHouse();
    const { json, status } = await house.send('PUT', '/api/v1/orders', [order('A-1', more), order('A-2')]);
    expect(status).toBe(200);
    expect(json[0].error).toMatchObject({ code, field });
    expect(json[1].reference).toBe('A-2');
  });

  test('units that are in a parcel cannot be taken off their order', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1')]);
    const { json } = await house.send('PUT', '/api/v1/orders', [order('A-1', { lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1 }] })]);
    expect(json[0].error).toMatchObject({ code: 'lines-in-parcel', field: 'lines[0].quantity' });
  });
});

describe('one order', () => {
  test('is shown with its states, parcels, syncs and what its customer may see', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1', { publication: 'yes' })]);
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1', { comment: 'Parti', sourceRef: 'e1' })]);
    const { json } = await house.get('/api/v1/orders/amazon-fr/A-1');
    expect(json).toMatchObject({
      reference: 'A-1',
      imported: true,
      publication: 'yes',
      published: true,
      customerUrl: 'http://127.0.0.1/suivi/1',
      placedAt: '2026-11-22T08:00:00.000Z',
      state: 'EXPEDIEE',
      lines: [{ lineId: 'L1', quantity: 2, left: 0 }],
      states: [{ id: 1, state: 'EXPEDIEE', appliedAt: '2026-11-23T08:59:00.000Z', receivedAt: '2026-11-23T09:00:00.000Z', source: 'api/erp', author: 'api/erp', comment: 'Parti', publish: true }],
      parcels: [{ id: 1, carrier: 'Chronopost', trackingNumber: 'TA-1', shippedAt: '2026-11-23T08:50:00.000Z', lines: [{ lineId: 'L1', quantity: 2 }], origin: 'ours' }],
      syncs: [{ id: 1, status: 'ready', order: 'A-1' }],
    });
  });

  test('answers to the shop’s own number too', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    expect((await house.get('/api/v1/orders/amazon-fr/C-A-1')).json.reference).toBe('A-1');
  });

  test('may have any number that a shop gives', async () => {
    const house = await openHouse();
    const strange = ['a/b', 'é 1', '100%', '%2F', 'a+b', '?x=1', '#1', '..', '日本'];
    await house.send('PUT', '/api/v1/orders', strange.map((reference) => order(reference, { account: 'shop', ownReference: `own ${reference}` })));
    for (const reference of strange.filter((one) => one !== '..')) expect((await house.get(`/api/v1/orders/shop/${encodeURIComponent(reference)}`)).json.reference).toBe(reference);
  });

  test('that is not here, or whose account is not, is not found', async () => {
    const house = await openHouse();
    expect((await house.get('/api/v1/orders/amazon-fr/NOPE')).json).toMatchObject({ status: 404, type: 'urn:suivi:problem:unknown-order' });
    expect((await house.get('/api/v1/orders/amazon-de/NOPE')).json).toMatchObject({ status: 404, type: 'urn:suivi:problem:unknown-account' });
    expect((await house.get('/api/v1/orders/amazon-fr/%00')).status).toBe(404);
    expect((await house.get('/api/v1/orders/amazon-fr/%FF')).status).toBe(404);
    expect((await house.get(`/api/v1/orders/amazon-fr/${'x'.repeat(3_000)}`)).status).toBe(404);
  });

  test('known only by a state says so', async () => {
    const house = await openHouse();
    await house.send('POST', '/api/v1/applied-states', [shipped('171-9', {}, { lines: undefined })]);
    const { json } = await house.get('/api/v1/orders/amazon-fr/171-9');
    expect(json).toMatchObject({ imported: false, lines: [], parcels: [{ trackingNumber: 'T171-9' }] });
    expect('lines' in json.parcels[0]).toBe(false);
  });
});

describe('a parcel', () => {
  test('that waits for its number takes it, and goes', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1', {}, { trackingNumber: undefined })]);
    expect((await house.get('/api/v1/syncs/1')).json).toMatchObject({ status: 'held', cause: 'order/tracking-missing' });
    house.rung.length = 0;
    const { json } = await house.send('PATCH', '/api/v1/parcels/1', { trackingNumber: ' T-late ' });
    expect(json).toEqual({ id: 1, account: 'amazon-fr', order: 'A-1', syncs: [{ id: 1, operation: 'confirm-shipment', status: 'ready' }], warnings: [] });
    expect((await house.get('/api/v1/orders/amazon-fr/A-1')).json.parcels[0].trackingNumber).toBe('T-late');
    expect(house.rung).toEqual([['amazon-fr']]);
  });

  test('that takes the number of another order’s parcel says so, as applying does', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1'), order('A-2')]);
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1', {}, { trackingNumber: 'XY300000155FR' }), shipped('A-2', {}, { trackingNumber: undefined })]);
    const { json } = await house.send('PATCH', '/api/v1/parcels/2', { trackingNumber: 'xy 300000155 fr' });
    expect(json).toMatchObject({ id: 2, order: 'A-2', warnings: [{ code: 'tracking-elsewhere', message: expect.stringContaining('another order') }] });
  });

  test('that is declared to have no number stays so', async () => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('B-1', { account: 'ebay-fr' })]);
    await house.send('POST', '/api/v1/applied-states', [shipped('B-1', { account: 'ebay-fr' }, { trackingNumber: undefined })]);
    await house.send('PATCH', '/api/v1/parcels/1', { untracked: true });
    expect((await house.get('/api/v1/orders/ebay-fr/B-1')).json.parcels[0].untracked).toBe(true);
    expect((await house.get('/api/v1/syncs/1')).json.status).toBe('ready');
    // Planned anew by something else, it is still declared so.
    await house.send('PUT', '/api/v1/orders', [order('B-1', { account: 'ebay-fr', total: '1.00' })]);
    expect((await house.get('/api/v1/syncs/1')).json.status).toBe('ready');
  });

  test.each<[unknown, number, string, string]>([
    [{}, 422, 'required', 'trackingNumber'],
    [{ trackingNumber: 'X', untracked: true }, 422, 'tracking-and-untracked', 'untracked'],
    [{ trackingNumber: '8,12E+12' }, 422, 'tracking-malformed', 'trackingNumber'],
    [{ trackingNumber: 'x'.repeat(51) }, 422, 'too-long', 'trackingNumber'],
    [{ trackingNumber: '' }, 400, 'required', 'trackingNumber'],
    [{ trackingNumber: null }, 400, 'null-given', 'trackingNumber'],
    [{ tracking: 'X' }, 400, 'unknown-member', 'tracking'],
    [{ untracked: 'yes' }, 400, 'wrong-type', 'untracked'],
    [[], 400, 'wrong-type', ''],
  ])('%j is refused', async (change, status, code, field) => {
    const house = await openHouse();
    await house.send('PUT', '/api/v1/orders', [order('A-1')]);
    await house.send('POST', '/api/v1/applied-states', [shipped('A-1')]);
    const got = await house.send('PATCH', '/api/v1/parcels/1', change);
    expect([got.status, got.json.errors[0].code, got.json.errors[0].field]).toEqual([status, code, field]);
  });

  test('that was never stored is not found', async () => {
    const house = await openHouse();
    for (const id of ['1', '0', 'x', '1.5']) expect((await house.send('PATCH', `/api/v1/parcels/${id}`, { trackingNumber: 'X' })).json.type).toBe('urn:suivi:problem:unknown-parcel');
  });
});
