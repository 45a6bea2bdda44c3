import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchTransport, NoAnswer, sendTo } from '../../../src/runtime/http.ts';
import { connect, destinationOf, fulfilmentsPath, granted, intent, localEbay, permit, secrets, tokenPath, tracking } from './room.ts';
import type { LocalEbay } from './room.ts';

let server: LocalEbay | undefined;
afterEach(() => server?.close());

const posts = (): number => server?.requests.filter(({ method, path }) => method === 'POST' && path === fulfilmentsPath).length ?? 0;

describe('a lost answer is unknown, and its call leaves once', () => {
  it('when the socket is cut', async () => {
    server = await localEbay((request) => request.socket.destroy());
    expect(await destinationOf(connect(server.tools)).send([intent()], permit())).toMatchObject([{ kind: 'unknown', cause: 'ebay/no-answer', evidence: { call: 'createShippingFulfillment', answer: null, requestId: null, date: null } }]);
    expect(posts()).toBe(1);
  });

  it('when it is cut short', async () => {
    server = await localEbay((_request, response) => {
      response.writeHead(201, { 'content-length': '100', location: `${fulfilmentsPath}/${tracking}` });
      response.write('{"a":');
      setImmediate(() => response.socket?.destroy());
    });
    expect(await destinationOf(connect(server.tools)).send([intent()], permit())).toMatchObject([{ kind: 'unknown', cause: 'ebay/no-answer' }]);
    expect(posts()).toBe(1);
  });

  it('when it does not come in time', async () => {
    server = await localEbay(() => {});
    expect(await destinationOf(connect({ ...server.tools, timeout: 150 })).send([intent()], permit())).toMatchObject([{ kind: 'unknown', cause: 'ebay/answer-late', evidence: { fault: 'TIMEOUT', request: { method: 'POST' }, answer: null } }]);
    expect(posts()).toBe(1);
  });

  it('when its headers come in time and its body does not', async () => {
    server = await localEbay((_request, response) => {
      response.writeHead(201, { location: `${fulfilmentsPath}/${tracking}` });
      response.write('{');
    });
    expect(await destinationOf(connect({ ...server.tools, timeout: 150 })).send([intent()], permit())).toMatchObject([{ kind: 'unknown', cause: 'ebay/answer-late' }]);
    expect(posts()).toBe(1);
  });

  it('when the time-out is the caller’s own', async () => {
    server = await localEbay(() => {});
    const late = new AbortController();
    const sent = destinationOf(connect(server.tools)).send([intent()], permit(undefined, late.signal));
    await expect.poll(posts).toBe(1);
    late.abort(new DOMException('too late', 'TimeoutError'));
    expect(await sent).toMatchObject([{ kind: 'unknown', cause: 'ebay/answer-late', evidence: { fault: 'TIMEOUT' } }]);
  });
});

it('what our own end cuts off is interrupted', async () => {
  server = await localEbay(() => {});
  const end = new AbortController();
  const sent = destinationOf(connect(server.tools)).send([intent()], permit(undefined, end.signal));
  await expect.poll(posts).toBe(1);
  end.abort();
  expect(await sent).toMatchObject([{ kind: 'interrupted', evidence: { fault: 'ABORTED' } }]);
});

it('what is cut off before a byte leaves has not happened', async () => {
  server = await localEbay(() => {});
  const ended = AbortSignal.abort();
  const connection = connect(server.tools);
  expect(await destinationOf(connection).send([intent()], permit(undefined, ended))).toMatchObject([{ kind: 'unavailable', cause: 'ebay/interrupted' }]);
  expect(server.requests).toEqual([]);
});

it('an end between the token and the call has not happened either', async () => {
  server = await localEbay(() => {});
  const end = new AbortController();
  const { transport } = server.tools;
  const connection = connect({
    transport: async (request, signal) => {
      const answer = await transport(request, signal);
      end.abort();
      return answer;
    },
  });
  expect(await destinationOf(connection).send([intent()], permit(undefined, end.signal))).toMatchObject([{ kind: 'unavailable', cause: 'ebay/interrupted' }]);
  expect(posts()).toBe(0);
});

describe('a call that cannot have left is unavailable', () => {
  /** A transport that gives the token, and fails the call itself. */
  async function failing(fault: NoAnswer, end?: AbortController) {
    const connection = connect({
      transport: async ({ url }) => {
        if (url.endsWith(tokenPath)) return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(granted)) };
        end?.abort();
        throw fault;
      },
    });
    return destinationOf(connection).send([intent()], permit(undefined, end?.signal));
  }

  it('for want of a connection', async () => {
    expect(await failing(new NoAnswer('ECONNREFUSED', false))).toMatchObject([{ kind: 'unavailable', cause: 'ebay/unreachable', evidence: { call: 'createShippingFulfillment', fault: 'ECONNREFUSED' } }]);
  });

  it('when our end came first', async () => {
    expect(await failing(new NoAnswer('ABORTED', false), new AbortController())).toMatchObject([{ kind: 'unavailable', cause: 'ebay/interrupted' }]);
  });
});

it('a refused connection is unavailable', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const transport = fetchTransport(sendTo(`http://127.0.0.1:${port}`));
  expect(await destinationOf(connect({ transport })).send([intent()], permit())).toMatchObject([{ kind: 'unavailable', cause: 'ebay/unreachable', evidence: { call: 'oauth2/token', fault: 'ECONNREFUSED' } }]);
});

it('a token exchange that hangs leaves nothing in doubt', async () => {
  server = await localEbay(() => {}, () => {});
  expect(await destinationOf(connect({ ...server.tools, timeout: 150 })).send([intent()], permit())).toMatchObject([{ kind: 'unavailable', cause: 'ebay/token-unavailable', evidence: { fault: 'TIMEOUT' } }]);
  expect(server.requests.map(({ path }) => path)).toEqual([tokenPath]);
});

it('a redirect is not followed', async () => {
  server = await localEbay((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
  expect(await destinationOf(connect(server.tools)).send([intent()], permit())).toMatchObject([{ kind: 'unknown' }]);
  expect(server.requests.map(({ path }) => path)).toEqual([tokenPath, fulfilmentsPath]);
});

it('of headers only those leave that eBay asks for', async () => {
  server = await localEbay((_request, response) => response.writeHead(201, { location: `${fulfilmentsPath}/${tracking}` }).end());
  await destinationOf(connect(server.tools)).send([intent()], permit());
  const post = server.requests.find(({ path }) => path === fulfilmentsPath);
  expect(post?.headers).toMatchObject({ authorization: `Bearer ${secrets.accessToken}`, 'content-type': 'application/json', 'user-agent': 'Suivi/0.1' });
  expect(Object.keys(post?.headers ?? {}).filter((name) => /^(access-control|x-ebay|content-language|cache-control)/.test(name))).toEqual([]);
  expect(post?.headers['accept-language']).not.toBe('en-US');
  expect(JSON.parse(post?.body ?? '')).toHaveProperty('trackingNumber', tracking);
});

it('characters that two chunks share are read whole', async () => {
  const body = Buffer.from(JSON.stringify({ errors: [{ errorId: 32300, message: 'Numéro de suivi refusé' }] }));
  const inside = body.indexOf(Buffer.from('é')) + 1;
  server = await localEbay((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.write(body.subarray(0, inside));
    setImmediate(() => response.end(body.subarray(inside)));
  });
  const [outcome] = await destinationOf(connect(server.tools)).send([intent()], permit());
  expect(outcome).toMatchObject({ kind: 'rejected', cause: 'ebay/tracking-or-carrier', evidence: { answer: { body: { errors: [{ message: 'Numéro de suivi refusé' }] } } } });
});

it('proxy variables change nothing', async () => {
  server = await localEbay((_request, response) => response.writeHead(201, { location: `${fulfilmentsPath}/${tracking}` }).end());
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'all_proxy'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = 'http://127.0.0.1:9';
  try {
    expect(await destinationOf(connect(server.tools)).send([intent()], permit())).toMatchObject([{ kind: 'accepted' }]);
  } finally {
    names.forEach((name, position) => {
      const value = before[position];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
  }
});
