import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { ebay } from '../../../src/marketplaces/ebay/marketplace.ts';
import type { EbaySettings } from '../../../src/marketplaces/ebay/settings.ts';
import type { Connection, Tools } from '../../../src/marketplaces/marketplace.ts';
import type { ParcelPayload } from '../../../src/planning/operation.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import type { Clock, Duration, Instant } from '../../../src/runtime/clock.ts';
import { fetchTransport, sendTo } from '../../../src/runtime/http.ts';
import type { Intent, Permit } from '../../../src/syncing/destination.ts';

export const api = 'https://api.ebay.com';
export const tokenPath = '/identity/v1/oauth2/token';
export const order = '12-34567-89012';
export const fulfilmentsPath = `/sell/fulfillment/v1/order/${order}/shipping_fulfillment`;

export const secrets = { certId: 'PRD-cert0123456789', refreshToken: 'v^1.1#i^1#r^refresh-of-the-seller', accessToken: 'v^1.1#i^1#access-of-the-seller' };

export const account: EbaySettings = { id: 'ebay-fr', marketplace: 'ebay', site: 'EBAY_FR', appId: 'Shop-Suivi-PRD-0123', certId: secrets.certId, refreshToken: secrets.refreshToken, sandbox: false };

export const granted = { access_token: secrets.accessToken, expires_in: 7200, token_type: 'User Access Token' };

/** A clock moved by hand. What sleeps on it sleeps until it is ended. */
export function handClock(start: Instant): Clock & { forward(ms: Duration): void } {
  let now = start;
  const sleep: Clock['sleep'] = (_ms, signal) => new Promise((resolve) => (signal?.aborted ? resolve() : signal?.addEventListener('abort', () => resolve(), { once: true })));
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep,
    after: () => () => undefined,
    forward: (ms) => {
      now += ms;
    },
  };
}

export function connect(tools: Partial<Tools> = {}, accounts: readonly EbaySettings[] = [account]): Connection {
  return ebay.connect(accounts, { transport: fetchTransport(), clock: systemClock, timeout: 5_000, ...tools });
}

/** The destination of the first account. */
export function destinationOf(connection: Connection) {
  const [destination] = connection.destinations.values();
  if (destination === undefined) throw new Error('no destination');
  return destination;
}

export function permit(more: (call: string) => boolean = () => true, signal: AbortSignal = new AbortController().signal): Permit & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    signal,
    asked,
    more: async (call) => {
      asked.push(call);
      return more(call);
    },
  };
}

export const parcel: ParcelPayload = {
  reference: '1795424000',
  carrier: 'Colissimo',
  carrierCode: 'Colissimo',
  carrierName: null,
  trackingNumber: '8R 1234-5678 901',
  shippedAt: '2026-11-23T09:00:00Z',
  shipFrom: null,
};

export const tracking = '8R12345678901';
export const lines = [{ lineId: '10025013718219', quantity: 2 }];

export function intent(change: Partial<Intent> & { readonly parcel?: Partial<ParcelPayload> } = {}): Intent {
  const { parcel: parcelChange, ...rest } = change;
  return {
    sync: 1,
    attempt: 1,
    step: 'send',
    operation: 'confirm-shipment',
    payload: { order, parcel: { ...parcel, ...parcelChange }, lines },
    reference: null,
    claimed: [],
    before: null,
    toldAt: null,
    ...rest,
  };
}

export const untracked = { trackingNumber: null, carrier: null, carrierCode: null } as const;

/** eBay's token endpoint, answering as it should. */
export function grants(times = 1): nock.Scope {
  return nock(api).post(tokenPath).times(times).reply(200, granted);
}

export function errorBody(...ids: readonly number[]): object {
  return { errors: ids.map((errorId) => ({ errorId, domain: 'API_FULFILLMENT', category: 'REQUEST', message: `error ${errorId}`, longMessage: `long text of ${errorId}`, parameters: [{ name: 'p', value: 'v' }] })) };
}

/** Tells of the parcel against one answer to the POST. */
export async function toldAgainst(status: number, body: nock.Body | undefined, headers: Record<string, string> = {}) {
  grants();
  nock(api).post(fulfilmentsPath).reply(status, body, headers);
  const [outcome] = await destinationOf(connect()).send([intent()], permit());
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** Looks for the parcel against one answer to the GET. */
export async function lookedAgainst(status: number, body: nock.Body | undefined, change: Parameters<typeof intent>[0] = {}) {
  grants();
  nock(api).get(fulfilmentsPath).reply(status, body);
  const [outcome] = await destinationOf(connect()).check([intent({ step: 'check', ...change })], permit());
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** A real server on loopback, for what cannot be pretended: cut sockets, late and half answers. */
export interface LocalEbay {
  readonly requests: readonly { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
  readonly tools: Pick<Tools, 'transport'>;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const grant: Answer = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(granted));

export async function localEbay(answer: Answer, exchange: Answer = grant): Promise<LocalEbay> {
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      (request.url === tokenPath ? exchange : answer)(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    tools: { transport: fetchTransport(sendTo(`http://127.0.0.1:${port}`)) },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function diagnosesOf(language: 'fr' | 'en'): Record<string, { what: string; remedy: string; button: string | null }> {
  return JSON.parse(readFileSync(new URL(`../../../config/diagnoses/${language}/ebay.json`, import.meta.url), 'utf8')) as Record<string, { what: string; remedy: string; button: string | null }>;
}
