import { describe, expect, it } from 'vitest';
import { guardedLibrary } from '../../../src/marketplaces/amazon/library.ts';
import type { HttpRequest } from '../../../src/runtime/http.ts';
import { accessToken, france, testClock } from './setup.ts';

const call = { operation: 'getMarketplaceParticipations', endpoint: 'sellers', options: { raw_result: true } };

async function library(status = 200, text = '{}') {
  const requests: HttpRequest[] = [];
  const guarded = await guardedLibrary(france, accessToken, testClock(), (request) => {
    requests.push(request);
    return Promise.resolve({ status, headers: {}, body: Buffer.from(text) });
  });
  return { guarded, requests };
}

/** Where the library keeps its transport. */
const inside = (guarded: object): { execute?: unknown } => Object.getPrototypeOf((guarded as { _request: object })._request) as { execute?: unknown };

describe('amazon-sp-api under guard', () => {
  it('makes one call and no second one', async () => {
    const { guarded, requests } = await library();
    await guarded.callAPI({ ...call });
    await expect(guarded.callAPI({ ...call })).rejects.toThrow('a second time by itself');
    expect(requests).toHaveLength(1);
  });

  it.each([
    [429, '{"errors":[{"code":"QuotaExceeded","message":""}]}'],
    [403, '{"errors":[{"code":"Unauthorized","message":"","details":"The access token you provided has expired."}]}'],
    [500, ''],
  ])('leaves a %i to us, even where it is let read the answer itself', async (status, text) => {
    const { guarded, requests } = await library(status, text);
    await guarded.callAPI({ ...call, options: {} }).catch(() => {});
    expect(requests).toHaveLength(1);
  });

  it('stops here, and not on the network, when an upgrade has moved its transport', async () => {
    const prototype = inside((await library()).guarded);
    const { execute } = prototype;
    delete prototype.execute;
    try {
      await expect(library()).rejects.toThrow('its transport cannot be replaced');
    } finally {
      Object.assign(prototype, { execute });
    }
    await expect(library()).resolves.toBeDefined();
  });

  it('gives back neither the request nor the token', async () => {
    const { guarded } = await library();
    const result: unknown = await guarded.callAPI({ ...call });
    expect(JSON.stringify(result)).not.toContain(accessToken);
    expect(result).toMatchObject({ statusCode: 200, request: null });
  });
});
