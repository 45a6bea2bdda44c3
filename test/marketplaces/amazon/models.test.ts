import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Enforcer from 'openapi-enforcer';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpRequest, Transport } from '../../../src/runtime/http.ts';
import { accessToken, amazonItem, amazonOrder, amazonPackage, connected, france, germany, start, withoutSecrets } from './setup.ts';
import type { IntentChange } from './setup.ts';
import type { AmazonSettings } from '../../../src/marketplaces/amazon/settings.ts';

// Amazon's own models are test data from outside: SUIVI_MODELS names their folder, else they lie beside the checkout.
const folder = process.env['SUIVI_MODELS'] === undefined ? new URL('../../../../shared/models/', import.meta.url) : pathToFileURL(`${process.env['SUIVI_MODELS']}/`);
const file = (name: string): URL => new URL(`amazon/${name}.json`, folder);
const present = ['ordersV0', 'orders_2026-01-01', 'sellers'].every((name) => existsSync(file(name)));
const where = present ? '' : ' (skipped: they are not here; SUIVI_MODELS may name their folder)';

interface Model {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Response>> }>>>>;
}
interface Response {
  readonly 'x-amzn-api-sandbox'?: { readonly static: readonly { readonly request: { readonly parameters: Record<string, { readonly value: unknown }> }; readonly response: Record<string, unknown> }[] };
}
interface Checker {
  request(request: object): [Checked | undefined, Fault | undefined];
}
interface Checked {
  response(status: number, body: unknown, headers: object): [unknown, Fault | undefined];
}
interface Fault {
  toString(): string;
}

const model = (name: string): Model => JSON.parse(readFileSync(file(name), 'utf8')) as Model;
const checker = async (name: string): Promise<Checker> => (await Enforcer(model(name), { hideWarnings: true })) as Checker;

const answer = (status: number, body: unknown): HttpAnswer => ({ status, headers: {}, body: body === null ? new Uint8Array() : Buffer.from(JSON.stringify(body)) });

/** Amazon as a function: notes every request and answers `status` with `body`. */
function answering(status: number, body: unknown): { requests: HttpRequest[]; transport: Transport } {
  const requests: HttpRequest[] = [];
  const transport: Transport = (request) => {
    if (request.url.endsWith('/auth/o2/token')) return Promise.resolve(answer(200, { access_token: accessToken, expires_in: 3600 }));
    requests.push(request);
    return Promise.resolve(answer(status, body));
  };
  return { requests, transport };
}

/** What the model finds wrong with a request; null where it is right. */
async function faultOf(name: string, request: HttpRequest | undefined): Promise<string | null> {
  if (request === undefined) return 'there was no request';
  const url = new URL(request.url);
  const [, error] = (await checker(name)).request({ method: request.method.toLowerCase(), path: url.pathname + url.search, headers: { 'content-type': 'application/json' }, ...(request.body === null ? {} : { body: JSON.parse(String(request.body)) as unknown }) });
  return error === undefined ? null : String(error);
}

/** What the library's check of an answer takes: moments as dates. */
function withDates(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => (typeof inner === 'string' && /^\d{4}-\d\d-\d\dT/.test(inner) ? new Date(inner) : inner));
}

describe.skipIf(!present)(`Amazon’s official models${where}`, () => {
  it.each<[string, IntentChange]>([
    ['a parcel', {}],
    ['a parcel with everything', { parcel: { carrierCode: 'Other', carrierName: 'Colis Privé', shipFrom: '057d3fcc-b750-419f-bbcd-4d340c60c430' } }],
    ['several lines', { payload: { lines: [{ lineId: '1', quantity: 1 }, { lineId: '2', quantity: 2 }] } }],
  ])('take the confirmation of %s', async (_name, change) => {
    const { requests, transport } = answering(204, null);
    expect(await connected({ transport }).send(change)).toMatchObject({ kind: 'accepted' });
    expect(await faultOf('ordersV0', requests[0])).toBeNull();
    expect(requests).toHaveLength(1);
  });

  it('refuse a confirmation that is wrong: the check can fail', async () => {
    const { requests, transport } = answering(204, null);
    await connected({ transport }).send();
    const body = String(requests[0]?.body);
    for (const wrong of [body.replace('"1764000000"', '1764000000'), body.replace('"quantity":2', '"quantity":"2"'), body.replace('"carrierCode"', '"carrier"'), body.replace('2026-11-23T09:00:00Z', '02/21/2022')]) {
      expect(wrong).not.toBe(body);
      expect(await faultOf('ordersV0', { method: 'POST', headers: {}, ...requests[0], url: requests[0]?.url ?? '', body: wrong })).not.toBeNull();
    }
  });

  it('take the reads of orders and of the seller’s sites', async () => {
    const { requests, transport } = answering(200, { orders: [], pagination: { nextToken: 'P2' } });
    const amazon = connected({ transport, accounts: [france, germany] });
    const first = await amazon.changed(null);
    await amazon.changed(start - 1, null);
    await amazon.changed(null, first.ok ? first.value.next : null);
    await amazon.order();
    await amazon.check();
    expect(await Promise.all(requests.map((request) => faultOf('orders_2026-01-01', request)))).toEqual([null, null, null, null, null]);
    await amazon.examine();
    expect(await faultOf('sellers', requests[5])).toBeNull();
    expect(await faultOf('orders_2026-01-01', requests[6])).toBeNull();
  });

  it('publish a confirmation for the sandbox, which is ours to the letter', async () => {
    const [example] = model('ordersV0').paths['/orders/v0/orders/{orderId}/shipmentConfirmation']?.['post']?.responses['204']?.['x-amzn-api-sandbox']?.static ?? [];
    const { marketplaceId, packageDetail } = (example?.request.parameters['body']?.value ?? {}) as { marketplaceId: string; packageDetail: Record<string, unknown> };
    const { requests, transport } = answering(204, null);
    const account: AmazonSettings = { ...france, region: 'na', marketplaceId };
    await connected({ transport, accounts: [account] }).send({
      payload: { order: '902-1106328-1059050', lines: [{ lineId: '79039765272157', quantity: 1 }] },
      parcel: { reference: '1', carrierCode: 'FedEx', trackingNumber: '112345678', shippedAt: '2022-02-11T01:00:00.000Z', shipFrom: String(packageDetail['shipFromSupplySourceId']) },
    });
    expect(requests[0]?.url).toBe('https://sellingpartnerapi-na.amazon.com/orders/v0/orders/902-1106328-1059050/shipmentConfirmation');
    const { carrierName: _name, shippingMethod: _method, shipDate: _date, orderItems: _items, ...same } = packageDetail;
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({ marketplaceId, packageDetail: { ...same, shipDate: '2022-02-11T01:00:00Z', orderItems: [{ orderItemId: '79039765272157', quantity: 1 }] } });
  });

  it('publish orders that come through whole, without their people', async () => {
    const paths = model('orders_2026-01-01').paths;
    const pages = paths['/orders/2026-01-01/orders']?.['get']?.responses['200']?.['x-amzn-api-sandbox']?.static ?? [];
    const singles = paths['/orders/2026-01-01/orders/{orderId}']?.['get']?.responses['200']?.['x-amzn-api-sandbox']?.static ?? [];
    expect(pages.length + singles.length).toBeGreaterThan(4);
    for (const { response } of [...pages, ...singles]) {
      const listed = (response['orders'] ?? [response['order']]) as { orderId: string; salesChannel: { marketplaceId: string }; orderItems: unknown[]; packages?: unknown[] }[];
      const account: AmazonSettings = { ...france, marketplaceId: listed[0]?.salesChannel.marketplaceId ?? '' };
      const { transport } = answering(200, { ...response, orders: listed, order: listed[0] });
      const amazon = connected({ transport, accounts: [account] });
      const swept = await amazon.changed(start);
      if (!swept.ok) throw new Error(swept.cause);
      expect(swept.value.orders.map((o) => o.reference)).toEqual(listed.map((o) => o.orderId));
      expect(swept.value.orders.map((o) => o.lines.length)).toEqual(listed.map((o) => o.orderItems.length));
      expect(swept.value.orders.map((o) => o.parcels?.length)).toEqual(listed.map((o) => o.packages?.length ?? 0));
      const single = await amazon.order(listed[0]?.orderId);
      expect(single.ok && single.value).toEqual(swept.value.orders[0]);
      expect(JSON.stringify([swept, single])).not.toMatch(/buyer|address|Smith|Thompson|Silva|Oliveira|Yilmaz|Reading|Feliz|@|\+\d\d/i);
      withoutSecrets(single);
    }
  });

  it('describe the orders that these tests are made of', async () => {
    const orders = [amazonOrder(), amazonOrder({ packages: [amazonPackage()], orderItems: [amazonItem({ cancellation: { cancellationRequest: { requester: 'BUYER' } } })] })];
    const [read] = (await checker('orders_2026-01-01')).request({ method: 'get', path: '/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z', headers: {} });
    const fault = (answered: object[]): string => {
      // The model's side of an answer wants dates, not their text.
      const [, error] = read?.response(200, withDates({ orders: answered }), { 'content-type': 'application/json' }) ?? [null, 'no such call'];
      return String(error ?? 'none');
    };
    expect(fault(orders)).toBe('none');
    expect(fault([amazonOrder({ orderItems: undefined })])).not.toBe('none');
  });
});
