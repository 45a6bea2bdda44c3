import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/runtime/clock.ts';
import { NoAnswer } from '../../../src/runtime/http.ts';
import type { Transport } from '../../../src/runtime/http.ts';
import { account, api, connect, destinationOf, errorBody, fulfilmentsPath, granted, handClock, intent, permit, secrets, tokenPath, tracking } from './room.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const location = { Location: `${api}${fulfilmentsPath}/${tracking}` };

/** Answers the token endpoint and counts; each token is another one. */
function exchanges(change: object = {}): { count: number; bodies: string[]; authorizations: string[] } {
  const seen = { count: 0, bodies: [] as string[], authorizations: [] as string[] };
  nock(api)
    .post(tokenPath)
    .times(50)
    .reply(200, async (request: Request) => {
      seen.count += 1;
      seen.bodies.push(await request.clone().text());
      seen.authorizations.push(request.headers.get('authorization') ?? '');
      return { ...granted, access_token: `${secrets.accessToken}-${seen.count}`, ...change };
    });
  return seen;
}

/** Answers the POST by the number of the token it came with. */
function takesToken(accepted: (nth: number) => boolean): { tokens: number[] } {
  const seen = { tokens: [] as number[] };
  nock(api)
    .post(fulfilmentsPath)
    .times(50)
    .reply((request: Request) => {
      const nth = Number(/-(\d+)$/.exec(request.headers.get('authorization') ?? '')?.[1]);
      seen.tokens.push(nth);
      return accepted(nth) ? [201, '', location] : [401, errorBody(1001)];
    });
  return seen;
}

describe('one exchange', () => {
  it('serves ten that ask at once', async () => {
    const seen = exchanges();
    takesToken(() => true);
    const connection = connect();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => destinationOf(connection).send([intent()], permit())));
    expect(outcomes.flat().map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'accepted'));
    expect(seen.count).toBe(1);
  });

  it('is made with the application’s keys and the refresh token, for fulfilment only', async () => {
    const seen = exchanges();
    takesToken(() => true);
    await destinationOf(connect()).send([intent()], permit());
    expect(seen.authorizations).toEqual([`Basic ${Buffer.from(`${account.appId}:${account.certId}`).toString('base64')}`]);
    expect(Object.fromEntries(new URLSearchParams(seen.bodies[0]))).toEqual({ grant_type: 'refresh_token', refresh_token: secrets.refreshToken, scope: 'https://api.ebay.com/oauth/api_scope/sell.fulfillment' });
  });

  it('lasts until five minutes before the end of its token', async () => {
    const clock = handClock(Date.UTC(2026, 10, 23));
    const seen = exchanges();
    takesToken(() => true);
    const destination = destinationOf(connect({ clock }));
    await destination.send([intent()], permit());
    clock.forward((7200 - 301) * 1000);
    await destination.send([intent()], permit());
    expect(seen.count).toBe(1);
    clock.forward(2000);
    await destination.send([intent()], permit());
    expect(seen.count).toBe(2);
  });

  it('is not made anew for each call, however short its token lasts', async () => {
    const clock = handClock(Date.UTC(2026, 10, 23));
    const seen = exchanges({ expires_in: 60 });
    takesToken(() => true);
    const destination = destinationOf(connect({ clock }));
    for (let call = 0; call < 5; call += 1) await destination.send([intent()], permit());
    expect(seen.count).toBe(1);
  });

  it('serves ten whose token was refused at once', async () => {
    const seen = exchanges();
    const calls = takesToken((nth) => nth > 1);
    const connection = connect();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => destinationOf(connection).send([intent()], permit())));
    expect(outcomes.flat().every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(seen.count).toBe(2);
    expect(calls.tokens.filter((nth) => nth === 1)).toHaveLength(10);
  });

  it('is cut when all who wait for it have gone, and not before', async () => {
    let cut = false;
    const transport: Transport = (_request, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          cut = true;
          reject(new NoAnswer('ABORTED', true));
        });
      });
    const connection = connect({ transport });
    const [one, other] = [new AbortController(), new AbortController()];
    const sent = [one, other].map(({ signal }) => destinationOf(connection).send([intent()], permit(undefined, signal)));
    one.abort();
    expect(await sent[0]).toMatchObject([{ kind: 'unavailable', cause: 'ebay/interrupted' }]);
    expect(cut).toBe(false);
    other.abort();
    expect(await sent[1]).toMatchObject([{ kind: 'unavailable', cause: 'ebay/interrupted' }]);
    expect(cut).toBe(true);
  });
});

describe('a refused token', () => {
  it.each([
    [401, errorBody(1001)],
    [401, errorBody(1002)],
    [401, '<html>'],
    [400, errorBody(1001)],
  ])('is renewed once, and the call made once more: %i %j', async (status, body) => {
    const seen = exchanges();
    nock(api).post(fulfilmentsPath).reply(status, body);
    nock(api).post(fulfilmentsPath).reply(201, '', location);
    const allowed = permit();
    expect(await destinationOf(connect()).send([intent()], allowed)).toMatchObject([{ kind: 'accepted' }]);
    expect(seen.count).toBe(2);
    expect(allowed.asked).toEqual(['createShippingFulfillment']);
  });

  it('twice is the end of it: the account waits', async () => {
    const seen = exchanges();
    const calls = takesToken(() => false);
    expect(await destinationOf(connect()).send([intent()], permit())).toMatchObject([{ kind: 'unauthorized', what: 'credentials', cause: 'ebay/token-refused', evidence: { answer: { status: 401 } } }]);
    expect(calls.tokens).toEqual([1, 2]);
    expect(seen.count).toBe(2);
  });

  it('costs no call that nobody paid for, and the new token is kept', async () => {
    const seen = exchanges();
    const calls = takesToken((nth) => nth > 1);
    const destination = destinationOf(connect());
    expect(await destination.send([intent()], permit(() => false))).toMatchObject([{ kind: 'throttled', retryAfter: null, evidence: { answer: { status: 401 } } }]);
    expect(await destination.send([intent()], permit(() => false))).toMatchObject([{ kind: 'accepted' }]);
    expect(calls.tokens).toEqual([1, 2]);
    expect(seen.count).toBe(2);
  });

  it('whose renewal fails was still not executed', async () => {
    nock(api).post(tokenPath).reply(200, granted);
    nock(api).post(fulfilmentsPath).reply(401, errorBody(1001));
    nock(api).post(tokenPath).reply(400, { error: 'invalid_grant', error_description: 'the provided authorization refresh token is invalid' });
    expect(await destinationOf(connect()).send([intent()], permit())).toMatchObject([{ kind: 'unauthorized', what: 'credentials', cause: 'ebay/consent-ended' }]);
  });
});

describe('without a token nothing was asked, whatever went wrong', () => {
  it.each([
    [400, { error: 'invalid_grant', error_description: 'no' }, { kind: 'unauthorized', what: 'credentials', cause: 'ebay/consent-ended' }],
    [401, { error: 'invalid_client', error_description: 'no' }, { kind: 'unauthorized', what: 'credentials', cause: 'ebay/application-refused' }],
    [400, { error: 'unauthorized_client' }, { kind: 'unauthorized', what: 'credentials', cause: 'ebay/application-refused' }],
    [400, { error: 'invalid_scope' }, { kind: 'unauthorized', what: 'credentials', cause: 'ebay/scope-missing' }],
    [400, { error: 'something_new' }, { kind: 'unauthorized', what: 'credentials', cause: 'ebay/token-refused' }],
    [401, '', { kind: 'unauthorized', what: 'credentials', cause: 'ebay/application-refused' }],
    [400, { error: 'temporarily_unavailable' }, { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [429, '', { kind: 'throttled', retryAfter: 60_000 }],
    [500, '', { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [503, '<html>', { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [403, '<html>', { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [200, '', { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [200, '{"access_token":', { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [200, { access_token: '' }, { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [200, { access_token: 'two\nlines' }, { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
    [302, '', { kind: 'unavailable', cause: 'ebay/token-unavailable' }],
  ])('%i %j', async (status, body, outcome) => {
    nock(api).post(tokenPath).reply(status, body);
    const post = nock(api).post(fulfilmentsPath).reply(201, '', location);
    const told = await destinationOf(connect()).send([intent()], permit());
    expect(told).toMatchObject([{ ...outcome, evidence: { call: 'oauth2/token', request: { method: 'POST', path: tokenPath, body: { grant_type: 'refresh_token' } }, answer: { status } } }]);
    expect(post.isDone()).toBe(false);
  });

  it('and the next call tries again', async () => {
    nock(api).post(tokenPath).reply(503, '');
    nock(api).post(tokenPath).reply(200, granted);
    nock(api).post(fulfilmentsPath).reply(201, '', location);
    const destination = destinationOf(connect());
    expect(await destination.send([intent()], permit())).toMatchObject([{ kind: 'unavailable' }]);
    expect(await destination.send([intent()], permit())).toMatchObject([{ kind: 'accepted' }]);
  });
});

it('the sandbox has its own address', async () => {
  nock('https://api.sandbox.ebay.com').post(tokenPath).reply(200, granted);
  nock('https://api.sandbox.ebay.com').post(fulfilmentsPath).reply(201, '', location);
  const connection = connect({ clock: systemClock }, [{ ...account, appId: 'Shop-Suivi-SBX-0123', sandbox: true }]);
  expect(await destinationOf(connection).send([intent()], permit())).toMatchObject([{ kind: 'accepted' }]);
});
