import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { SellingPartner } from 'amazon-sp-api';
import { eBayApi } from 'ebay-api';
import { describe, expect, it } from 'vitest';
import { createLog, longestLine, silentLog } from '../../src/runtime/log.ts';
import type { Fields, Level, Log, LogOptions } from '../../src/runtime/log.ts';
import { createTestClock } from '../support/clock.ts';
import { start } from './children.ts';

interface Line extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
}

/** What `say` wrote: the text as it would stand in the journal, and each line read. */
function written(say: (log: Log) => void, options: Partial<LogOptions> = {}): { readonly text: string; readonly lines: readonly Line[] } {
  let text = '';
  say(createLog({ level: 'trace', clock: createTestClock(), write: (line) => void (text += line), ...options }));
  return { text, lines: text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line) };
}

function fieldsOf(fields: Fields): Line {
  const [line] = written((log) => log.info('x', fields)).lines;
  if (line === undefined) throw new Error('nothing was written');
  return line;
}

describe('a line', () => {
  it('is one JSON object with level, time, process, fields and words', () => {
    expect(written((log) => log.info('the lane was taken', { account: 'amazon-fr', waiting: 3 })).lines).toEqual([
      { level: 'info', time: '2026-11-23T09:00:00.000Z', pid: process.pid, account: 'amazon-fr', waiting: 3, msg: 'the lane was taken' },
    ]);
  });

  it.each<[Level, readonly string[]]>([
    ['trace', ['trace', 'debug', 'info', 'warn', 'error', 'fatal']],
    ['warn', ['warn', 'error', 'fatal']],
    ['silent', []],
  ])('is written from its level on: %s', (level, expected) => {
    const { lines } = written((log) => {
      for (const one of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) log[one]('x');
    }, { level });
    expect(lines.map((line) => line.level)).toEqual(expected);
  });

  it('of a child has the child’s fields, cleaned like any other', () => {
    const { text, lines } = written((log) => log.child({ account: 'ebay-fr', note: 'Bearer abcdefghijkl' }).child({ refreshToken: 'hunter2' }).info('x', { i: 1 }));
    expect(lines).toEqual([expect.objectContaining({ account: 'ebay-fr', note: '[removed]', refreshToken: '[removed]', i: 1 })]);
    expect(text).not.toContain('hunter2');
  });

  it('is words, and no format', () => {
    expect(written((log) => log.info('100 %s of %d %o', { a: 1 })).lines[0]?.msg).toBe('100 %s of %d %o');
  });

  it('stays one line and one object whatever its fields are called', () => {
    const { text, lines } = written((log) => log.info('two\nlines\u2028', { level: 'x', time: 'x', msg: 'x', pid: 'x', ['__proto__']: 'x', toString: 'x', hasOwnProperty: 'x' }));
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(text.match(/"level":/g)).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'info', level_: 'x', msg: 'two\nlines\u2028', msg_: 'x', toString: 'x' });
  });

  it('is written by nobody to nowhere where the log is silent', () => {
    expect(() => silentLog.child({ a: 1 }).error('x')).not.toThrow();
  });
});

describe('values of every kind', () => {
  it('can stand in a line', () => {
    const circular: Record<string, unknown> = { a: 1 };
    circular['self'] = circular;
    const line = fieldsOf({
      big: 12n, nothing: null, missing: undefined, not: NaN, f: () => 1, symbol: Symbol('s'), date: new Date(0), bad: new Date(NaN), bytes: new Uint8Array(32), buffer: Buffer.from('hunter2'),
      map: new Map<unknown, unknown>([['a', 1], [{}, 2]]), set: new Set([1]), url: new URL('https://u:hunter2@h.example/?access_token=hunter2&a=b'), circular,
      instant: Temporal.Instant.fromEpochMilliseconds(0), headers: new Headers({ authorization: 'hunter2' }), answer: new Response('hunter2'), list: [1, undefined, 'a'],
      hostile: new Proxy({}, { ownKeys: () => { throw new Error('no'); } }),
      getter: Object.defineProperty({}, 'x', { enumerable: true, get: () => { throw new Error('no'); } }),
      odd: { toJSON: () => 'hunter2' },
    });
    expect(line).toMatchObject({
      big: '12', nothing: null, not: 'NaN', date: '1970-01-01T00:00:00.000Z', bad: 'Invalid Date', bytes: '[32 bytes]', buffer: '[7 bytes]', map: { a: 1, object: 2 }, set: [1], circular: { a: 1, self: '[circular]' },
      instant: '1970-01-01T00:00:00Z', headers: '[removed]', answer: '[Response]', list: [1, null, 'a'], hostile: '[unreadable]', getter: { x: '[unreadable]' }, odd: {},
    });
    expect(line).not.toHaveProperty('missing');
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });
});

describe('a bound', () => {
  it.each<[string, Fields]>([
    ['a text', { text: 'é'.repeat(1_000_000) }],
    ['many texts', Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'x y '.repeat(500)]))],
    ['a wide object', { wide: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])) }],
    ['a long list', { long: Array.from({ length: 10_000 }, (_, i) => i) }],
    ['a deep object', { deep: Array.from({ length: 1_000 }).reduce<object>((inner) => ({ inner }), {}) }],
    ['an object that leads everywhere', { process, globalThis }],
    ['a long key', { ['k'.repeat(100_000)]: 1 }],
    ['an error with a long message', { error: new Error('x y '.repeat(100_000)) }],
    ['a long chain of causes', { error: Array.from({ length: 1_000 }).reduce<Error>((cause, _, i) => new Error(`e${i}`, { cause }), new Error('first')) }],
  ])('holds for %s', (_name, fields) => {
    const started = performance.now();
    const { text, lines } = written((log) => log.info('words', { kept: 'kept', ...fields }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestLine);
    expect(lines).toEqual([expect.objectContaining({ msg: 'words', kept: 'kept' })]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('holds for words', () => {
    const { text, lines } = written((log) => log.info('x '.repeat(1_000_000)));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestLine);
    expect(lines[0]?.msg).toMatch(/characters\]$/);
  });

  it('cuts no secret in half, where half of it would have no shape', () => {
    for (let before = 1_950; before < 4_050; before += 25) {
      const { text } = written((log) => log.info(`${'x '.repeat(before / 2)}Atzr|hunter2hunter2hunter2hunter2 ${'y '.repeat(3_000)}`));
      expect(text).not.toContain('hunter2');
    }
  });
});

const secrets = { refresh: 'Atzr|IwEBIHunter2-refresh', access: 'Atza|IwEBIHunter2-access', client: 'amzn1.oa2-cs.v1.hunter2', ebay: 'v^1.1#i^1#p^3#hunter2-token', cert: 'PRD-hunter2cert0123', mail: 'hunter2@example.com' };

const leaks = /hunter2/i;

describe('a secret', () => {
  it.each<[string, Fields]>([
    ['names', { accessToken: 'hunter2', refresh_token: 'hunter2', clientSecret: 'hunter2', client_id: 'hunter2', password: 'hunter2', passwd: 'hunter2', Authorization: 'hunter2', cookie: 'hunter2', 'set-cookie': ['hunter2'], 'x-amz-access-token': 'hunter2', apiKey: 'hunter2', certId: 'hunter2', credentials: { a: 'hunter2' } }],
    ['names far below', { a: { b: [{ c: { secret: { d: 'hunter2' } } }] } }],
    ['names of persons’ details', { buyerName: 'hunter2', email: 'hunter2', phone: 'hunter2', shippingAddress: { street: 'hunter2' }, recipient: 'hunter2', firstName: 'hunter2' }],
    ['heads', { headers: { a: 'hunter2' }, rawHeaders: ['a', 'hunter2'] }],
    ['shapes', { a: secrets.refresh, b: `x ${secrets.access} y`, c: secrets.client, d: secrets.ebay, e: secrets.mail, f: 'Bearer hunter2hunter2', g: 'Basic aHVudGVyMg==hunter2' }],
    ['shapes in other shapes', { body: `grant_type=refresh_token&refresh_token=${encodeURIComponent(secrets.refresh)}`, json: JSON.stringify({ access_token: 'hunter2-hunter2' }), nested: JSON.stringify(JSON.stringify({ refresh_token: 'hunter2-hunter2' })) }],
    ['addresses', { a: 'postgres://u:hunter2@h/d', b: 'https://x.s3.example/doc?X-Amz-Signature=hunter2&X-Amz-Security-Token=hunter2', c: '/console?session_key=hunter2', d: `x ${encodeURIComponent(secrets.ebay)}`, e: encodeURIComponent(secrets.access) }],
    ['keys', { [secrets.refresh]: 1, map: new Map([[secrets.access, 1]]) }],
    ['web tokens', { a: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2sig` }],
  ])('is recognised by %s', (_name, fields) => {
    const { text, lines } = written((log) => log.info('x', fields));
    expect(text).not.toMatch(leaks);
    expect(lines).toHaveLength(1);
  });

  it('is taken out of the words as well', () => {
    expect(written((log) => log.info(`refused: ${secrets.refresh} of ${secrets.mail}`)).lines[0]?.msg).toBe('refused: [removed] of [removed]');
  });

  it('that is known is taken out whatever it looks like, also percent-encoded and in an error', () => {
    const known = ['plain words+hunter2', secrets.cert, 'short', `${secrets.cert}-longer-hunter2`];
    const { text, lines } = written((log) => log.info(`a ${known[0]} b`, { c: encodeURIComponent(known[0] ?? ''), d: `${known[3]}!`, e: new Error(`x${known[1]}x`), f: 'short' }), { secrets: known });
    expect(text).not.toMatch(leaks);
    expect(lines[0]).toMatchObject({ msg: 'a [removed] b', c: '[removed]', d: '[removed]!', f: 'short' });
  });

  it('costs the same however many there are', () => {
    const known = Array.from({ length: 15_000 }, (_, i) => `${String(i % 3).repeat(8)}-hunter2-${i}`);
    const started = performance.now();
    const log = createLog({ level: 'info', clock: createTestClock(), secrets: known, write: () => undefined });
    for (let i = 0; i < 500; i += 1) log.info('x', { text: 'some words that are no secret '.repeat(20) });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is no number: how many tokens are left may be seen', () => {
    expect(fieldsOf({ tokens: 3.5, tokenExpiresInS: 3_600, accessToken: null, secret: true })).toMatchObject({ tokens: 3.5, tokenExpiresInS: 3_600, accessToken: null, secret: true });
  });
});

describe('an error', () => {
  it('has its type, message, code, stack and causes', () => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1' }) });
    expect(fieldsOf({ error })).toMatchObject({ error: { type: 'TypeError', message: 'fetch failed', stack: expect.stringContaining('log.test.ts'), cause: { type: 'Error', code: 'ECONNREFUSED', syscall: 'connect' } } });
    expect(fieldsOf({ error: new AggregateError([new Error('a'), new Error('b')], 'both') })).toMatchObject({ error: { message: 'both', errors: [{ message: 'a' }, { message: 'b' }] } });
  });

  it('has nothing else of what hangs on it', () => {
    const error = Object.assign(new Error('Request failed with status code 401'), {
      code: 'ERR_BAD_REQUEST', status: 401, isAxiosError: true,
      config: { headers: { Authorization: 'Bearer hunter2hunter2' }, data: 'hunter2', auth: { username: 'hunter2' } },
      request: { _header: 'GET / HTTP/1.1\r\nx: hunter2' }, response: { data: { error: 'hunter2' }, headers: { x: 'hunter2' } }, meta: { req: 'hunter2' }, toJSON: () => ({ config: 'hunter2' }), details: 'hunter2',
    });
    const { text, lines } = written((log) => log.error('the call failed', { error, wrapped: { inner: new Error('outer', { cause: error }) } }));
    expect(text).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({ error: { message: 'Request failed with status code 401', code: 'ERR_BAD_REQUEST', status: 401 } });
  });

  it('that is a plain object of a client loses what the client hung on it', () => {
    const { text, lines } = written((log) => log.error('x', { error: { isAxiosError: true, message: 'no', config: { data: 'hunter2' }, request: 'hunter2' }, other: { message: 'no', meta: { res: { headers: { a: 'hunter2' } } } } }));
    expect(text).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({ error: { message: 'no' }, other: { message: 'no' } });
  });

  it('of the marketplaces’ own clients, against a server that refuses them, gives nothing away', async () => {
    let calls = 0;
    const server = createServer((_request, response) => void (calls += 1, response).writeHead(401, { 'content-type': 'application/json', 'set-cookie': 'session=hunter2' }).end(JSON.stringify({ error: 'invalid_client', error_description: `refused ${secrets.refresh} ${secrets.ebay}`, errors: [{ code: 'Unauthorized', message: `Access to ${secrets.mail} is denied`, details: secrets.access }] })));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const errors = [await amazonError(port), await ebayError(port)];
      const { text, lines } = written((log) => {
        for (const error of errors) log.error(`the call failed: ${String(error)}`, { error, list: [error], wrapped: new Error('wrapped', { cause: error }) });
      });
      expect(text).not.toMatch(leaks);
      expect(lines).toHaveLength(2);
      // Both came back from the server, and both had something to leak.
      expect(errors.map((error) => leaks.test(inspect(error, { depth: 8 })))).toEqual([true, true]);
      expect(calls).toBe(2);
    } finally {
      await new Promise((resolve) => void server.close(resolve));
    }
  });
});

async function amazonError(port: number): Promise<unknown> {
  const { Agent } = await import('node:https');
  const { connect } = await import('node:net');
  const agent = new Agent();
  Object.assign(agent, { createConnection: () => connect(port, '127.0.0.1') });
  const client = new SellingPartner({
    region: 'eu', refresh_token: secrets.refresh, access_token: secrets.access, credentials: { SELLING_PARTNER_APP_CLIENT_ID: 'amzn1.application-oa2-client.hunter2', SELLING_PARTNER_APP_CLIENT_SECRET: secrets.client },
    options: { auto_request_tokens: false, auto_request_throttled: false, retry_remote_timeout: false, https_proxy_agent: agent },
  });
  return client.callAPI({ operation: 'getMarketplaceParticipations', endpoint: 'sellers' }).then(() => null, (error: unknown) => error);
}

async function ebayError(port: number): Promise<unknown> {
  const client = new eBayApi({ appId: 'hunter2-app', certId: secrets.cert, sandbox: false, autoRefreshToken: false });
  client.OAuth2.setCredentials({ access_token: secrets.ebay, refresh_token: secrets.ebay });
  const { instance } = client.req as unknown as { instance: { interceptors: { request: { use(change: (config: { url?: string }) => unknown): void } } } };
  instance.interceptors.request.use((config) => ({ ...config, url: (config.url ?? '').replace('https://api.ebay.com', `http://127.0.0.1:${port}`) }));
  return client.sell.fulfillment.getOrder('12-34567-89012').then(() => null, (error: unknown) => error);
}

describe('standard output', () => {
  it('that is full does not stop the process', async ({ skip }) => {
    if (!existsSync('/dev/full')) return skip('this system has no /dev/full');
    const full = openSync('/dev/full', 'w');
    const { code, out } = await start('logs.ts', [], { stdout: full }).ended;
    closeSync(full);
    expect({ code, out }).toEqual({ code: 0, out: 'ALIVE\n' });
  });

  it('that nobody reads any more does not stop the process', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('children/logs.ts', import.meta.url))], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.once('data', () => child.stdout.destroy());
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text));
    const code = await new Promise((resolve) => void child.once('close', resolve));
    expect({ code, said }).toEqual({ code: 0, said: 'ALIVE\n' });
  });

  it('gets every line', async () => {
    const { out } = await start('logs.ts').ended;
    expect(out.split('\n').filter((line) => line.includes('"msg":"a line"'))).toHaveLength(2_000);
  });
});
