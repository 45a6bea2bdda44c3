import { Hono } from 'hono';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { problems, shapeCodes } from '../../src/api/problem-codes.ts';
import type { ProblemCode } from '../../src/api/problem-codes.ts';
import { routes } from '../../src/api/routes.ts';
import { sayFault, sayProblem } from '../../src/api/words.ts';
import { faultCodes } from '../../src/orders/fault.ts';
import { openHouse } from './house.ts';

describe('every answer', () => {
  test('that is no answer is a problem document, in the language that was asked for', async () => {
    const house = await openHouse();
    const french = await house.get('/api/v1/nope', { headers: { 'accept-language': 'fr' } });
    expect([french.status, french.headers.get('content-type'), french.headers.get('content-language'), french.headers.get('vary')]).toEqual([404, 'application/problem+json', 'fr', 'accept-language']);
    expect(french.json).toEqual({ type: 'urn:suivi:problem:nothing-here', title: 'Il n’y a rien ici', status: 404, detail: 'L’API est décrite dans /api/v1/openapi.json.' });
    expect((await house.get('/api/v1/nope', { headers: { 'accept-language': 'en' } })).json.title).toBe('There is nothing here');
  });

  test('keeps browsers and caches out', async () => {
    const house = await openHouse();
    for (const path of ['/healthz', '/api/v1/states', '/api/v1/nope', '/nope', '/metrics', '/api/v1/openapi.json']) {
      const { headers } = await house.get(path, { headers: { origin: 'https://evil.example' } });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect([...headers.keys()].filter((name) => name.startsWith('access-control') || name === 'server' || name === 'x-powered-by')).toEqual([]);
    }
  });

  test('to another method names those that are allowed', async () => {
    const house = await openHouse();
    const allow = async (method: string, path: string) => {
      const { status, headers } = await house.call(method, path);
      return [status, headers.get('allow')];
    };
    expect(await allow('DELETE', '/api/v1/orders')).toEqual([405, 'PUT']);
    expect(await allow('POST', '/api/v1/syncs')).toEqual([405, 'GET, HEAD']);
    expect(await allow('PUT', '/api/v1/syncs/1')).toEqual([405, 'GET, HEAD']);
    expect(await allow('GET', '/api/v1/syncs/1/cancel')).toEqual([405, 'POST']);
    expect(await allow('OPTIONS', '/api/v1/preview')).toEqual([405, 'POST']);
    expect(await allow('POST', '/healthz')).toEqual([405, 'GET, HEAD']);
    expect(await allow('PATCH', '/api/v1/openapi.json')).toEqual([405, 'GET, HEAD']);
  });

  test('to HEAD is that to GET, without its body', async () => {
    const house = await openHouse();
    const head = await house.call('HEAD', '/api/v1/states', { token: house.tokens.read });
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([200, '', 'application/json']);
    expect((await house.call('HEAD', '/api/v1/states', { token: null })).status).toBe(401);
  });

  test('an address that has a slash too many is not here', async () => {
    const house = await openHouse();
    const paths = ['/', '/api', '/api/', '/api/v2/orders', '/api/v1', '/api/v1/', '/api/v1/states/', '/api/v1//states', '/healthz/x', '/api/v1/orders/x'];
    const statuses = await Promise.all(paths.map(async (path) => [path, (await house.get(path)).status]));
    expect(statuses).toEqual(paths.map((path) => [path, 404]));
  });
});

test('mounted beside others, the API answers for itself only', async () => {
  const house = await openHouse();
  const whole = new Hono();
  whole.get('/console', (c) => c.text('console'));
  whole.route('/', house.app);
  whole.notFound((c) => c.text('the console has no such page', 404));
  const ask = async (path: string) => (await whole.request(path)).headers.get('content-type')?.split(';')[0];
  expect([await ask('/api/v1/nope'), await ask('/api'), await ask('/console'), await ask('/nope')]).toEqual(['application/problem+json', 'application/problem+json', 'text/plain', 'text/plain']);
  expect((await whole.request('/healthz')).status).toBe(200);
  expect((await whole.request('/console')).headers.get('content-security-policy')).toBeNull();
});

describe('a fault of our own', () => {
  test('gives nothing away but the id under which the log has it', async () => {
    const house = await openHouse({ ports: { customerUrl: () => { throw new Error('secret inside'); } } });
    const got = await house.send('PUT', '/api/v1/orders', [{ account: 'shop', reference: 'A-1', placedAt: '2026-11-22T08:00:00Z', lines: [{ lineId: 'L1', sku: '', title: '', quantity: 1 }] }]);
    expect([got.status, got.json.type]).toEqual([500, 'urn:suivi:problem:own-fault']);
    expect(got.text).not.toMatch(/secret|Error|\.ts|select|insert/i);
    const id = /“([0-9a-f]{12})”/.exec(got.json.detail)?.[1] ?? '';
    const line = house.log.find((one) => one.includes(id)) ?? '';
    expect(line).toContain('secret inside');
    expect(JSON.parse(line)).toMatchObject({ level: 'error', method: 'put', path: '/api/v1/orders', fault: id });
  });

  test('of a port that is down is answered, and the next request is served', async () => {
    const house = await openHouse({ ports: { metrics: () => Promise.reject(new Error('no figures')) } });
    expect((await house.get('/metrics')).status).toBe(500);
    expect((await house.get('/healthz')).status).toBe(200);
  });
});

describe('requests that HTTP has no place for', () => {
  test.each([
    ['a host that is none', { host: 'a b' }, '/healthz'],
    ['a host with an account', { host: 'user@127.0.0.1' }, '/healthz'],
    ['a backslash in the address', {}, '/api\\v1'],
    ['an address that is a mail', {}, 'x@y'],
  ])('%s is the caller’s fault', async (_, headers, path) => {
    const house = await openHouse();
    expect(await raw(house.port, 'GET', path, headers)).toBe(400);
  });

  test.each(['PROPFIND', 'TRACE', 'SEARCH', 'PURGE'])('%s is no method of ours', async (method) => {
    const house = await openHouse();
    expect(await raw(house.port, method, '/api/v1/orders', {})).toBe(405);
    expect(await raw(house.port, method, '/api/v1/nope', {})).toBe(404);
  });
});

describe('words', () => {
  const values = { line: 1, column: 1, why: 'x', position: 1, guess: 'none', found: 'x', scope: 'write', account: 'a', allow: 'GET', limit: 5, seconds: 3, fault: 'f' };

  test.each(['fr', 'en'] as const)('every problem is said in %s', (language) => {
    const said = (Object.keys(problems) as ProblemCode[]).map((code) => ({ code, ...sayProblem(language, code, code === 'too-many-items' ? { ...values, found: 7 } : values) }));
    expect(said.filter(({ title, detail }) => title === '' || detail === '' || /[{}]|undefined/.test(detail))).toEqual([]);
  });

  test.each(['fr', 'en'] as const)('every fault is said in %s', (language) => {
    const said = [...faultCodes, ...shapeCodes].map((code) => sayFault(language, { code, field: 'x', found: code === 'too-many' || code === 'quantity-over-left' ? '7' : 'x', expected: 'y', limit: 5, min: 1, max: 9 } as Parameters<typeof sayFault>[1]));
    expect(said.filter(({ message }) => !/^[^a-z{]/.test(message) || /[{}]|undefined/.test(message.replace('{{order}}', '')))).toEqual([]);
  });

  test('what a caller wrote is quoted, and cannot forge a line of a log or a page', () => {
    const { message, field } = sayFault('en', { code: 'unknown-member', field: `a\n\u202e${'x'.repeat(500)}`, expected: 'b' });
    expect(field).not.toMatch(/[\n\u202e]/);
    expect(field.length).toBeLessThanOrEqual(200);
    expect(message).toContain('“b”');
  });
});

test('every route has an operation of its own name', () => {
  const names = routes.map(({ operation }) => operation);
  expect(new Set(names).size).toBe(names.length);
});

/** fetch refuses to send what this sends. */
function raw(port: number, method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}
