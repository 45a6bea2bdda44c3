import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { NoAnswer } from '../../../src/runtime/http.ts';
import type { Transport } from '../../../src/runtime/http.ts';
import { accessToken, amazonItem, amazonOrder, amazonPackage, confirmPath, connected, connectedTo, orderPath, permits, testClock } from './setup.ts';
import { json, Loopback } from './loopback.ts';

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A server that grants tokens and leaves the rest to `serve`. */
async function opened(serve: (response: ServerResponse, path: string) => void | Promise<void>): Promise<Loopback> {
  server = await Loopback.open((_request, response, path) => {
    if (path === '/auth/o2/token') return json(response, 200, { access_token: accessToken, expires_in: 3600 });
    return serve(response, path);
  });
  return server;
}

describe('exactly one POST goes out', () => {
  it('when the connection is reset after the request', async () => {
    const { endpoint, posts } = bound(await opened((response) => void response.socket?.resetAndDestroy()));
    expect(await connectedTo(endpoint, 2_000).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/no-answer', evidence: { answer: null, request: { path: confirmPath } } });
    expect(posts()).toBe(1);
  });

  it('when the connection is closed without an answer', async () => {
    const { endpoint, posts } = bound(await opened((response) => void response.socket?.destroy()));
    expect(await connectedTo(endpoint, 2_000).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/no-answer' });
    expect(posts()).toBe(1);
  });

  it('when no answer comes in time', async () => {
    const { endpoint, posts } = bound(await opened(() => {}));
    expect(await connectedTo(endpoint, 100).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/no-answer', evidence: { fault: 'TIMEOUT' } });
    expect(posts()).toBe(1);
  });

  it('when the answer begins in time and never ends', async () => {
    const { endpoint, posts } = bound(
      await opened((response) => {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.write('{"errors":[');
      }),
    );
    expect(await connectedTo(endpoint, 100).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/no-answer', evidence: { fault: 'TIMEOUT', answer: null } });
    expect(posts()).toBe(1);
  });

  it('when the answer is cut in its middle', async () => {
    const { endpoint, posts } = bound(
      await opened((response) => {
        response.writeHead(400, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"errors":[');
        setImmediate(() => response.socket?.destroy());
      }),
    );
    expect(await connectedTo(endpoint, 2_000).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/no-answer' });
    expect(posts()).toBe(1);
  });

  it('when an empty 500 comes', async () => {
    const { endpoint, posts } = bound(await opened((response) => void response.writeHead(500).end()));
    expect(await connectedTo(endpoint, 2_000).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/server-error', evidence: { answer: { status: 500, body: null } } });
    expect(posts()).toBe(1);
  });

  it('when a redirect comes: it is not followed', async () => {
    const { endpoint, posts } = bound(await opened((response) => void response.writeHead(307, { location: '/elsewhere' }).end()));
    expect(await connectedTo(endpoint, 2_000).send({}, permits(9))).toMatchObject({ kind: 'unknown' });
    expect(posts()).toBe(1);
    expect(server?.posts('/elsewhere')).toBe(0);
  });

  it('when everything is stopped while it is under way', async () => {
    const cut = new AbortController();
    const { endpoint, posts } = bound(await opened(() => cut.abort()));
    expect(await connectedTo(endpoint, 5_000).send({}, permits(9, cut.signal))).toMatchObject({ kind: 'interrupted', evidence: { fault: 'ABORTED' } });
    expect(posts()).toBe(1);
  });

  it('when the caller’s own time runs out: a time-out, and no interruption', async () => {
    const { endpoint, posts } = bound(await opened(() => {}));
    const signal = AbortSignal.timeout(150);
    expect(await connectedTo(endpoint, 60_000).send({}, permits(9, signal))).toMatchObject({ kind: 'unknown', evidence: { fault: 'TIMEOUT' } });
    expect(posts()).toBe(1);
  });
});

describe('nothing can have happened', () => {
  it('when nobody listens', async () => {
    const { endpoint } = await opened(() => {});
    const amazon = connectedTo(endpoint, 2_000);
    await server?.close();
    expect(await amazon.send()).toMatchObject({ kind: 'unavailable', cause: 'amazon/token-unavailable', evidence: { fault: 'ECONNREFUSED' } });
  });

  it.each(['ENOTFOUND', 'ECONNREFUSED', 'CERT_HAS_EXPIRED'])('when the call itself could not be made (%s)', async (code) => {
    expect(await connected({ transport: tokenThen(() => Promise.reject(new NoAnswer(code, false))) }).send()).toMatchObject({
      kind: 'unavailable',
      cause: 'amazon/unreachable',
      evidence: { fault: code, request: { method: 'POST', path: confirmPath } },
    });
  });

  it.each(['ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])('but not when it may have left (%s): it is not sent again', async (code) => {
    let calls = 0;
    const transport = tokenThen(() => {
      calls += 1;
      return Promise.reject(new NoAnswer(code, true));
    });
    expect(await connected({ transport }).send({}, permits(9))).toMatchObject({ kind: 'unknown', cause: 'amazon/no-answer', evidence: { fault: code } });
    expect(calls).toBe(1);
  });
});

describe('the time-out', () => {
  it('runs by the clock that was handed in', async () => {
    const clock = testClock();
    const called = Promise.withResolvers<void>();
    const transport = tokenThen(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new NoAnswer('ABORTED', true)));
          called.resolve();
        }),
    );
    const sent = connected({ transport, clock, timeout: 15_000 }).send();
    await called.promise;
    clock.pass(14_999);
    expect(await Promise.race([sent, new Promise((resolve) => setImmediate(() => resolve('still waiting')))])).toBe('still waiting');
    clock.pass(1);
    expect(await sent).toMatchObject({ kind: 'unknown', evidence: { fault: 'TIMEOUT' } });
  });
});

describe('after the answer', () => {
  it('no timer is left', async () => {
    const clock = testClock();
    const transport = tokenThen(() => Promise.resolve({ status: 204, headers: {}, body: new Uint8Array() }));
    expect(await connected({ transport, clock }).send()).toMatchObject({ kind: 'accepted' });
    expect(clock.sleeping()).toBe(0);
  });
});

describe('an answer in pieces', () => {
  it('is put together before it is read: no character is lost on a border', async () => {
    const title = 'Théière d’Orléans 北京 🫖';
    const body = Buffer.from(JSON.stringify({ order: amazonOrder({ orderItems: [amazonItem({ product: { title, sellerSku: 'THÉ' } })] }) }));
    const { endpoint } = await opened(async (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      // A byte at a time over the title, so that every character of several bytes is cut.
      const from = body.indexOf('Th');
      response.write(body.subarray(0, from));
      for (let at = from; at < from + 60; at += 1) {
        response.write(body.subarray(at, at + 1));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end(body.subarray(from + 60));
    });
    const read = await connectedTo(endpoint, 5_000).order();
    expect(read.ok && read.value?.lines[0]).toMatchObject({ title, sku: 'THÉ' });
  });

  it('keeps ids and amounts that JavaScript could not hold, written without quotes', async () => {
    const text = JSON.stringify({ order: amazonOrder({ packages: [amazonPackage()] }) })
      .replaceAll('"12345678901234"', '12345678901234567890')
      .replace('"24.95"', '24.90')
      .replace('"1764000000"', '1764000000');
    const { endpoint } = await opened((response, path) => {
      expect(path).toBe(orderPath);
      response.writeHead(200).end(text);
    });
    const read = await connectedTo(endpoint, 5_000).order();
    expect(read.ok && read.value).toMatchObject({
      lines: [{ lineId: '12345678901234567890', unitPrice: '24.90' }],
      parcels: [{ reference: '1764000000', lines: [{ lineId: '12345678901234567890', quantity: 2 }] }],
    });
  });
});

function tokenThen(call: (signal: AbortSignal) => ReturnType<Transport>): Transport {
  const token = { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ access_token: accessToken, expires_in: 3600 })) };
  return (request, signal) => (request.url.endsWith('/auth/o2/token') ? Promise.resolve(token) : call(signal));
}

function bound(loopback: Loopback): { endpoint: string; posts: () => number } {
  return { endpoint: loopback.endpoint, posts: () => loopback.posts(confirmPath) };
}
