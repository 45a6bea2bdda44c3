import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApi } from '../../src/api/api.ts';
import { listen } from '../../src/api/listen.ts';
import { customerLinks } from '../../src/app/customer-links.ts';
import type { CustomerLinks } from '../../src/app/customer-links.ts';
import { carrierChoices } from '../../src/app/carrier-choices.ts';
import { connectingTo } from '../../src/app/connect-account.ts';
import { carrierFilesFor } from '../../src/app/console-files.ts';
import { foresee } from '../../src/app/foresee.ts';
import { loadTables } from '../../src/app/tables.ts';
import { together } from '../../src/app/web.ts';
import { createConsole } from '../../src/console/console.ts';
import type { ConsolePorts } from '../../src/console/ports.ts';
import { createSignIn } from '../../src/console/sign-in/sign-in.ts';
import { createLog, silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { claimInvitation, invite, inviteFirstAdmin } from '../../src/store/invitations.ts';
import { roles } from '../../src/store/people.ts';
import type { Role } from '../../src/store/people.ts';
import { openReader } from '../../src/store/reader.ts';
import type { Context } from '../../src/store/context.ts';
import { createTestClock } from '../support/clock.ts';
import type { TestClock } from '../support/clock.ts';
import { isOnServer } from '../support/databases.ts';
import { openShop } from '../support/shop.ts';
import type { Shop } from '../support/shop.ts';
import { fill } from './filled.ts';

/** The console at work on a real database and a real socket, with one person in each role. */
export interface House {
  readonly context: Context;
  readonly clock: TestClock;
  readonly url: string;
  readonly links: CustomerLinks;
  /** Lines of the log. */
  readonly log: readonly string[];
  /** Accounts whose bells were rung. */
  readonly rung: readonly (readonly string[])[];
  /** Opens nothing that is already open: cookies of somebody in this role. */
  cookies(role: Role): Promise<string>;
  /** Asks as somebody; redirections are not followed. */
  get(path: string, as?: Role | null, headers?: Readonly<Record<string, string>>): Promise<Got>;
  /** Sends a form as a page of the console would; `csrf` is filled in unless it is given. */
  post(path: string, fields: Readonly<Record<string, string | readonly string[]>>, as?: Role | null, headers?: Readonly<Record<string, string>>): Promise<Got>;
  close(): Promise<void>;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
}

export interface HousePlan {
  /** A merchant's day (the usual); or an empty database. */
  readonly empty?: boolean;
  /** Nobody has been invited yet. */
  readonly nobody?: boolean;
  readonly publicUrl?: string;
  readonly ports?: Partial<ConsolePorts>;
}

export const password = 'une phrase assez longue';
/** Names of the people in a house, by role. */
export const people: Readonly<Record<Role, string>> = { viewer: 'Louis', packer: 'Marc', support: 'Inès', merchant: 'Claire', admin: 'Hélène' };

/** What config/ ships. */
const tables = (() => {
  const read = loadTables(fileURLToPath(new URL('../../config', import.meta.url)), ['amazon', 'ebay']);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.tables;
})();

function answers(account: string): Awaited<ReturnType<ConsolePorts['checkAccount']>> {
  if (account.startsWith('ebay')) return [{ what: 'token', ok: true, key: 'ebay/token-ok', details: {} }, { what: 'token', ok: false, key: 'ebay/consent-ends-soon', details: { until: '2026-12-05T10:00:00Z', days: 11 } }];
  return [{ what: 'token', ok: true, key: 'amazon/token-ok', details: {} }, { what: 'role', ok: false, key: 'amazon/access-denied', details: { call: 'searchOrders' } }, { what: 'limit', ok: true, key: 'amazon/limit-published', details: { call: 'getOrder', rate: 0.5, burst: 30 } }];
}

export async function openHouse(plan: HousePlan = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-console-'));
  const file = isOnServer ? undefined : join(folder, 'suivi.db');
  const clock = createTestClock(Date.parse('2026-11-23T07:00:00Z'));
  const keys = { current: '0a0b0c0d', keys: new Map([['0a0b0c0d', new Uint8Array(32).fill(9)]]) };
  const publicUrl = plan.publicUrl ?? 'http://127.0.0.1';
  const before = async (shop: Shop): Promise<void> => (plan.nobody === true ? undefined : populate({ context: shop.context, publicUrl, keys, clock, log: silentLog }));
  const shop = plan.empty === true ? await openShop(clock, undefined, file === undefined ? {} : { file }) : await fill(clock, file, before);
  if (plan.empty === true) await before(shop);
  const { context } = shop;
  const log: string[] = [];
  const rung: (readonly string[])[] = [];
  const stop = new AbortController();
  // A thread for each house would take longer to start than most tests last; what it does is shown in test/store/reader.test.ts.
  const reader = openReader(context, 'here');
  const writer = createLog({ level: 'debug', clock, write: (line) => void log.push(line) });
  const ports: ConsolePorts = {
    context: { ...context, audit: { ...context.audit, random: systemRandom } },
    reader,
    clock,
    timeZone: 'Europe/Paris',
    publicUrl,
    diagnoses: tables.diagnoses,
    models: tables.models,
    links: customerLinks(publicUrl, keys),
    carrierFile: carrierFilesFor(context),
    carriers: carrierChoices(tables.carriers),
    people: context.store,
    // Test of a trial itself: test/console/trial.test.ts.
    trial: { inside: false, isRunning: () => false, begin: () => Promise.resolve(), end: () => Promise.resolve() },
    connecting: connectingTo(folder, { AMAZON_CLIENT_ID: 'amzn1.application-oa2-client.1' }),
    // What a marketplace answers: the checks themselves are tested with each marketplace.
    checkAccount: (account) => Promise.resolve(answers(account)),
    foresee: (wishes, answers, now) => foresee(context, wishes, answers, now),
    notify: (accounts) => void rung.push(accounts),
    keys,
    log: writer,
    stop: stop.signal,
    ...plan.ports,
  };
  const api = createApi({ ...ports, customerUrl: ports.links.url, ready: () => Promise.resolve({ ok: true, reasons: [] }), metrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }) });
  const shown = createConsole(ports);
  const listening = await listen(together(api, shown, { console: () => null }), '127.0.0.1', 0);
  const url = `http://127.0.0.1:${listening.port}`;
  const known = new Map<Role, string>();

  async function send(method: string, path: string, cookies: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Got> {
    const answer = await fetch(`${url}${path}`, { method, redirect: 'manual', headers: { 'accept-language': 'fr', cookie: cookies, ...headers }, ...(body === undefined ? {} : { body }) });
    // A mark at the beginning stays: `text()` would take it away.
    return { status: answer.status, headers: answer.headers, text: Buffer.from(await answer.arrayBuffer()).toString('utf8'), location: answer.headers.get('location') };
  }

  const house: House = {
    context,
    clock,
    links: ports.links,
    url,
    log,
    rung,
    async cookies(role) {
      const kept = known.get(role);
      if (kept !== undefined) return kept;
      const form = await send('GET', '/sign-in', '', {});
      const browser = cookiesOf(form);
      const got = await send('POST', '/sign-in', browser, { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ csrf: csrfOf(form.text), name: people[role], password, back: '/' }).toString());
      if (got.status !== 303) throw new Error(`${people[role]} could not sign in: ${got.status}`);
      const cookies = `${browser}; ${cookiesOf(got)}`;
      known.set(role, cookies);
      return cookies;
    },
    get: async (path, as = 'admin', headers = {}) => send('GET', path, as === null ? '' : await house.cookies(as), headers),
    async post(path, { csrf, ...fields }, as = 'admin', headers = {}) {
      const cookies = as === null ? '' : await house.cookies(as);
      const form = csrf === undefined ? await send('GET', as === null ? '/sign-in' : '/profile', cookies, {}) : null;
      const given = new URLSearchParams({ csrf: form === null ? String(csrf) : csrfOf(form.text) });
      for (const [name, value] of Object.entries(fields)) for (const one of typeof value === 'string' ? [value] : value) given.append(name, one);
      const all = [cookies, ...(as === null && form !== null ? [cookiesOf(form)] : [])].filter((one) => one !== '').join('; ');
      return send('POST', path, headers['cookie'] ?? all, { 'content-type': 'application/x-www-form-urlencoded', ...headers }, given.toString());
    },
    async close() {
      stop.abort();
      await listening.close();
      await shown.idle();
      await reader.close();
      await shop.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return house;
}

/** The token of the first form on a page. */
export function csrfOf(html: string): string {
  const token = /name="csrf" value="([^"]+)"/.exec(html)?.[1];
  if (token === undefined) throw new Error('the page has no form');
  return token;
}

/** What a browser would send back of the cookies it was given. */
export function cookiesOf({ headers }: Pick<Got, 'headers'>): string {
  return headers.getSetCookie().filter((cookie) => !/Max-Age=0/i.test(cookie)).map((cookie) => cookie.split(';')[0] ?? '').join('; ');
}

/** One person in each role, the first of them by the link that a first start prints. */
async function populate({ context, publicUrl, keys, clock, log }: Pick<ConsolePorts, 'context' | 'publicUrl' | 'keys' | 'clock' | 'log'>): Promise<void> {
  const signIn = createSignIn({ db: context.store.db, kind: context.store.kind, publicUrl, keys, clock, log });
  const hash = await signIn.hash(password);
  for (const role of roles.toReversed()) {
    const now = clock.now();
    const made = role === 'admin' ? await inviteFirstAdmin(context, now) : await invite(context, people[role], role, people.admin, now);
    if ('fault' in made) throw new Error(made.fault);
    const claimed = await claimInvitation(context, made.secret, { name: people[role], password: hash, id: `person-${role}` }, now);
    if ('fault' in claimed) throw new Error(claimed.fault);
  }
}
