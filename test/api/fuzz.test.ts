import * as fc from 'fast-check';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { routes } from '../../src/api/routes.ts';
import { openHouse, order, shipped } from './house.ts';
import type { House } from './house.ts';

/** How long one property looks for a counterexample, and how long one answer may take (ms). */
const looking = 1_500;
const patience = 20_000;
const bounds = { numRuns: 400, interruptAfterTimeLimit: looking, markInterruptAsFailure: false } as const;

const strange = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', ' ', '\0', '\ud800', '\uFEFF', '__proto__', 'constructor', '2026-11-23', '2026-11-23T09:00:00Z', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', '1e400', '%00', '{{order}}', '{{', 'x'.repeat(5_000)));
const value = fc.oneof({ weight: 3, arbitrary: strange }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) }, { weight: 1, arbitrary: fc.constantFrom(0, -1, 0.5, 1, 1e308, Number.MAX_SAFE_INTEGER, null, true, [], {}) });

/** A thing with the members that are looked for, some of them spoilt. */
function spoilt(whole: object): fc.Arbitrary<unknown> {
  const members = Object.entries(whole).map(([key, sound]): [string, fc.Arbitrary<unknown>] => [
    key,
    fc.oneof({ weight: 4, arbitrary: fc.constant(sound) }, { weight: 1, arbitrary: value }, ...(Array.isArray(sound) ? [{ weight: 2, arbitrary: fc.array(typeof sound[0] === 'object' && sound[0] !== null ? spoilt(sound[0]) : value, { maxLength: 3 }) }] : [])),
  ]);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] }).chain((thing) => fc.dictionary(strange, value, { maxKeys: 1 }).map((more) => ({ ...more, ...thing })));
}

const bodies: Record<string, fc.Arbitrary<unknown>> = {
  putOrders: fc.array(spoilt(order('A-1')), { maxLength: 4 }),
  applyStates: fc.array(fc.oneof(spoilt(shipped('A-1', { sourceRef: 's', comment: 'c', refund: { reason: 'r', lines: [{ lineId: 'L1', quantity: 1, amount: '1.00' }] } })), spoilt(shipped('A-2', { state: 'EXPEDIEE_PART' }, { trackingNumber: 'T' }))), { maxLength: 4 }),
  previewStates: fc.array(spoilt(shipped('A-1')), { maxLength: 4 }),
  setParcel: spoilt({ carrier: 'Colissimo', trackingNumber: 'T9', untracked: true }),
  rerunSyncs: spoilt({ ids: [1], status: ['rejected'], since: '2d', account: 'amazon-fr', reason: 'x', dryRun: false }),
};

async function withOrders(): Promise<House> {
  const house = await openHouse();
  await house.send('PUT', '/api/v1/orders', [order('A-1'), order('A-2', { lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1_000 }] })]);
  await house.send('POST', '/api/v1/applied-states', [shipped('A-1')]);
  return house;
}

/** The status of an answer that came in time and is as it is documented; 599 where the log has a fault of our own. */
async function met(house: House, answer: Promise<{ status: number }>): Promise<number> {
  const { status } = await Promise.race([answer, new Promise<never>((_, reject) => void setTimeout(() => reject(new Error('no answer')), patience).unref())]);
  return house.log.some((line) => line.includes('"level":"error"')) ? 599 : status;
}

describe('whatever is sent, there is an answer, and it is no fault of ours', () => {
  test.each(routes.filter(({ method }) => method !== 'get').map(({ operation, method, path }) => ({ operation, method, path })))('$operation, with JSON of any kind', async ({ operation, method, path }) => {
    const house = await withOrders();
    const body = fc.oneof({ weight: 6, arbitrary: bodies[operation] ?? spoilt({ reason: 'x' }) }, { weight: 1, arbitrary: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        expect(await met(house, house.send(method.toUpperCase() as 'POST', path.replace(':id', path.includes('accounts') ? 'amazon-fr' : '1'), json))).toBeLessThan(500);
      }),
      { ...bounds, numRuns: 60, interruptAfterTimeLimit: 4 * looking },
    );
  });

  test('bytes of any kind', async () => {
    const house = await withOrders();
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.tuple(fc.json(), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 })).map(([text, at, noise]) => spliced(text, at, noise)));
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        expect(await met(house, house.call('POST', '/api/v1/applied-states', { body: new Uint8Array(body), headers: { 'content-type': 'application/json' } }))).toBeLessThan(500);
      }),
      bounds,
    );
  });

  test('addresses, methods and headers of any kind', async () => {
    const house = await withOrders();
    const part = fc.oneof(fc.constantFrom('api', 'v1', 'orders', 'syncs', 'rerun', 'proof', 'amazon-fr', 'A-1', '1', 'healthz', '..', '%2e%2e', '%00', '%ff', '%'), fc.string().map(encodeURIComponent));
    const query = fc.oneof(fc.constant(''), fc.array(fc.tuple(fc.constantFrom('status', 'cause', 'account', 'order', 'since', 'cursor', 'limit', '__proto__'), strange), { maxLength: 4 }).map((pairs) => `?${pairs.map(([key, one]) => `${key}=${encodeURIComponent(one.toWellFormed())}`).join('&')}`));
    const path = fc.tuple(fc.constantFrom('/', '/api/v1/', '/api/v1/syncs/', '/api/v1/orders/amazon-fr/'), fc.array(part, { maxLength: 4 }), query).map(([from, parts, to]) => `${from}${parts.join('/')}${to}`);
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND');
    const headers = fc.dictionary(fc.constantFrom('accept-language', 'content-type', 'content-encoding', 'host', 'x-forwarded-for', 'accept', 'range', 'if-none-match', 'upgrade', 'connection', 'expect', 'origin', 'cookie'), fc.oneof(fc.string().map((text) => text.replaceAll(/[^\t\x20-\x7e]/g, '')), fc.constantFrom('fr;q=,*;q=2', 'application/json', 'close', '100-continue', 'websocket')), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(method, path, headers, fc.boolean(), async (how, where, what, withToken) => {
        expect(await met(house, raw(house, how, where, { ...what, ...(withToken ? { authorization: `Bearer ${house.tokens.write}` } : {}) }))).toBeLessThan(500);
      }),
      bounds,
    );
  });

  test('what is no HTTP at all', async () => {
    const house = await withOrders();
    const noise = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string().map((text) => Buffer.from(`GET ${text} HTTP/1.1\r\nHost: x\r\n\r\n`)), fc.string().map((text) => Buffer.from(`POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${text}`)));
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        await shout(house.port, bytes);
      }),
      bounds,
    );
    expect(await met(house, house.get('/healthz'))).toBe(200);
    expect(await met(house, house.get('/api/v1/syncs'))).toBe(200);
  });
});

function spliced(text: string, at: number, noise: Uint8Array): Uint8Array {
  const bytes = Buffer.from(text);
  const place = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place)]);
}

/** One request as it is, whatever fetch would say of it. What Node itself refuses to send counts as refused. */
function raw({ port }: House, method: string, path: string, headers: Record<string, string>): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    try {
      const asked = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0 }));
      });
      asked.on('upgrade', (answer, socket) => {
        socket.destroy();
        resolve({ status: answer.statusCode ?? 0 });
      });
      asked.on('error', (error) => ('code' in error && error.code === 'ECONNRESET' ? resolve({ status: 400 }) : reject(error)));
      asked.end();
    } catch {
      resolve({ status: 400 });
    }
  });
}

/** Says something and hangs up. */
function shout(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}
