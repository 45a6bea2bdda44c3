import type { eBayApi } from 'ebay-api';
import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';

/** One call as the library builds it. */
export type Build = (ebay: eBayApi) => Promise<unknown>;

export type Fulfillment = eBayApi['sell']['fulfillment'];

type LibrarySettings = ConstructorParameters<typeof eBayApi>[0];
type Adapter = Extract<NonNullable<LibrarySettings['axiosConfig']>['adapter'], (...arguments_: never[]) => unknown>;
type AxiosConfig = Parameters<Adapter>[0];

/** Stands where a secret will: the library never holds one, so none is in its errors or its debug output. */
const filledInLater = 'filled-in-later';

/** Fulfilment and its own token: the only consent that this room asks a seller for. */
const fulfilmentScope = 'https://api.ebay.com/oauth/api_scope/sell.fulfillment';

let library: typeof eBayApi | null = null;

/** Loads ebay-api: some 200 files, which commands that make no call do without. The first call does it, where nobody has before. */
export async function loadLibrary(): Promise<typeof eBayApi> {
  library ??= (await import('ebay-api')).eBayApi;
  return library;
}

/**
 * Lets ebay-api 10.0.1 build one request, and hands it to `send`. Its answer is taken here, whole, before the library sees it.
 *
 * Each call has a library object of its own (a fifth of a millisecond). What the library does by default, and may not:
 * - it repeats a call after a refused token, without a lock on the refresh: autoRefreshToken is off, and a second
 *   request within one call is an error;
 * - without an access token it takes one of the application: there always is one, a placeholder, and `send` puts the real one in;
 * - it has no time-out, follows redirects, and listens to proxy variables: axios's own ways of sending are not used;
 * - its errors carry the Authorization header, `DEBUG=ebay:*` prints it, and an error shows only the first of eBay's:
 *   it is given no secret, no body and no status to fail on;
 * - it loses `Location` unless asked for the whole response;
 * - getOrder does not encode the order's number, and axios encodes a filter only in part: see calls.ts and below;
 * - it sends EBAY_US, en-US and CORS headers: only {@link sentHeaders} leave.
 */
export async function throughLibrary(sandbox: boolean, build: Build, send: (request: HttpRequest) => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const Library = library ?? (await loadLibrary());
  const answers: HttpAnswer[] = [];
  let asked = false;
  const adapter: Adapter = async (config) => {
    if (asked) throw new Error('ebay-api made a second request within one call');
    asked = true;
    const request = asRequest(config);
    // Secrets are filled in next: they go to eBay, and nowhere else.
    if (!request.url.startsWith(`https://api.${sandbox ? 'sandbox.' : ''}ebay.com/`)) throw new Error('ebay-api addressed another host');
    const answer = await send(request);
    answers.push(answer);
    return { data: null, status: answer.status, statusText: '', headers: {}, config };
  };
  const ebay = new Library({
    appId: filledInLater,
    certId: filledInLater,
    sandbox,
    autoRefreshToken: false,
    scope: [fulfilmentScope],
    axiosConfig: { adapter, proxy: false, maxRedirects: 0, validateStatus: () => true },
  });
  ebay.OAuth2.setCredentials({ access_token: filledInLater, refresh_token: filledInLater });
  await build(ebay);
  const [answer] = answers;
  if (answer === undefined) throw new Error('ebay-api made no request');
  return answer;
}

/** The Fulfillment API, as the library offers it. */
export function fulfillment(ebay: eBayApi): Fulfillment {
  return ebay.sell.fulfillment.api({ returnResponse: true });
}

/** A request for data of the seller, with the seller's access token. */
export function withToken(request: HttpRequest, accessToken: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${accessToken}` } };
}

/** The exchange of a refresh token for an access token, with the application's keys. */
export function withKeys(request: HttpRequest, keys: { readonly appId: string; readonly certId: string; readonly refreshToken: string }): HttpRequest {
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  if (form.get('grant_type') !== 'refresh_token') throw new Error('ebay-api asked for a token of another kind');
  form.set('refresh_token', keys.refreshToken);
  const basic = Buffer.from(`${keys.appId}:${keys.certId}`).toString('base64');
  return { ...request, body: form.toString(), headers: { ...request.headers, authorization: `Basic ${basic}` } };
}

/** Of the library's headers, those that eBay asks for. The site is in the order, not in a header. */
const sentHeaders = new Set(['accept', 'content-type']);

function asRequest(config: AxiosConfig): HttpRequest {
  const { url, method, data } = config;
  if (url === undefined || method === undefined) throw new Error('ebay-api made a request without an address');
  const body: unknown = data ?? null;
  if (body !== null && typeof body !== 'string') throw new Error('ebay-api made a request that is no text');
  const headers: Record<string, string> = { 'user-agent': 'Suivi/0.1' };
  for (const [name, value] of Object.entries(config.headers.toJSON())) {
    const lower = name.toLowerCase();
    if (sentHeaders.has(lower) && (body !== null || lower !== 'content-type')) headers[lower] = String(value);
  }
  return { method: method.toUpperCase(), url: url + query(config.params), headers, body };
}

/** eBay reads a filter only with its brackets, braces and bars encoded. */
function query(parameters: unknown): string {
  const given = Object.entries((parameters ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? '' : `?${given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`;
}
