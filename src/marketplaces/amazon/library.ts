import type { SellingPartner } from 'amazon-sp-api';
import type { Clock } from '../../runtime/clock.ts';
import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import type { AmazonSettings } from './settings.ts';

/** Makes the one call that the library built. It may throw: the library passes that on. */
type Execute = (request: HttpRequest) => Promise<HttpAnswer>;

/** Amazon refuses calls without one, and those above 500 characters. */
const userAgent = 'Suivi/0.1 (Language=TypeScript)';

let loaded: typeof SellingPartner | null = null;

/** Loads amazon-sp-api: some 250 files, which commands that make no call do without. The first call does it, where nobody has before. */
export async function loadLibrary(): Promise<typeof SellingPartner> {
  loaded ??= (await import('amazon-sp-api')).SellingPartner;
  return loaded;
}

/**
 * amazon-sp-api, kept to what it does well: addresses, encoding, headers, bodies. Each call gets an instance of
 * its own, so that nothing is shared, and its transport is ours. Left to itself (1.2.1, measured) it repeats a
 * POST thousands of times in seconds, takes some refusals for success, loses the status, renews one token many
 * times at once, breaks characters that two chunks share, and reads credentials from a file in the home folder.
 *
 * @param accessToken null only for the token exchange itself
 */
export async function guardedLibrary(settings: AmazonSettings, accessToken: string | null, clock: Clock, execute: Execute): Promise<SellingPartner> {
  const Library = loaded ?? (await loadLibrary());
  const library = new Library({
    region: settings.region,
    refresh_token: settings.refreshToken,
    ...(accessToken === null ? {} : { access_token: accessToken }),
    // Given here, they are read neither from ~/.amzspapi nor from the environment.
    credentials: { SELLING_PARTNER_APP_CLIENT_ID: settings.clientId, SELLING_PARTNER_APP_CLIENT_SECRET: settings.clientSecret },
    // Without it the oldest version is taken, whose reads end on 2027-03-27. confirmShipment exists in v0 only, and is found there.
    endpoints_versions: { orders: '2026-01-01', sellers: 'v1' },
    options: {
      auto_request_tokens: false,
      auto_request_throttled: false,
      retry_remote_timeout: false,
      use_sandbox: false,
      debug_log: false,
      user_agent: userAgent,
    },
  });
  replaceTransport(library, clock, execute);
  return library;
}

/** The library's own names for what it is about to send, and for what it wants back. */
interface Sending {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
}

interface Received {
  readonly body: string;
  readonly chunks: readonly Uint8Array[];
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The library puts the request here, token and all: never. */
  readonly request: null;
}

function replaceTransport(library: SellingPartner, clock: Clock, execute: Execute): void {
  const inside = library as unknown as { readonly _request?: { execute?: (sending: Sending) => Promise<Received> } };
  // Seen on each instance, so that an upgrade which moves it stops here and not on the network.
  if (typeof inside._request?.execute !== 'function') throw new Error('amazon-sp-api has changed inside: its transport cannot be replaced');
  let calls = 0;
  inside._request.execute = async (sending) => {
    calls += 1;
    if (calls > 1) throw new Error('amazon-sp-api tried to call a second time by itself');
    const answer = await execute({
      method: sending.method ?? 'GET',
      url: sending.url,
      headers: { ...sending.headers, 'user-agent': userAgent, 'x-amz-date': basicDate(clock) },
      body: sending.body ?? null,
    });
    return { body: new TextDecoder().decode(answer.body), chunks: [answer.body], statusCode: answer.status, headers: answer.headers, request: null };
  };
}

/** `20261123T091200Z` */
function basicDate(clock: Clock): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(clock.now())).toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
}
