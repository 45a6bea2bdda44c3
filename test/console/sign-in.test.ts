import { afterEach, describe, expect, test } from 'vitest';
import { minute } from '../../src/runtime/clock.ts';
import { invite, inviteFirstAdmin } from '../../src/store/invitations.ts';
import { changeRole, listPeople, revokePerson } from '../../src/store/people.ts';
import { cookiesOf, csrfOf, openHouse, password, people } from './house.ts';
import type { Got, House, HousePlan } from './house.ts';
import { totp } from './totp.ts';

const open = new Set<House>();
afterEach(async () => {
  for (const house of open) await house.close();
  open.clear();
});

async function house(plan: HousePlan = {}): Promise<House> {
  const opened = await openHouse({ empty: true, ...plan });
  open.add(opened);
  return opened;
}

/** Signs in as a browser does; `from` is the address that a proxy on this machine names. */
async function enter(at: House, name: string, secret: string, from = '192.0.2.1'): Promise<Got> {
  return at.post('/sign-in', { name, password: secret, back: '/' }, null, { 'x-forwarded-for': from });
}

describe('the first start', () => {
  test('the link that is printed makes the first admin, once', async () => {
    const at = await house({ nobody: true });
    expect((await at.get('/sign-in', null)).text).toContain('dans son terminal');
    const made = await inviteFirstAdmin(at.context, at.clock.now());
    const path = `/join/${'secret' in made ? made.secret : ''}`;
    expect((await at.get(path, null)).status).toBe(200);
    const weak = await at.post(path, { name: 'Zoé', password: 'court' }, null);
    expect([weak.status, weak.text.includes('Douze signes au moins.'), weak.text.includes('value="Zoé"')]).toEqual([422, true, true]);
    const joined = await at.post(path, { name: 'Zoé', password }, null);
    expect([joined.status, joined.location]).toEqual([303, '/']);
    expect((await at.get('/people', null, { cookie: cookiesOf(joined) })).status).toBe(200);
    expect((await at.post(path, { name: 'Max', password }, null)).status).toBe(410);
    expect((await listPeople(at.context.store.db)).map(({ name, role }) => [name, role])).toEqual([['Zoé', 'admin']]);
  });

  test('a later start makes the earlier link useless, and links end after three days', async () => {
    const at = await house({ nobody: true });
    const [first, second] = [await inviteFirstAdmin(at.context, at.clock.now()), await inviteFirstAdmin(at.context, at.clock.now())];
    const paths = [first, second].map((made) => `/join/${'secret' in made ? made.secret : ''}`);
    expect((await at.get(paths[0] ?? '', null)).status).toBe(410);
    expect((await at.get(paths[1] ?? '', null)).status).toBe(200);
    at.clock.jump(3 * 24 * 60 * minute);
    expect((await at.get(paths[1] ?? '', null)).status).toBe(410);
  });
});

describe('signing in', () => {
  test('goes by the name without accents and capitals, and leads back to where somebody wanted to go, here alone', async () => {
    const at = await house();
    const wanted = await at.get('/people?before=3', null);
    expect(wanted.location).toBe('/sign-in?back=%2Fpeople%3Fbefore%3D3');
    const got = await at.post('/sign-in', { name: 'HELENE', password, back: '/people?before=3' }, null);
    expect([got.status, got.location]).toEqual([303, '/people?before=3']);
    for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/ok\nSet-Cookie: a=b']) {
      expect((await at.post('/sign-in', { name: 'helene', password, back }, null)).location).toBe('/');
    }
  });

  test('cookies are out of reach of scripts and of other sites, and for https alone behind https', async () => {
    for (const [publicUrl, secure] of [['http://127.0.0.1', false], ['https://suivi.example', true]] as const) {
      const at = await house({ publicUrl });
      const got = await enter(at, 'Hélène', password);
      const [session] = got.headers.getSetCookie().filter((cookie) => cookie.includes('session_token'));
      expect(session).toMatch(/HttpOnly/i);
      expect(session).toMatch(/SameSite=Lax/i);
      expect(/; Secure/i.test(session ?? '')).toBe(secure);
      expect(got.headers.get('strict-transport-security')).toBe(secure ? 'max-age=31536000' : null);
    }
  });

  test('ten wrong tries from one address are enough for a quarter of an hour; others still come in', async () => {
    const at = await house();
    for (let n = 0; n < 10; n += 1) expect((await enter(at, n % 2 === 0 ? 'Claire' : 'nobody', 'wrong wrong wrong')).status).toBe(403);
    const held = await enter(at, 'Claire', password);
    expect([held.status, held.text.includes('Trop d’essais')]).toEqual([429, true]);
    expect((await enter(at, 'Claire', password, '192.0.2.7')).status).toBe(303);
    await at.clock.advance(15 * minute);
    expect((await enter(at, 'Claire', password)).status).toBe(303);
  });

  test('tries that are made at once are no way round that', async () => {
    const at = await house();
    const statuses = await Promise.all(Array.from({ length: 15 }, async () => (await enter(at, 'Claire', 'wrong wrong wrong')).status));
    expect([statuses.filter((status) => status === 403).length, statuses.filter((status) => status === 429).length]).toEqual([10, 5]);
  });

  test('nothing of a password or a session stands in the log', async () => {
    const at = await house();
    const got = await enter(at, 'Claire', password);
    await enter(at, 'Claire', 'wrong wrong wrong');
    const token = /session_token=([^;.]+)/.exec(cookiesOf(got))?.[1] ?? 'none';
    for (const secret of [password, 'wrong wrong wrong', token, decodeURIComponent(token)]) expect(at.log.join('')).not.toContain(secret);
  });
});

describe('sessions end', () => {
  test('when somebody is given another role, which counts from their next sign-in', async () => {
    const at = await house();
    expect((await at.get('/', 'packer')).status).toBe(200);
    expect(await changeRole(at.context, 'person-packer', 'admin', 'Hélène', at.clock.now())).toBeNull();
    expect((await at.get('/', 'packer')).location).toMatch(/^\/sign-in/);
    const again = await enter(at, people.packer, password);
    expect((await at.get('/people', null, { cookie: cookiesOf(again) })).status).toBe(200);
  });

  test('when somebody’s access is revoked, who cannot come back', async () => {
    const at = await house();
    const cookies = await at.cookies('packer');
    expect(await revokePerson(at.context, 'person-packer', 'Hélène', at.clock.now())).toBeNull();
    expect((await at.get('/', null, { cookie: cookies })).location).toMatch(/^\/sign-in/);
    expect((await enter(at, people.packer, password)).status).toBe(403);
  });

  test('when somebody signs out', async () => {
    const at = await house();
    const cookies = await at.cookies('packer');
    expect((await at.post('/sign-out', {}, 'packer')).location).toBe('/sign-in');
    expect((await at.get('/', null, { cookie: cookies })).location).toMatch(/^\/sign-in/);
  });

  test('others, when somebody changes their password; a wrong present one changes nothing', async () => {
    const at = await house();
    const other = cookiesOf(await enter(at, 'Claire', password));
    const next = 'encore une phrase bien longue';
    const refused = await at.post('/profile/password', { before: 'not my password', after: next }, 'merchant');
    expect([refused.status, refused.text.includes('Ce n’est pas votre mot de passe actuel.')]).toEqual([422, true]);
    expect((await at.get('/', null, { cookie: other })).status).toBe(200);
    expect((await at.post('/profile/password', { before: password, after: next }, 'merchant')).status).toBe(303);
    expect((await at.get('/', null, { cookie: other })).location).toMatch(/^\/sign-in/);
    expect((await enter(at, 'Claire', password)).status).toBe(403);
    expect((await enter(at, 'Claire', next)).status).toBe(303);
  });
});

describe('invitations', () => {
  test('the last admin stays; nobody revokes themself', async () => {
    const at = await house();
    expect(await changeRole(at.context, 'person-admin', 'viewer', 'Hélène', at.clock.now())).toBe('last-admin');
    expect(await revokePerson(at.context, 'person-admin', 'Hélène', at.clock.now())).toBe('last-admin');
    await changeRole(at.context, 'person-merchant', 'admin', 'Hélène', at.clock.now());
    const got = await at.post('/people/person-admin/revoke', {}, 'admin');
    expect(got.location).toBe('/people');
    expect((await listPeople(at.context.store.db)).find(({ id }) => id === 'person-admin')?.revokedAt).toBeNull();
  });

  test('a name that was ever somebody’s is nobody else’s', async () => {
    const at = await house();
    await revokePerson(at.context, 'person-packer', 'Hélène', at.clock.now());
    expect(await invite(at.context, 'MARC', 'viewer', 'Hélène', at.clock.now())).toEqual({ fault: 'taken' });
  });

  test('an admin’s link lets somebody in with the role it names; the journal says who invited', async () => {
    const at = await house();
    const shown = await at.post('/people/invite', { name: 'Émile', role: 'support' }, 'admin');
    const path = /\/join\/[\w-]+/.exec(shown.text)?.[0] ?? '';
    expect((await at.post(path, { password, role: 'admin', name: 'Somebody' }, null)).status).toBe(303);
    expect((await listPeople(at.context.store.db)).find(({ name }) => name === 'Émile')?.role).toBe('support');
    const journal = (await at.get('/people', 'admin')).text;
    expect(journal).toMatch(/Émile invité<\/span> <span class="quiet">par Hélène/);
  });
});

describe('the second factor', () => {
  test('once it is on, the password alone opens nothing; a code, or a backup code once, does', async () => {
    const at = await house();
    const started = await at.post('/profile/factor/start', { password }, 'merchant');
    const secret = /<dd class="id">([A-Z2-7]+)<\/dd>/.exec(started.text)?.[1] ?? '';
    const [backup = ''] = [...started.text.matchAll(/<li>([\w-]+)<\/li>/g)].map((match) => match[1] ?? '');
    expect((await at.post('/profile/factor/confirm', { code: '000000', secret }, 'merchant')).status).toBe(422);
    expect((await at.post('/profile/factor/confirm', { code: totp(secret), secret }, 'merchant')).status).toBe(303);

    const half = await enter(at, 'Claire', password);
    expect(half.location).toMatch(/^\/sign-in\/code/);
    expect((await at.get('/', null, { cookie: cookiesOf(half) })).location).toMatch(/^\/sign-in/);
    const code = async (value: string, from: Got): Promise<Got> => {
      const cookie = cookiesOf(from);
      const form = await at.get('/sign-in/code', null, { cookie });
      return at.post('/sign-in/code', { csrf: csrfOf(form.text), code: value, back: '/' }, null, { cookie: `${cookie}; ${cookiesOf(form)}` });
    };
    expect((await code('123456', half)).status).toBe(403);
    const whole = await code(totp(secret), half);
    expect([whole.status, whole.location]).toEqual([303, '/']);
    expect((await at.get('/', null, { cookie: cookiesOf(whole) })).status).toBe(200);

    expect((await code(backup, await enter(at, 'Claire', password))).status).toBe(303);
    expect((await code(backup, await enter(at, 'Claire', password))).status).toBe(403);
  });
});
