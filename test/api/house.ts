import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, expect } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { listen } from '../../src/api/listen.ts';
import type { Listening } from '../../src/api/listen.ts';
import type { ApiPorts } from '../../src/api/ports.ts';
import { createLog } from '../../src/runtime/log.ts';
import type { Context } from '../../src/store/context.ts';
import { createToken, revokeToken } from '../../src/store/tokens.ts';
import { languages, readDiagnoses } from '../../src/syncing/diagnosis.ts';
import type { Diagnoses } from '../../src/syncing/diagnosis.ts';
import { createTestClock } from '../support/clock.ts';
import type { TestClock } from '../support/clock.ts';
import { openShop } from '../support/shop.ts';
import type { AccountPlan } from '../support/shop.ts';
import { documentedAnswers } from './documented.ts';
import type { Documented } from './documented.ts';

/** The API at work on a real database and a real socket. Every answer is held against the document of the API. */
export interface House {
  readonly context: Context;
  readonly clock: TestClock;
  readonly app: ReturnType<typeof createApi>;
  readonly url: string;
  readonly port: number;
  readonly document: Documented;
  readonly tokens: { readonly read: string; readonly write: string; readonly revoked: string };
  /** Accounts whose bells were rung, one list for each ringing. */
  readonly rung: (readonly string[])[];
  /** Lines of the log. */
  readonly log: string[];
  call(method: string, path: string, request?: Sent): Promise<Got>;
  get(path: string, request?: Sent): Promise<Got>;
  /** Sends JSON with the token that may write. */
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, json: unknown, request?: Sent): Promise<Got>;
  listening: Listening;
  close(): Promise<void>;
}

interface Sent {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  /** The answer is not held against the document. */
  readonly undocumented?: boolean;
}

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into answers as their readers do; their shapes are checked against the document.
  readonly json: any; // eslint-disable-line typescript/no-explicit-any
}

export interface Plan {
  readonly accounts?: readonly AccountPlan[];
  readonly context?: Context;
  readonly clock?: TestClock;
  readonly ports?: Partial<ApiPorts>;
  readonly listen?: Parameters<typeof listen>[3];
  readonly file?: string;
}

/** The diagnoses that come with Suivi. */
const diagnoses: Diagnoses = (() => {
  const folder = (language: string): URL => new URL(`../../config/diagnoses/${language}/`, import.meta.url);
  const files = languages.flatMap((language) => readdirSync(folder(language)).map((name) => ({ name: `${language}/${name}`, language, json: JSON.parse(readFileSync(new URL(name, folder(language)), 'utf8')) as unknown })));
  const read = readDiagnoses(files);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.diagnoses;
})();

const open = new Set<House>();

afterEach(async () => {
  for (const house of open) await house.close();
});

export async function openHouse(plan: Plan = {}): Promise<House> {
  const clock = plan.clock ?? createTestClock();
  const shop = plan.context === undefined ? await openShop(clock, plan.accounts, plan.file === undefined ? {} : { file: plan.file }) : null;
  const context = plan.context ?? shop?.context;
  if (context === undefined) throw new Error('no shop');
  const tokens = { read: await token(context, 'reader', 'read'), write: await token(context, 'erp', 'write'), revoked: await token(context, 'gone', 'write') };
  await revokeToken(context, 'gone', 'test', clock.now());
  const rung: (readonly string[])[] = [];
  const log: string[] = [];
  const ports: ApiPorts = {
    context,
    clock,
    timeZone: 'Europe/Paris',
    diagnoses,
    customerUrl: ({ id }) => `http://127.0.0.1/suivi/${id}`,
    notify: (accounts) => void rung.push(accounts),
    ready: () => Promise.resolve({ ok: true, reasons: [] }),
    metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'suivi_syncs 1\n' }),
    log: createLog({ level: 'debug', clock, write: (line) => void log.push(line) }),
    ...plan.ports,
  };
  const app = createApi(ports);
  const listening = await listen(app, '127.0.0.1', 0, plan.listen);
  const url = `http://127.0.0.1:${listening.port}`;
  const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as Documented;
  const check = documentedAnswers(document);

  const house: House = {
    context,
    clock,
    app,
    url,
    port: listening.port,
    document,
    tokens,
    rung,
    log,
    listening,
    async call(method, path, { token: given = tokens.write, headers = {}, body, undocumented = false } = {}) {
      const answer = await fetch(`${url}${path}`, { method, headers: { 'accept-language': 'en', ...(given === null ? {} : { authorization: `Bearer ${given}` }), ...headers }, ...(body === undefined ? {} : { body, duplex: 'half' }) });
      const text = await answer.text();
      const type = answer.headers.get('content-type') ?? '';
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      if (!undocumented && method !== 'HEAD') check(method, new URL(`${url}${path}`).pathname, answer.status, type, text);
      return { status: answer.status, headers: answer.headers, text, json: type.includes('json') && text !== '' ? (JSON.parse(text) as unknown) : null };
    },
    get: (path, request) => house.call('GET', path, { token: tokens.read, ...request }),
    send: (method, path, json, { headers = {}, ...request } = {}) => house.call(method, path, { body: JSON.stringify(json), headers: { 'content-type': 'application/json', ...headers }, ...request }),
    async close() {
      open.delete(house);
      await listening.close();
      await shop?.close();
      // Whatever was asked, no token and no stack of ours ever stood in the log.
      for (const value of Object.values(tokens)) expect(log.join('')).not.toContain(value);
    },
  };
  open.add(house);
  return house;
}

async function token(context: Context, name: string, scope: 'read' | 'write'): Promise<string> {
  const made = await createToken(context, name, scope, 'test', context.clock.now());
  if ('taken' in made) throw new Error('taken');
  return made.token;
}

/** An order of the shop's, as PUT /orders takes it. */
export function order(reference: string, more: object = {}): object {
  return {
    account: 'amazon-fr',
    reference,
    ownReference: `C-${reference}`,
    placedAt: '2026-11-22T08:00:00Z',
    shipBy: '2026-11-24T22:59:59Z',
    payment: 'confirmed',
    publication: 'default',
    currency: 'EUR',
    total: '49.90',
    language: 'fr',
    lines: [{ lineId: 'L1', sku: 'MUG-BLEU', title: 'Mug bleu', quantity: 2, unitPrice: '24.95' }],
    ...more,
  };
}

/** A dispatch, as POST /applied-states takes it. */
export function shipped(reference: string, more: object = {}, parcel: object = {}): object {
  return {
    account: 'amazon-fr',
    order: reference,
    state: 'EXPEDIEE',
    appliedAt: '2026-11-23T08:59:00Z',
    parcels: [{ carrier: 'Chronopost', trackingNumber: `T${reference}`, shippedAt: '2026-11-23T08:50:00Z', lines: [{ lineId: 'L1', quantity: 2 }], ...parcel }],
    ...more,
  };
}
