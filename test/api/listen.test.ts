import { Hono } from 'hono';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../src/api/listen.ts';
import type { Listening, Patience } from '../../src/api/listen.ts';
import { openHouse } from './house.ts';

const open: { servers: Listening[]; sockets: Socket[] } = { servers: [], sockets: [] };

afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy();
  for (const server of open.servers.splice(0)) await server.close();
});

/** An app that answers at once, after being let go, or never. */
async function openServer(patience: Partial<Patience> = {}): Promise<Listening & { letGo(): void; begun: Promise<void> }> {
  const let_ = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const app = new Hono();
  app.onError((_, c) => c.text('', 500));
  app.get('/now', (c) => c.text('now'));
  app.get('/later', async (c) => {
    begun.resolve();
    await let_.promise;
    return c.text('later');
  });
  app.get('/never', () => {
    begun.resolve();
    return new Promise<Response>(() => undefined);
  });
  app.post('/echo', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)));
  const server = await listen(app, '127.0.0.1', 0, { patience });
  open.servers.push(server);
  return { ...server, letGo: () => let_.resolve(), begun: begun.promise };
}

/** Opens a socket, sends what is given, and says what came until the other side closed it, and after how long. */
function speak(port: number, ...parts: string[]): { closed: Promise<{ text: string; ms: number }>; send(part: string): void; first: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  open.sockets.push(socket);
  const began = performance.now();
  const first = Promise.withResolvers<void>();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    first.resolve();
  });
  for (const part of parts) socket.write(part);
  const closed = new Promise<{ text: string; ms: number }>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, ms: performance.now() - began }));
  });
  return { closed, send: (part) => void socket.write(part), first: first.promise };
}

describe('a server', () => {
  test('says where it listens, and fails where it cannot', async () => {
    const server = await openServer();
    expect(server.address).toBe('127.0.0.1');
    expect(await (await fetch(`http://127.0.0.1:${server.port}/now`)).text()).toBe('now');
    await expect(listen(new Hono(), '127.0.0.1', server.port)).rejects.toThrow('EADDRINUSE');
  });

  test('leaves the process’s own fetch and Response as they are', async () => {
    const before = [globalThis.Request, globalThis.Response];
    await openServer();
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
    expect(globalThis.Response.name).toBe('Response');
    expect((await fetch(`http://127.0.0.1:${open.servers[0]?.port}/now`)) instanceof globalThis.Response).toBe(true);
  });
});

describe('those who are slow', () => {
  test('with their headers are cut off', async () => {
    const server = await openServer({ headers: 200 });
    const { text, ms } = await speak(server.port, 'GET /now HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ').closed;
    expect(text).toContain('408 Request Timeout');
    expect(ms).toBeLessThan(20_000);
  });

  test('with their body are cut off', async () => {
    const server = await openServer({ headers: 200, request: 400 });
    const { ms } = await speak(server.port, 'POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc').closed;
    expect(ms).toBeLessThan(20_000);
  });

  test('to ask again are let go', async () => {
    const server = await openServer({ idle: 200 });
    const { text, ms } = await speak(server.port, 'GET /now HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n').closed;
    expect(text).toContain('200 OK');
    // Node lets a second pass on top, for what may be on its way.
    expect(ms).toBeLessThan(20_000);
  });

  test('are not waited for when nothing moves any more', async () => {
    const server = await openServer({ silence: 200 });
    const { text, ms } = await speak(server.port, 'GET /never HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n').closed;
    expect(text).toBe('');
    expect(ms).toBeLessThan(20_000);
  });

  test('headers without end are refused', async () => {
    const server = await openServer();
    const { text } = await speak(server.port, `GET /now HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`).closed;
    expect(text).toContain('431');
  });
});

describe('closing', () => {
  async function closedWithin(server: Listening): Promise<number> {
    const began = performance.now();
    await server.close();
    return performance.now() - began;
  }

  test('does not wait for connections that ask nothing', async () => {
    const server = await openServer();
    const idle = speak(server.port, 'GET /now HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await idle.first;
    const silent = speak(server.port);
    expect(await closedWithin(server)).toBeLessThan(10_000);
    await Promise.all([idle.closed, silent.closed]);
  });

  test('lets what is under way be answered', async () => {
    const server = await openServer();
    const answer = fetch(`http://127.0.0.1:${server.port}/later`);
    await server.begun;
    const began = performance.now();
    const closed = server.close();
    server.letGo();
    expect(await (await answer).text()).toBe('later');
    await closed;
    // As soon as it was, and no later: its connection is not kept.
    expect(performance.now() - began).toBeLessThan(900);
    await expect(fetch(`http://127.0.0.1:${server.port}/now`)).rejects.toThrow('fetch failed');
  });

  test('ends within a second or so whatever hangs', async () => {
    const server = await openServer();
    const hanging = speak(server.port, 'GET /never HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const halfway = speak(server.port, 'POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc');
    await server.begun;
    expect(await closedWithin(server)).toBeLessThan(10_000);
    await Promise.all([hanging.closed, halfway.closed]);
  });

  test('twice is once', async () => {
    const server = await openServer();
    await Promise.all([server.close(), server.close()]);
    expect(await closedWithin(server)).toBeLessThan(900);
  });
});

test('a caller who goes away in the middle of a body is no fault of ours', async () => {
  const house = await openHouse();
  const socket = connect(house.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => void socket.write(`POST /api/v1/applied-states HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${house.tokens.write}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n[{"account"`, () => resolve()));
  // Answered after it: what was sent before has been read.
  await house.get('/healthz');
  socket.destroy();
  await house.get('/healthz');
  expect((await house.get('/api/v1/states')).status).toBe(200);
  expect(house.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
