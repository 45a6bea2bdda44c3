import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchTransport, NoAnswer } from '../../../src/runtime/http.ts';
import type { HttpRequest, Transport } from '../../../src/runtime/http.ts';
import { accessToken, api, confirmPath, connected, connectedTo, france, grantToken, lwa, permits, problem, renewedToken, testClock, withoutSecrets } from './setup.ts';
import { json, Loopback } from './loopback.ts';

beforeEach(() => {
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const ten = Array.from({ length: 10 });

/** Node's transport, with a note of what went through it. */
function noting(): { requests: HttpRequest[]; transport: Transport } {
  const requests: HttpRequest[] = [];
  const transport = fetchTransport();
  return {
    requests,
    transport: (request, signal) => {
      requests.push(request);
      return transport(request, signal);
    },
  };
}

const exchanges = (requests: readonly HttpRequest[]): number => requests.filter((r) => r.url === `${lwa}/auth/o2/token`).length;

describe('the token', () => {
  it('is fetched once for ten calls that start together', async () => {
    const { requests, transport } = noting();
    grantToken(accessToken, 10);
    nock(api).post(confirmPath).times(10).reply(204);
    const amazon = connected({ transport });
    const outcomes = await Promise.all(ten.map(() => amazon.send()));
    expect(outcomes.map((o) => o.kind)).toEqual(ten.map(() => 'accepted'));
    expect(exchanges(requests)).toBe(1);
    expect(requests).toHaveLength(11);
  });

  it('is asked for as Login with Amazon wants it', async () => {
    const { requests, transport } = noting();
    grantToken();
    nock(api).post(confirmPath).reply(204);
    await connected({ transport }).send();
    const [exchange] = requests;
    expect(exchange?.method).toBe('POST');
    expect(JSON.parse(String(exchange?.body))).toEqual({ grant_type: 'refresh_token', refresh_token: france.refreshToken, client_id: france.clientId, client_secret: france.clientSecret });
    expect(exchange?.headers['x-amz-access-token']).toBeUndefined();
    expect(exchange?.headers['user-agent']).toBe('Suivi/0.1 (Language=TypeScript)');
  });

  it('is renewed once for ten calls that find it expired together', async () => {
    const { requests, transport } = noting();
    grantToken();
    grantToken(renewedToken, 10);
    const expired = problem('The access token you provided has expired.', 'Unauthorized');
    nock(api, { reqheaders: { 'x-amz-access-token': accessToken } }).post(confirmPath).times(10).reply(403, expired);
    nock(api, { reqheaders: { 'x-amz-access-token': renewedToken } }).post(confirmPath).times(10).reply(204);
    const amazon = connected({ transport });
    const outcomes = await Promise.all(ten.map(() => amazon.send({}, permits(1))));
    expect(outcomes.map((o) => o.kind)).toEqual(ten.map(() => 'accepted'));
    expect(exchanges(requests)).toBe(2);
  });

  it('a call that finds the old token refused late uses the new one that others fetched', async () => {
    let answers = 0;
    const server = await Loopback.open(async (request, response, path) => {
      if (path === '/auth/o2/token') return json(response, 200, { access_token: server.posts(path) === 1 ? accessToken : renewedToken, expires_in: 3600 });
      if (request.headers['x-amz-access-token'] === renewedToken) return void response.writeHead(204).end();
      // The first refusal comes at once, the second once the first call is through with its new token.
      answers += 1;
      if (answers === 2) while (!server.requests.some((r) => r.token === renewedToken)) await new Promise((resolve) => setTimeout(resolve, 5));
      json(response, 403, problem('The access token you provided has expired.', 'Unauthorized'));
    });
    try {
      const amazon = connectedTo(server.endpoint, 5_000);
      const outcomes = await Promise.all([amazon.send({}, permits(1)), amazon.send({}, permits(1))]);
      expect(outcomes.map((o) => o.kind)).toEqual(['accepted', 'accepted']);
      expect(server.posts('/auth/o2/token')).toBe(2);
    } finally {
      await server.close();
    }
  });

  it.each([
    [55 * 60_000 - 1_000, 1],
    [55 * 60_000, 2],
  ])('of 3600 s, %i ms later: %i exchanges', async (passed, expected) => {
    const { requests, transport } = noting();
    const clock = testClock();
    grantToken(accessToken, 2);
    nock(api).post(confirmPath).twice().reply(204);
    const amazon = connected({ transport, clock });
    await amazon.send();
    clock.pass(passed);
    expect((await amazon.send()).kind).toBe('accepted');
    expect(exchanges(requests)).toBe(expected);
  });

  it('does not end by a wall clock that jumps', async () => {
    const { requests, transport } = noting();
    const clock = testClock();
    grantToken(accessToken, 2);
    nock(api).post(confirmPath).twice().reply(204);
    const amazon = connected({ transport, clock });
    await amazon.send();
    clock.jump(-365 * 24 * 3_600_000);
    clock.jump(2 * 365 * 24 * 3_600_000);
    await amazon.send();
    expect(exchanges(requests)).toBe(1);
  });

  it.each([
    ['a number of seconds', 600, 299_000, 301_000],
    ['less than the margin', 60, 29_000, 31_000],
    ['more than Amazon gives', 1e12, 3_299_000, 3_301_000],
    ['digits in quotes', '600', 299_000, 301_000],
    ['nothing', undefined, 3_299_000, 3_301_000],
    ['something below zero', -5, 3_299_000, 3_301_000],
    ['words', 'an hour', 3_299_000, 3_301_000],
  ])('whose lifetime is %s', async (_name, expiresIn, stillHeld, renewed) => {
    const { requests, transport } = noting();
    const clock = testClock();
    nock(lwa).post('/auth/o2/token').times(2).reply(200, { access_token: accessToken, expires_in: expiresIn });
    nock(api).post(confirmPath).times(3).reply(204);
    const amazon = connected({ transport, clock });
    await amazon.send();
    clock.pass(stillHeld);
    await amazon.send();
    expect(exchanges(requests)).toBe(1);
    clock.pass(renewed - stillHeld);
    await amazon.send();
    expect(exchanges(requests)).toBe(2);
  });
});

describe('an exchange that fails', () => {
  it.each<[string, number, nock.Body]>([
    ['500', 500, ''],
    ['503 with a page', 503, '<html></html>'],
    ['503 with an error by name', 503, { error: 'temporarily_unavailable' }],
  ])('with %s is made once more, and then nothing can have happened at Amazon', async (_name, status, body) => {
    const { requests, transport } = noting();
    nock(lwa).post('/auth/o2/token').times(5).reply(status, body);
    expect(await connected({ transport }).send()).toMatchObject({ kind: 'unavailable', cause: 'amazon/token-unavailable', evidence: { call: 'token' } });
    expect(requests).toHaveLength(2);
  });

  it.each<[string, number, nock.Body]>([
    ['200 without a token', 200, { token_type: 'bearer' }],
    ['200 with a token that no header can hold', 200, { access_token: 'Atza|a\nb', expires_in: 3600 }],
    ['200 with a token that is a number', 200, { access_token: 5 }],
    ['200 with a page', 200, '<html></html>'],
    ['400 with a page', 400, '<html></html>'],
    ['400 without an error by name', 400, { message: 'Bad Request' }],
    ['400 server_error', 400, { error: 'server_error' }],
    ['302', 302, ''],
  ])('with %s is not made again', async (_name, status, body) => {
    const { requests, transport } = noting();
    nock(lwa).post('/auth/o2/token').times(5).reply(status, body);
    expect(await connected({ transport }).send()).toMatchObject({ kind: 'unavailable', cause: 'amazon/token-unavailable' });
    expect(requests).toHaveLength(1);
  });

  it('with 429 waits as told', async () => {
    nock(lwa).post('/auth/o2/token').reply(429, '', { 'retry-after': '30' });
    expect(await connected().send()).toMatchObject({ kind: 'throttled', retryAfter: 30_000, evidence: { call: 'token' } });
  });

  it('is repeated after a broken connection and then goes through', async () => {
    nock(lwa).post('/auth/o2/token').replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    grantToken();
    nock(api).post(confirmPath).reply(204);
    expect(await connected().send()).toMatchObject({ kind: 'accepted' });
  });

  it('does not stick: the next call asks again', async () => {
    nock(lwa).post('/auth/o2/token').reply(400, { error: 'invalid_grant' });
    const amazon = connected();
    expect((await amazon.send()).kind).toBe('unauthorized');
    grantToken();
    nock(api).post(confirmPath).reply(204);
    expect((await amazon.send()).kind).toBe('accepted');
  });

  it('a fault of our own in it reaches the caller as a fault, and does not stick either', async () => {
    let calls = 0;
    const amazon = connected({
      transport: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new RangeError('a bug')) : Promise.reject(new NoAnswer('ENOTFOUND', false));
      },
    });
    await expect(amazon.send()).rejects.toThrow('a bug');
    expect(await amazon.send()).toMatchObject({ kind: 'unavailable' });
  });
});

describe('a caller that is cut off', () => {
  it('leaves the exchange to the others; the last one cuts it', async () => {
    const waiting: AbortSignal[] = [];
    const gate = Promise.withResolvers<void>();
    const transport: Transport = async (request, signal) => {
      if (!request.url.startsWith(lwa)) return { status: 204, headers: {}, body: new Uint8Array() };
      waiting.push(signal);
      const cut = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await Promise.race([gate.promise, cut]);
      if (signal.aborted) throw new NoAnswer('ABORTED', true);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ access_token: accessToken, expires_in: 3600 })) };
    };
    const amazon = connected({ transport });
    const [first, second] = [new AbortController(), new AbortController()];
    const outcomes = [amazon.send({}, permits(0, first.signal)), amazon.send({}, permits(0, second.signal))];
    first.abort();
    expect(withoutSecrets(await outcomes[0])).toMatchObject({ kind: 'unavailable', cause: 'amazon/not-sent' });
    expect(waiting).toHaveLength(1);
    expect(waiting[0]?.aborted).toBe(false);
    gate.resolve();
    expect(await outcomes[1]).toMatchObject({ kind: 'accepted' });

    const alone = new AbortController();
    const third = connected({
      transport: (_request, signal) => {
        waiting.push(signal);
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new NoAnswer('ABORTED', true))));
      },
    });
    const last = third.send({}, permits(0, alone.signal));
    await new Promise((resolve) => setImmediate(resolve));
    alone.abort();
    expect(await last).toMatchObject({ kind: 'unavailable', cause: 'amazon/not-sent' });
    expect(waiting[1]?.aborted).toBe(true);
    expect(waiting).toHaveLength(2);
  });

  it('asks for no token when it was cut off before it began', async () => {
    const { requests, transport } = noting();
    expect(await connected({ transport }).send({}, permits(0, AbortSignal.abort()))).toMatchObject({ kind: 'unavailable', cause: 'amazon/not-sent' });
    expect(requests).toHaveLength(0);
  });

  it('sends nothing when it was cut off before it began', async () => {
    grantToken();
    nock(api).post(confirmPath).twice().reply(204);
    const amazon = connected();
    expect((await amazon.send()).kind).toBe('accepted');
    expect(await amazon.send({}, permits(0, AbortSignal.abort()))).toMatchObject({ kind: 'unavailable', cause: 'amazon/not-sent', evidence: { call: 'confirmShipment', fault: 'ABORTED' } });
    expect(nock.pendingMocks()).toHaveLength(1);
  });
});
