import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { routes } from '../../src/api/routes.ts';
import { revokeToken } from '../../src/store/tokens.ts';
import { openHouse, order } from './house.ts';

/** A path of this route that leads to something, or to a 404 of its own: never past the gate by accident. */
function pathOf(path: string): string {
  return path.replace(':account', 'amazon-fr').replace(':reference', 'X').replace(':id', '999');
}

describe('who may call what', () => {
  test('the table says of every route who may call it, and the routes hold to it', async () => {
    const house = await openHouse();
    const met: [string, string][] = [];
    for (const { method, path } of routes) {
      const call = async (token: string | null): Promise<string> => {
        const { status } = await house.call(method.toUpperCase(), pathOf(path), { token, headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' }, ...(method === 'get' ? {} : { body: '{}' }) });
        return status === 401 || status === 403 ? String(status) : status < 500 ? 'in' : `fault ${status}`;
      };
      met.push([`${method} ${path}`, [await call(null), await call(house.tokens.read), await call(house.tokens.write), await call(house.tokens.revoked)].join()]);
    }
    // Without a token, with one that may read, with one that may write, with one that was revoked.
    const expected = { open: 'in,in,in,in', local: '401,in,in,401', read: '401,in,in,401', write: '401,403,in,401' };
    expect(met).toEqual(routes.map(({ method, path, scope }) => [`${method} ${path}`, expected[scope]]));
    expect(routes.filter(({ scope }) => scope === 'open').map(({ path }) => path)).toEqual(['/healthz', '/readyz']);
  });

  test('whatever changes something needs a token that may write', () => {
    expect(routes.filter(({ method, scope }) => method !== 'get' && scope !== 'write').map(({ path }) => path)).toEqual(['/api/v1/preview']);
    expect(routes.filter(({ method, scope }) => method === 'get' && scope === 'write')).toEqual([]);
  });

  test('a caller is told what is missing: the token, another token, or its scope', async () => {
    const house = await openHouse();
    const none = await house.get('/api/v1/states', { token: null });
    expect([none.status, none.headers.get('www-authenticate'), none.json.type]).toEqual([401, 'Bearer realm="suivi"', 'urn:suivi:problem:token-missing']);
    const wrong = await house.get('/api/v1/states', { token: 'suivi_nonsense' });
    expect([wrong.status, wrong.headers.get('www-authenticate'), wrong.json.type]).toEqual([401, 'Bearer realm="suivi", error="invalid_token"', 'urn:suivi:problem:token-refused']);
    const scope = await house.send('PUT', '/api/v1/orders', [], { token: house.tokens.read });
    expect([scope.status, scope.headers.get('www-authenticate'), scope.json.type]).toEqual([403, 'Bearer realm="suivi", error="insufficient_scope", scope="write"', 'urn:suivi:problem:token-may-not']);
    expect(scope.headers.get('content-type')).toBe('application/problem+json');
  });

  test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'bearer é', 'Token abc', `Bearer ${'a'.repeat(5_000)}`, "Bearer ' or 1=1 --"])('%.20s… is no token', async (authorization) => {
    const house = await openHouse();
    const got = await house.call('GET', '/api/v1/states', { token: null, headers: { authorization: Buffer.from(authorization).toString('latin1') } });
    expect(got.status).toBe(401);
  });

  test('the word Bearer may be written in any case, as HTTP has it', async () => {
    const house = await openHouse();
    expect((await house.call('GET', '/api/v1/states', { token: null, headers: { authorization: `bearer ${house.tokens.read}` } })).status).toBe(200);
  });

  test('a token that is revoked opens nothing from that moment on', async () => {
    const house = await openHouse();
    expect((await house.get('/api/v1/states')).status).toBe(200);
    await revokeToken(house.context, 'reader', 'test', house.clock.now());
    expect((await house.get('/api/v1/states')).status).toBe(401);
  });

  test('when a token was last used is written once a minute', async () => {
    const house = await openHouse();
    const lastUsed = async () => (await house.context.store.db.selectFrom('token').select('last_used_at').where('name', '=', 'reader').executeTakeFirstOrThrow()).last_used_at;
    const first = house.clock.now();
    await house.get('/api/v1/states');
    await house.clock.advance(30_000);
    await house.get('/api/v1/states');
    expect(await lastUsed()).toBe(first);
    await house.clock.advance(31_000);
    await house.get('/api/v1/states');
    expect(await lastUsed()).toBe(house.clock.now());
  });
});

describe('guessing', () => {
  test('after twenty wrong tokens from one address no other is looked at for a minute; those who are known go on', async () => {
    const house = await openHouse();
    await house.get('/api/v1/states');
    for (let i = 0; i < 20; i += 1) expect((await house.get('/api/v1/states', { token: `suivi_guess${i}` })).status).toBe(401);
    const limited = await house.get('/api/v1/states', { token: 'suivi_guess21' });
    expect([limited.status, limited.json.type]).toEqual([429, 'urn:suivi:problem:too-many-guesses']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    // A right guess would not be found out either; whoever was let in before is.
    expect((await house.get('/api/v1/states', { token: house.tokens.write })).status).toBe(429);
    expect((await house.get('/api/v1/states')).status).toBe(200);
    expect(house.log.filter((line) => line.includes('too many tokens from one address'))).toHaveLength(1);
    await house.clock.advance(60_000);
    expect((await house.get('/api/v1/states', { token: house.tokens.write })).status).toBe(200);
  });

  test('a token that was let in once and is revoked is a guess like any other', async () => {
    const house = await openHouse();
    await house.get('/api/v1/states');
    await revokeToken(house.context, 'reader', 'test', house.clock.now());
    const statuses = [];
    for (let i = 0; i < 22; i += 1) statuses.push((await house.get('/api/v1/states')).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  });

  test('requests without a token are no guesses', async () => {
    const house = await openHouse();
    for (let i = 0; i < 30; i += 1) await house.get('/api/v1/states', { token: null });
    expect((await house.get('/api/v1/states')).status).toBe(200);
  });
});

describe('figures and readiness', () => {
  test('figures are open on this machine, and behind a token elsewhere', async () => {
    const house = await openHouse();
    const here = await house.get('/metrics', { token: null });
    expect([here.status, here.text, here.headers.get('content-type')]).toEqual([200, 'suivi_syncs 1\n', 'text/plain; version=0.0.4; charset=utf-8']);
    expect((await house.get('/metrics', { token: null, headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(401);
    expect((await house.get('/metrics', { headers: { forwarded: 'for=203.0.113.9' } })).status).toBe(200);
  });

  test('a page of another site that was led here by its name server is not on this machine', async () => {
    const house = await openHouse();
    expect(await statusAs(house.port, 'evil.example')).toBe(401);
    expect(await statusAs(house.port, `localhost:${house.port}`)).toBe(200);
  });

  test('why it is not ready is told on this machine only', async () => {
    const house = await openHouse({ ports: { ready: () => Promise.resolve({ ok: false, reasons: ['the disk at /srv/suivi is full'] }) } });
    const here = await house.get('/readyz', { token: null });
    expect([here.status, here.json]).toEqual([503, { ready: false, reasons: ['the disk at /srv/suivi is full'] }]);
    const elsewhere = await house.get('/readyz', { token: null, headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect([elsewhere.status, elsewhere.json]).toEqual([503, { ready: false }]);
  });

  test('a look that fails is an answer: not ready', async () => {
    const house = await openHouse({ ports: { ready: () => Promise.reject(new Error('SQLITE_IOERR at /srv/suivi')) } });
    const got = await house.get('/readyz', { token: null });
    expect(got.status).toBe(503);
    expect(got.text).not.toContain('SQLITE');
  });

  test('alive asks nobody, ready asks the engine', async () => {
    const house = await openHouse({ ports: { ready: () => Promise.resolve({ ok: true, reasons: [] }) } });
    expect((await house.get('/healthz', { token: null })).json).toEqual({ alive: true });
    expect((await house.get('/readyz', { token: null })).json).toEqual({ ready: true });
  });
});

test('no token, and no content of an order, stands in the log', async () => {
  const house = await openHouse();
  await house.send('PUT', '/api/v1/orders', [order('SECRET-1')]);
  await house.get('/api/v1/orders/amazon-fr/SECRET-1', { token: 'suivi_wrong_one' });
  const lines = house.log.join('');
  // What changes something is told of always, what only reads where somebody looks closely.
  const told = house.log.map((line) => JSON.parse(line) as { level: string; path: string; author: string; httpStatus: number });
  expect(told.find(({ path }) => path === '/api/v1/orders')).toMatchObject({ level: 'info', author: 'api/erp', httpStatus: 200 });
  expect(told.find(({ path }) => path === '/api/v1/orders/:account/:reference')).toMatchObject({ level: 'debug', author: '', httpStatus: 401 });
  expect(lines).not.toContain('SECRET-1');
  expect(lines).not.toContain('suivi_wrong_one');
});

/** fetch does not let a caller name another host. */
function statusAs(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/metrics', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}
