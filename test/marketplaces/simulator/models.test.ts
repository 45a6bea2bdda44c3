import { describe, expect, test } from 'vitest';
import { objection, modelsAreHere, noModels } from './models.ts';
import { amazonOrder, amazonStage, confirmation, confirmPath, heard, withAmazonOrder } from './stage.ts';
import type { Heard } from './stage.ts';

const searchPath = '/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z';

describe.skipIf(!modelsAreHere)(`what is held against the official models${modelsAreHere ? '' : ` (${noModels})`}`, () => {
  const stage = withAmazonOrder(amazonStage());
  const good = stage.call('GET', `${searchPath}&includedData=FULFILLMENT,PACKAGES`);
  const request = stage.request('GET', searchPath);

  function changed(change: (body: any) => void): Heard { // oxlint-disable-line typescript/no-explicit-any -- a body of any form
    const body = structuredClone(good.body);
    change(body);
    return { ...good, body, text: JSON.stringify(body) };
  }

  test('a good answer passes', () => {
    expect(good.body.orders).toHaveLength(1);
    expect(objection(request, good)).toBeNull();
  });

  test.each([
    ['a field that the model does not name', (body: any) => (body.orders[0].orderID = 'x')], // oxlint-disable-line typescript/no-explicit-any -- as above
    ['a missing required field', (body: any) => delete body.orders[0].createdTime], // oxlint-disable-line typescript/no-explicit-any -- as above
    ['a moment that is none', (body: any) => (body.orders[0].createdTime = 'yesterday')], // oxlint-disable-line typescript/no-explicit-any -- as above
    ['a state outside the list', (body: any) => (body.orders[0].fulfillment.fulfillmentStatus = 'Shipped')], // oxlint-disable-line typescript/no-explicit-any -- as above
    ['a number where a text belongs', (body: any) => (body.orders[0].orderItems[0].orderItemId = 1)], // oxlint-disable-line typescript/no-explicit-any -- as above
  ])('%s in an answer is noticed', (_, change) => {
    expect(objection(request, changed(change))).not.toBeNull();
  });

  test('a wrong request that was accepted is noticed', () => {
    const wrong = stage.request('POST', confirmPath, confirmation({ packageReferenceId: 1 }));
    const yes = heard({ status: 204, headers: { 'x-amzn-requestid': '-', 'x-amzn-ratelimit-limit': '2.0' }, body: new Uint8Array() });
    expect(objection(wrong, yes)).toMatch(/packageReferenceId/);
    expect(objection(stage.request('POST', confirmPath, confirmation()), yes)).toBeNull();
    expect(objection(stage.request('GET', `/orders/2026-01-01/orders/${amazonOrder}?includedData=SECRETS`), { ...good, body: { order: good.body.orders[0] } })).toMatch(/includedData/);
  });

  test('a rate named where Amazon names none is noticed', () => {
    const body = { errors: [{ code: 'QuotaExceeded', message: '-' }] };
    const answer = { status: 429, text: JSON.stringify(body), body, headers: { 'x-amzn-requestid': '-', 'x-amzn-ratelimit-limit': '2.0' } };
    expect(objection(request, answer)).toMatch(/rate/);
  });
});
