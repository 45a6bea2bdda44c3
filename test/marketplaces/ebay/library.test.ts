import { describe, expect, it } from 'vitest';
import { fulfillment, throughLibrary, withKeys, withToken } from '../../../src/marketplaces/ebay/library.ts';
import { NoAnswer } from '../../../src/runtime/http.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/runtime/http.ts';
import { account, secrets } from './room.ts';

/** Takes what the library built, and answers it with `status`. */
function wire(status = 200): { readonly requests: HttpRequest[]; readonly send: (request: HttpRequest) => Promise<HttpAnswer> } {
  const requests: HttpRequest[] = [];
  return {
    requests,
    send: async (request) => {
      requests.push(request);
      return { status, headers: {}, body: new TextEncoder().encode('{"errors":[{"errorId":1001,"message":"Invalid access token"}]}') };
    },
  };
}

describe('one call of the library', () => {
  it('is one request, with nothing in it that opens a door', async () => {
    const { requests, send } = wire();
    await throughLibrary(false, (ebay) => fulfillment(ebay).getOrders({ limit: 1, offset: 0 }), send);
    expect(requests).toEqual([{ method: 'GET', url: 'https://api.ebay.com/sell/fulfillment/v1/order?limit=1&offset=0', headers: { accept: 'application/json, text/plain, */*', 'user-agent': 'Suivi/0.1' }, body: null }]);
  });

  it.each([200, 401, 403, 500])('has its answer as it came, %i too, and makes no other', async (status) => {
    const { requests, send } = wire(status);
    expect(await throughLibrary(false, (ebay) => fulfillment(ebay).getShippingFulfillments('1'), send)).toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  it('that tries a second request fails before it leaves', async () => {
    const { requests, send } = wire();
    const twice = throughLibrary(
      false,
      async (ebay) => {
        await fulfillment(ebay).getShippingFulfillments('1');
        await fulfillment(ebay).getShippingFulfillments('1');
      },
      send,
    );
    await expect(twice).rejects.toThrow('second request');
    expect(requests).toHaveLength(1);
  });

  it('to another host fails before it leaves', async () => {
    const { requests, send } = wire();
    await expect(throughLibrary(false, (ebay) => ebay.sell.fulfillment.apiz.getShippingFulfillments('1'), send)).rejects.toThrow('another host');
    await expect(throughLibrary(true, (ebay) => ebay.sell.fulfillment.api({ sandbox: false }).getShippingFulfillments('1'), send)).rejects.toThrow('another host');
    expect(requests).toEqual([]);
  });

  it('that makes no request is a fault', async () => {
    await expect(throughLibrary(false, async () => {}, wire().send)).rejects.toThrow('no request');
  });

  it('passes on that no answer came', async () => {
    const lost = new NoAnswer('ECONNRESET', true);
    await expect(throughLibrary(false, (ebay) => fulfillment(ebay).getShippingFulfillments('1'), () => Promise.reject(lost))).rejects.toBe(lost);
  });
});

describe('a secret is filled in at the last moment', () => {
  it('the access token', () => {
    expect(withToken({ method: 'GET', url: 'x', headers: { a: 'b' }, body: null }, secrets.accessToken).headers).toEqual({ a: 'b', authorization: `Bearer ${secrets.accessToken}` });
  });

  it('the keys, for a seller’s token only: never for one of the application', async () => {
    const { send } = wire();
    const filled = (request: HttpRequest): Promise<HttpAnswer> => send(withKeys(request, account));
    await expect(throughLibrary(false, (ebay) => ebay.OAuth2.obtainApplicationAccessToken(), filled)).rejects.toThrow('token of another kind');
    await expect(throughLibrary(false, (ebay) => ebay.OAuth2.refreshToken(), filled)).resolves.toMatchObject({ status: 200 });
  });
});
