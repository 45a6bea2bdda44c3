import { afterAll, describe, expect, test } from 'vitest';
import { readForm } from '../../src/console/form.ts';
import { listPeople } from '../../src/store/people.ts';
import { csrfOf, openHouse } from './house.ts';

const house = await openHouse({ empty: true });
afterAll(() => house.close());

const role = async (): Promise<string | undefined> => (await listPeople(house.context.store.db)).find(({ id }) => id === 'person-packer')?.role;

describe('a form that changes something', () => {
  test('carries the token of its own browser and session, or nothing is done', async () => {
    const others = csrfOf((await house.get('/profile', 'merchant')).text);
    for (const csrf of ['', 'AAAA', others]) expect((await house.post('/people/person-packer/role', { role: 'viewer', csrf }, 'admin')).status).toBe(403);
    expect(await role()).toBe('packer');
    expect((await house.post('/people/person-packer/role', { role: 'viewer' }, 'admin')).status).toBe(303);
    expect(await role()).toBe('viewer');
    await house.post('/people/person-packer/role', { role: 'packer' }, 'admin');
  });

  test('comes from a page of this console, as far as the browser says', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' }]) {
      expect((await house.post('/people/person-packer/role', { role: 'viewer' }, 'admin', headers)).status).toBe(403);
    }
    expect(await role()).toBe('packer');
    expect((await house.post('/people/person-packer/role', { role: 'viewer' }, 'admin', { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  test('shows another token each time, so that a compressed page gives none away', async () => {
    const tokens = [csrfOf((await house.get('/profile', 'merchant')).text), csrfOf((await house.get('/profile', 'merchant')).text)];
    expect(new Set(tokens).size).toBe(2);
  });

  test('is bounded, and is a form', async () => {
    const large = await house.post('/people/person-packer/role', { role: 'x'.repeat(3 * 1024 * 1024) }, 'admin');
    expect([large.status, large.text.includes('Trop volumineux')]).toEqual([413, true]);
    expect((await house.post('/people/person-packer/role', {}, 'admin', { 'content-type': 'application/json' })).status).toBe(400);
    expect((await house.post('/people/person-packer/role', {}, 'admin', { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(400);
  });

  test('is small where nobody has signed in, and has no more fields than a page of ours', async () => {
    const send = (path: string, body: string, cookie = ''): Promise<Response> => fetch(`${house.url}${path}`, { method: 'POST', body, redirect: 'manual', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' } });
    expect((await send('/sign-in', `a=${'x'.repeat(70_000)}`)).status).toBe(413);
    expect((await send('/people/person-packer/role', 'a=&'.repeat(100_000), await house.cookies('viewer'))).status).toBe(403);
    expect((await send('/people/person-packer/role', 'a=&'.repeat(100_000), await house.cookies('admin'))).status).toBe(400);
  });

  test('is read in a time that grows with its size alone, and a file comes back in it', async () => {
    const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
    const read = (body: string | FormData, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof readForm> => readForm(new Request('http://here.invalid/', { method: 'POST', body, headers }), false);
    const many = await read('a=&'.repeat(60_000), urlencoded);
    expect('fault' in many ? many : many.all('a')).toHaveLength(60_000);
    const parts = new FormData();
    for (let n = 0; n < 300; n += 1) parts.append('a', '');
    expect(await read(parts)).toEqual({ fault: 'unreadable' });
    const [whole, larger, kept] = [new FormData(), new FormData(), new FormData()];
    const bytes = 12 * 1024 * 1024;
    whole.set('file', new Blob([new Uint8Array(bytes)]), 'a.csv');
    larger.set('file', new Blob([new Uint8Array(bytes + 1)]), 'a.csv');
    kept.set('kept', Buffer.alloc(bytes).toString('base64'));
    expect(await read(larger)).toEqual({ fault: 'too-large', limit: bytes });
    for (const form of [await read(whole), await read(kept)]) expect('fault' in form).toBe(false);
  });
});

describe('every answer', () => {
  test.each(['/', '/sign-in', '/nothing', '/people', '/join/x'])('%s lets nothing in that is not ours', async (path) => {
    const { headers, text } = await house.get(path, path === '/sign-in' || path === '/join/x' ? null : 'viewer');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/ style="| on\w+="|<script(?! src="\/assets\/)|javascript:/);
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test('pages weigh little: document, style, scripts and icon stay under 60 KB at first load', async () => {
    const { text, headers } = await house.get('/people', 'admin', { 'accept-encoding': 'br' });
    const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    let bytes = Number(headers.get('content-length'));
    for (const file of files) {
      const asset = await house.get(file, null, { 'accept-encoding': 'br' });
      expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
      bytes += Number(asset.headers.get('content-length'));
    }
    expect(files.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(60_000);
  });

  test('language and theme are kept for this browser; a strange address leads nowhere else', async () => {
    const english = await house.post('/preferences', { language: 'en', back: '/profile' }, 'viewer');
    expect([english.status, english.location]).toEqual([303, '/profile']);
    expect(english.headers.getSetCookie().join()).toContain('suivi_language=en');
    expect((await house.post('/preferences', { theme: 'dark', back: '//evil.example/' }, 'viewer')).location).toBe('/');
    const page = await house.get('/sign-in', null, { cookie: 'suivi_language=en; suivi_theme=dark' });
    expect(page.text).toContain('<html lang="en" data-theme="dark">');
    expect((await house.get('/sign-in', null, { 'accept-language': 'en-GB,en;q=0.9' })).text).toContain('<html lang="en">');
  });
});

test.each([{ key: 'apply.many', values: {} }, { key: 'apply.many', values: null }, { key: 5 }, null])('what was left to be said, tampered with, spoils no page: %o', async (said) => {
  const cookie = `${await house.cookies('viewer')}; suivi_said=${Buffer.from(JSON.stringify(said)).toString('base64url')}`;
  expect((await fetch(`${house.url}/orders`, { headers: { cookie } })).status).toBe(200);
});

test('a variable cannot bear the name of something else', async () => {
  const { status } = await house.post('/accounts/connect', { marketplace: 'ebay', id: 'ebay-fr', site: 'EBAY_FR', appId: '__proto__', certId: 'B', refreshToken: 'C' });
  expect(status).toBe(422);
});

test('who asks for heads alone takes no place among the pages that listen', async () => {
  const headers = { cookie: await house.cookies('viewer') };
  for (let n = 0; n < 45; n += 1) expect((await fetch(`${house.url}/events`, { method: 'HEAD', headers })).status).toBe(200);
  const left = new AbortController();
  const listening = await fetch(`${house.url}/events`, { headers, signal: left.signal });
  const first = await listening.body?.getReader().read();
  left.abort();
  expect(Buffer.from(first?.value ?? []).toString()).toContain('retry: 3000');
});
