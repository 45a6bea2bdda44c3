import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { openHouse, order, shipped } from './house.ts';
import type { House } from './house.ts';

const json = { 'content-type': 'application/json' };

async function post(house: House, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) {
  return house.call('POST', '/api/v1/applied-states', { body, headers });
}

describe('what a body must be', () => {
  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=iso-8859-1', 415],
    ['application/jsonp', 415],
    ['application/json', 200],
    ['Application/JSON; Charset="UTF-8"', 200],
    ['application/vnd.suivi+json', 200],
  ])('%s: %i', async (type, status) => {
    const house = await openHouse();
    expect((await post(house, '[]', { 'content-type': type })).status).toBe(status);
  });

  test('without a type, or compressed, it is not taken', async () => {
    const house = await openHouse();
    const untyped = await house.call('POST', '/api/v1/applied-states', { body: new TextEncoder().encode('[]') });
    expect([untyped.status, untyped.json.type]).toEqual([415, 'urn:suivi:problem:not-json']);
    const compressed = await post(house, '[]', { ...json, 'content-encoding': 'gzip' });
    expect([compressed.status, compressed.json.type]).toEqual([415, 'urn:suivi:problem:encoded-body']);
  });

  test('a missing body is said to be missing', async () => {
    const house = await openHouse();
    for (const body of ['', '  \n']) {
      const got = await post(house, body);
      expect([got.status, got.json.type]).toEqual([400, 'urn:suivi:problem:body-missing']);
    }
  });

  test('a byte order mark before it is no harm', async () => {
    const house = await openHouse();
    expect((await post(house, '\uFEFF[]')).status).toBe(200);
  });

  test.each([
    ['Windows-1252', Buffer.from('[{"comment":\n"Expédiée"}]', 'latin1'), 'position 17 (line 2)'],
    ['UTF-16', Buffer.from('\uFEFF[]', 'utf16le'), 'position 0 (line 1)'],
  ])('%s is refused by name, with the place', async (encoding, bytes, place) => {
    const house = await openHouse();
    const got = await post(house, new Uint8Array(bytes));
    expect([got.status, got.json.type]).toEqual([400, 'urn:suivi:problem:not-utf8']);
    expect(got.json.detail).toContain(encoding);
    expect(got.json.detail).toContain(place);
  });

  test('broken JSON is answered with its line and its column', async () => {
    const house = await openHouse();
    const got = await post(house, '[\n  {"account": "amazon-fr",}\n]');
    expect([got.status, got.json.type]).toEqual([400, 'urn:suivi:problem:broken-json']);
    expect(got.json.detail).toContain('Line 2, column 27');
    expect((await post(house, '[{"order": "SECRET-1", x}]')).text).not.toContain('SECRET-1');
  });

  test.each(['{}', '"x"', '1', 'null', 'true'])('%s is no list', async (body) => {
    const house = await openHouse();
    const got = await post(house, body);
    expect([got.status, got.json.type]).toEqual([400, 'urn:suivi:problem:not-a-list']);
  });

  test('an empty list is answered with an empty list', async () => {
    const house = await openHouse();
    expect((await post(house, '[]')).json).toEqual([]);
  });
});

describe('how much a body may hold', () => {
  test('a thousand items are taken, one more is not', async () => {
    const house = await openHouse();
    const items = Array.from({ length: 1_001 }, (_, i) => order(`R-${i}`));
    const over = await house.send('PUT', '/api/v1/orders', items);
    expect([over.status, over.json.type]).toEqual([413, 'urn:suivi:problem:too-many-items']);
    expect((await house.context.store.db.selectFrom('orders').select('id').execute()).length).toBe(0);
    const full = await house.send('PUT', '/api/v1/orders', items.slice(0, 1_000));
    expect(full.json).toHaveLength(1_000);
    expect(full.json.every((item: object) => 'customerUrl' in item)).toBe(true);
  });

  test('fifty megabytes are refused by their length, before a byte of them is read', async () => {
    const house = await openHouse();
    const { status, sent } = await flood(house, { 'content-length': String(50 * 1024 * 1024) });
    expect(status).toBe(413);
    expect(sent).toBeLessThan(4 * 1024 * 1024);
  });

  test('fifty megabytes that come in chunks are refused once they are too many', async () => {
    const house = await openHouse();
    const before = process.memoryUsage().arrayBuffers;
    const { status } = await flood(house, { 'transfer-encoding': 'chunked' });
    expect(status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024);
    expect((await house.get('/healthz')).status).toBe(200);
  });

  test('a body in chunks is a body', async () => {
    const house = await openHouse();
    const stream = new ReadableStream({
      start(controller) {
        for (const part of ['[', JSON.stringify(shipped('A-1')), ']']) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const got = await house.call('POST', '/api/v1/applied-states', { body: stream, headers: json });
    expect(got.json[0].order).toBe('A-1');
  });

  test.each([
    ['deep lists', '['.repeat(1_000_000) + ']'.repeat(1_000_000), 400, 'nested-too-deep'],
    ['deep lists that never close', '['.repeat(3_000_000), 400, 'nested-too-deep'],
    ['deep objects', `[${'{"a":'.repeat(50)}1${'}'.repeat(50)}]`, 400, 'nested-too-deep'],
    ['half a million objects', `[${'{},'.repeat(500_000)}{}]`, 413, 'too-many-values'],
  ])('%s are refused at once', async (_, body, status, code) => {
    const house = await openHouse();
    const began = performance.now();
    const got = await post(house, body);
    expect([got.status, got.json.type]).toEqual([status, `urn:suivi:problem:${code}`]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('brackets inside a text are text', async () => {
    const house = await openHouse();
    const got = await post(house, JSON.stringify([{ ...shipped('A-1'), comment: `"${'['.repeat(100)}\\"${'['.repeat(100)}` }]));
    expect(got.json[0].error).toBeUndefined();
  });

  test('more parcels or lines than any order has are refused with their item', async () => {
    const house = await openHouse();
    const got = await house.send('POST', '/api/v1/applied-states', [
      shipped('A-1', { parcels: Array.from({ length: 101 }, () => ({})) }),
      shipped('A-1', { parcels: [{ lines: Array.from({ length: 501 }, (_, i) => ({ lineId: `L${i}`, quantity: 1 })) }] }),
    ]);
    expect(got.json.map((item: { error: { code: string; field: string } }) => [item.error.code, item.error.field])).toEqual([['too-many', 'parcels'], ['too-many', 'parcels[0].lines']]);
  });
});

test('members that JavaScript has of its own are members like any other', async () => {
  const house = await openHouse();
  const got = await post(house, '[{"__proto__":{"account":"amazon-fr"},"constructor":{"prototype":{"polluted":true}},"account":"amazon-fr","order":"A-1","state":"EXPEDIEE"}]');
  expect(got.json[0].errors.map((error: { code: string; field: string }) => [error.code, error.field])).toEqual([['unknown-member', '__proto__'], ['unknown-member', 'constructor']]);
  expect('polluted' in {}).toBe(false);
});

/** Sends megabytes as long as the other side takes them. */
function flood(house: House, headers: Record<string, string>): Promise<{ status: number; sent: number }> {
  return new Promise((resolve, reject) => {
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    let sent = 0;
    let answered = false;
    const asked = request({ port: house.port, host: '127.0.0.1', method: 'POST', path: '/api/v1/applied-states', headers: { ...json, authorization: `Bearer ${house.tokens.write}`, ...headers } }, (answer) => {
      answered = true;
      answer.resume();
      answer.on('end', () => {
        asked.destroy();
        resolve({ status: answer.statusCode ?? 0, sent });
      });
    });
    asked.on('error', (error) => (answered ? undefined : reject(error)));
    asked.on('response', () => undefined);
    asked.flushHeaders();
    setImmediate(more);
    function more(): void {
      if (answered || sent >= 50 * 1024 * 1024) return;
      sent += chunk.length;
      if (asked.write(chunk)) setImmediate(more);
      else asked.once('drain', more);
    }
  });
}
