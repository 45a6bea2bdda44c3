import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeBuyer } from '../../../src/marketplaces/simulator/credentials.ts';
import { amazonOrder, amazonStage, confirmation, confirmPath, amazonError, withAmazonOrder } from './stage.ts';
import type { Stage } from './stage.ts';

const searchPath = '/orders/2026-01-01/orders';
const minute = 60_000;

function search(stage: Stage, query: Record<string, string>): any { // oxlint-disable-line typescript/no-explicit-any -- tests look into bodies freely
  return stage.call('GET', `${searchPath}?${new URLSearchParams(query).toString()}`).body;
}

function ids(page: { orders: readonly { orderId: string }[] }): string[] {
  return page.orders.map((order) => order.orderId);
}

function many(stage: Stage, count: number): string[] {
  return Array.from({ length: count }, (_, i) => stage.brain.world.add({ placedAt: stage.clock.now() - 600 * minute + i * minute, lines: [{ sku: 'MUG' }] }).id);
}

const since = { createdAfter: '2026-11-01T00:00:00Z' };

describe('the orders of the simulated Amazon', () => {
  test.each([
    ['BUYER', ['buyer'], []],
    ['RECIPIENT', ['recipient'], []],
    ['PROCEEDS', ['proceeds'], ['proceeds']],
    ['PAYMENT', ['payment'], []],
    ['CANCELLATION', [], ['cancellation']],
    ['FULFILLMENT', ['fulfillment'], ['fulfillment']],
    ['PACKAGES', ['packages'], []],
    ['BUYER,PACKAGES,CANCELLATION', ['buyer', 'packages'], ['cancellation']],
  ])('show what is asked for and nothing else: %s', (asked, inOrder, inItem) => {
    const stage = withAmazonOrder(amazonStage(), { ownReference: 'C-20931', cancellation: 'requested' });
    stage.call('POST', confirmPath, confirmation());
    const path = `${searchPath}/${amazonOrder}`;
    const bare = stage.call('GET', path).body.order;
    expect(Object.keys(bare).sort()).toEqual(['createdTime', 'lastUpdatedTime', 'orderAliases', 'orderId', 'orderItems', 'salesChannel']);
    expect(Object.keys(bare.orderItems[0]).sort()).toEqual(['orderItemId', 'product', 'quantityOrdered']);
    const { order } = stage.call('GET', `${path}?includedData=${asked}`).body;
    expect(Object.keys(order).filter((key) => !(key in bare))).toEqual(inOrder);
    expect(Object.keys(order.orderItems[0]).filter((key) => !(key in bare.orderItems[0]))).toEqual(inItem);
  });

  test('name the buyer only where he is asked for', () => {
    const stage = withAmazonOrder(amazonStage());
    const personal = [fakeBuyer.name, fakeBuyer.email, fakeBuyer.phone, fakeBuyer.street, fakeBuyer.city, fakeBuyer.postalCode];
    const found = (included: string): string[] => {
      const { text } = stage.call('GET', `${searchPath}/${amazonOrder}?includedData=${included}`);
      return personal.filter((one) => text.includes(one));
    };
    expect(found('FULFILLMENT,PACKAGES,CANCELLATION,PROCEEDS,PAYMENT,TAX,EXPENSE,PROMOTION,FULFILLMENT_ORDERS')).toEqual([]);
    expect(found('BUYER,RECIPIENT').sort()).toEqual([...personal].sort());
  });

  test('show a request to cancel, then the cancellation, on their items', () => {
    const stage = withAmazonOrder(amazonStage());
    const read = (): any => stage.call('GET', `${searchPath}/${amazonOrder}?includedData=CANCELLATION,FULFILLMENT`).body.order; // oxlint-disable-line typescript/no-explicit-any -- as above
    expect(read().orderItems[0].cancellation).toBeUndefined();
    stage.brain.world.requestCancel(amazonOrder);
    expect(read().orderItems[0].cancellation).toEqual({ cancellationRequest: { requester: 'BUYER', cancelReason: expect.any(String) } });
    expect(read().fulfillment.fulfillmentStatus).toBe('UNSHIPPED');
    stage.brain.world.cancel(amazonOrder);
    expect(read().orderItems[0].cancellation.cancellationExecution.cancelledBy).toBe('BUYER');
    expect(read().fulfillment.fulfillmentStatus).toBe('CANCELLED');
  });

  test('show packages of the merchant’s own parcels only', () => {
    const stage = withAmazonOrder(amazonStage(), { fulfilment: 'marketplace' });
    expect(stage.call('GET', `${searchPath}/${amazonOrder}?includedData=PACKAGES,FULFILLMENT`).body.order).not.toHaveProperty('packages');
  });

  test('are found by state, marketplace and who ships', () => {
    const stage = amazonStage();
    const add = (change: object): string => stage.brain.world.add({ placedAt: stage.clock.now() - 60 * minute, lines: [{ sku: 'MUG' }], ...change }).id;
    const [plain, pending, german, fba, cancelled] = [add({}), add({ payment: 'pending' }), add({ site: 'A1PA6795UKMFR9' }), add({ fulfilment: 'marketplace' }), add({ cancellation: 'cancelled' })];
    const found = (query: Record<string, string>): string[] => ids(search(stage, { ...since, ...query })).sort();
    expect(found({ fulfillmentStatuses: 'UNSHIPPED,PARTIALLY_SHIPPED' })).toEqual([plain, german, fba].sort());
    expect(found({ fulfillmentStatuses: 'PENDING,CANCELLED' })).toEqual([pending, cancelled].sort());
    expect(found({ marketplaceIds: 'A1PA6795UKMFR9' })).toEqual([german]);
    expect(found({ fulfilledBy: 'AMAZON' })).toEqual([fba]);
    expect(found({ fulfilledBy: 'MERCHANT', fulfillmentStatuses: 'UNSHIPPED', marketplaceIds: 'A13V1IB3VIYZZH,A1PA6795UKMFR9' })).toEqual([plain, german].sort());
    stage.brain.world.pay(pending);
    expect(found({ fulfillmentStatuses: 'PENDING' })).toEqual([]);
  });

  test('appear two minutes after they changed, and the answer says up to when it saw everything', () => {
    const stage = withAmazonOrder(amazonStage());
    const sweep = (after: string): any => search(stage, { lastUpdatedAfter: after }); // oxlint-disable-line typescript/no-explicit-any -- as above
    stage.clock.pass(10 * minute);
    const first = sweep('2026-11-23T08:00:00Z');
    expect(ids(first)).toEqual([amazonOrder]);
    expect(first.lastUpdatedBefore).toBe('2026-11-23T09:08:00.000Z');
    stage.call('POST', confirmPath, confirmation());
    stage.clock.pass(minute);
    expect(ids(sweep(first.lastUpdatedBefore))).toEqual([]);
    stage.clock.pass(minute);
    expect(ids(sweep(first.lastUpdatedBefore))).toEqual([amazonOrder]);
  });

  test('older than two years are not found', () => {
    const stage = withAmazonOrder(amazonStage(), { placedAt: '2024-11-01T00:00:00Z' });
    expect(ids(search(stage, { createdAfter: '2024-01-01T00:00:00Z' }))).toEqual([]);
  });

  test.each([
    ['neither time', {}, /Exactly one/],
    ['both times', { ...since, lastUpdatedAfter: '2026-11-01T00:00:00Z' }, /Exactly one/],
    ['a mixed pair', { ...since, lastUpdatedBefore: '2026-11-02T00:00:00Z' }, /Exactly one/],
    ['only an end', { createdBefore: '2026-11-02T00:00:00Z' }, /Exactly one/],
    ['the sandbox’s wrong time', { createdAfter: 'TEST_CASE_400' }, /ISO 8601/],
    ['a bare date', { createdAfter: '2026-11-01' }, /ISO 8601/],
    ['an end within the last two minutes', { ...since, createdBefore: '2026-11-23T08:58:01Z' }, /two minutes/],
    ['an end before the start', { ...since, createdBefore: '2026-10-01T00:00:00Z' }, /equal to or after/],
    ['a start to come', { createdAfter: '2026-12-01T00:00:00Z' }, /equal to or after/],
    ['an old name of a state', { ...since, fulfillmentStatuses: 'Unshipped' }, /list/],
    ['an unknown dataset', { ...since, includedData: 'FULFILLMENT,ITEMS' }, /list/],
    ['an old name of who ships', { ...since, fulfilledBy: 'MFN' }, /list/],
    ['a page of none', { ...since, maxResultsPerPage: '0' }, /between 1 and 100/],
    ['too large a page', { ...since, maxResultsPerPage: '101' }, /between 1 and 100/],
    ['fifty-one marketplaces', { ...since, marketplaceIds: Array.from({ length: 51 }, (_, i) => `M${i}`).join() }, /50/],
    ['a made-up token', { ...since, paginationToken: 'abc' }, /PaginationToken/],
    ['a parameter of the old version', { ...since, OrderStatuses: 'Unshipped' }, /OrderStatuses/],
  ])('are not searched with %s', (_, query, text) => {
    const stage = withAmazonOrder(amazonStage());
    expect(amazonError(stage.call('GET', `${searchPath}?${new URLSearchParams(query).toString()}`), 400)).toMatch(text);
  });

  test('are not searched with a list in two parameters: the model wants commas', () => {
    const stage = withAmazonOrder(amazonStage());
    expect(stage.call('GET', `${searchPath}?createdAfter=2026-11-01T00:00:00Z&includedData=PACKAGES&includedData=FULFILLMENT`).status).toBe(400);
  });

  test('come in pages whose token wants the same question, and ends after a day', () => {
    const stage = amazonStage();
    const all = many(stage, 5);
    const first = search(stage, { ...since, maxResultsPerPage: '2' });
    expect(ids(first)).toEqual(all.slice(0, 2));
    const next = { paginationToken: first.pagination.nextToken as string };
    // The size of the page and the datasets may change between the pages.
    const second = search(stage, { ...since, ...next, maxResultsPerPage: '3', includedData: 'FULFILLMENT' });
    expect(ids(second)).toEqual(all.slice(2));
    expect(second).not.toHaveProperty('pagination');
    expect(amazonError(stage.call('GET', `${searchPath}?${new URLSearchParams({ ...since, ...next, fulfilledBy: 'MERCHANT' }).toString()}`), 400)).toMatch(/PaginationToken/);
    expect(amazonError(stage.call('GET', `${searchPath}?${new URLSearchParams(next).toString()}`), 400)).toMatch(/Exactly one/);
  });

  test('come in pages whose token is refused after a day', () => {
    const stage = amazonStage();
    const all = many(stage, 3);
    const { nextToken } = search(stage, { ...since, maxResultsPerPage: '2' }).pagination;
    const rest = { ...since, paginationToken: nextToken as string };
    stage.clock.pass(24 * 60 * minute);
    stage.renew();
    expect(ids(search(stage, rest))).toEqual(all.slice(2));
    stage.clock.pass(1);
    expect(amazonError(stage.call('GET', `${searchPath}?${new URLSearchParams(rest).toString()}`), 400)).toMatch(/PaginationToken/);
  });

  test('that change between two pages are missed by neither this sweep nor the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.nat(39)), (count, size, picks) => {
        const stage = amazonStage({ pace: 1000 });
        const all = many(stage, count);
        stage.clock.pass(10 * minute);
        const seen = new Set<string>();
        const touched = new Set<string>();
        let page = search(stage, { lastUpdatedAfter: '2026-11-23T00:00:00Z', maxResultsPerPage: String(size) });
        const until = page.lastUpdatedBefore as string;
        for (;;) {
          for (const id of ids(page)) seen.add(id);
          if (page.pagination === undefined) break;
          const id = all[picks.next().value % count] ?? '';
          stage.clock.pass(1000);
          stage.brain.world.requestCancel(id);
          touched.add(id);
          page = search(stage, { lastUpdatedAfter: '2026-11-23T00:00:00Z', maxResultsPerPage: String(size), paginationToken: page.pagination.nextToken });
          expect(page.lastUpdatedBefore).toBe(until);
        }
        stage.clock.pass(minute);
        const later = new Set(ids(search(stage, { lastUpdatedAfter: until })));
        for (const id of all) expect(seen.has(id) || later.has(id)).toBe(true);
        for (const id of touched) expect(later.has(id)).toBe(true);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test('are found only by questions that are right by the models', () => {
    const value = (name: string, ...good: string[]): fc.Arbitrary<[string, string]> => fc.tuple(fc.constant(name), fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.string() }));
    const question = fc.array(
      fc.oneof(
        value('createdAfter', '2026-11-01T00:00:00Z', '2026-11-01T01:00:00.5+01:00'),
        value('lastUpdatedAfter', '2026-11-01T00:00:00Z'),
        value('createdBefore', '2026-11-23T08:00:00Z'),
        value('fulfillmentStatuses', 'UNSHIPPED', 'UNSHIPPED,SHIPPED'),
        value('marketplaceIds', 'A13V1IB3VIYZZH', 'A13V1IB3VIYZZH,X'),
        value('fulfilledBy', 'MERCHANT', 'MERCHANT,AMAZON'),
        value('maxResultsPerPage', '1', '100'),
        value('includedData', 'PACKAGES', 'BUYER,FULFILLMENT,TAX'),
      ),
      { minLength: 1, maxLength: 5 },
    );
    let answered = 0;
    fc.assert(
      fc.property(question, (parameters) => {
        const stage = withAmazonOrder(amazonStage());
        answered += stage.call('GET', `${searchPath}?${new URLSearchParams(parameters).toString()}`).status === 200 ? 1 : 0;
      }),
      { numRuns: 400, seed: 11 },
    );
    expect(answered).toBeGreaterThan(50);
  });

  test('are read one by one, 404 where the seller has none such', () => {
    const stage = withAmazonOrder(amazonStage());
    expect(stage.call('GET', `${searchPath}/171-0000000-0000000`).status).toBe(404);
    expect(amazonError(stage.call('GET', `${searchPath}/TEST_CASE_400`), 400)).toMatch(/3-7-7/);
    expect(amazonError(stage.call('GET', `${searchPath}/${amazonOrder}?includedData=ALL`), 400)).toMatch(/IncludedData/);
  });

  test('are not to be had in the version that is going to be removed', () => {
    const stage = withAmazonOrder(amazonStage());
    const reply = stage.brain.answer(stage.request('GET', `/orders/v0/orders/${amazonOrder}`));
    expect(reply.ending === 'whole' && reply.answer().status).toBe(404);
    expect(stage.brain.ledger.requests().at(-1)).toMatchObject({ call: 'unknown', status: 404 });
  });
});
