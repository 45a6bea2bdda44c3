import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api, confirmPath, connected, grantToken, lwa, permits, problem } from './setup.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function answering(status: number, body: nock.Body = '', headers: nock.ReplyHeaders = {}): nock.Scope {
  grantToken();
  return nock(api).post(confirmPath).reply(status, body, headers);
}

describe('credentials and roles', () => {
  it.each<[string, object]>([
    ['a role that is missing', problem('Access to requested resource is denied.', 'Unauthorized')],
    ["a gateway's own words", { message: 'Forbidden' }],
    ['a wrong path', { message: 'Missing Authentication Token' }],
  ])('403 with %s stops that call alone, and no token is fetched anew', async (_name, body) => {
    answering(403, body);
    const permit = permits(5);
    expect(await connected().send({}, permit)).toMatchObject({ kind: 'unauthorized', what: 'role', cause: 'amazon/access-denied', evidence: { answer: { status: 403, body } } });
    expect(permit.asked).toEqual([]);
    expect(nock.isDone()).toBe(true);
  });

  it.each([
    [403, 'The access token you provided has expired.'],
    [403, 'Access token is missing in the request header.'],
    [401, 'Unauthorized'],
  ])('%i "%s": a new token, and the call once more', async (status, message) => {
    answering(status, problem(message, 'Unauthorized'));
    grantToken('Atza|renewed-token-value');
    nock(api, { reqheaders: { 'x-amz-access-token': 'Atza|renewed-token-value' } }).post(confirmPath).reply(204);
    const permit = permits(1);
    expect(await connected().send({}, permit)).toMatchObject({ kind: 'accepted' });
    expect(permit.asked).toEqual(['confirmShipment']);
  });

  it('a token that is refused again is the credentials’ fault, after two calls and no more', async () => {
    const refusal = problem('The access token you provided has expired.', 'Unauthorized');
    grantToken();
    grantToken('Atza|renewed-token-value');
    nock(api).post(confirmPath).twice().reply(403, refusal);
    expect(await connected().send({}, permits(9))).toMatchObject({ kind: 'unauthorized', what: 'credentials', cause: 'amazon/token-refused' });
    expect(nock.isDone()).toBe(true);
  });

  it('a role that is missing after the renewal is told as that', async () => {
    answering(401, problem('expired', 'Unauthorized'));
    grantToken('Atza|renewed-token-value');
    nock(api).post(confirmPath).reply(403, problem('Access to requested resource is denied.', 'Unauthorized'));
    expect(await connected().send({}, permits(1))).toMatchObject({ kind: 'unauthorized', what: 'role' });
  });

  it('where no second call can be paid for, nothing was done and nothing more is sent', async () => {
    answering(403, problem('The access token you provided has expired.', 'Unauthorized'));
    expect(await connected().send({}, permits(0))).toMatchObject({ kind: 'unavailable', cause: 'amazon/token-expired' });
    expect(nock.isDone()).toBe(true);
  });

  it.each([
    [400, 'invalid_grant', 'amazon/authorization-refused'],
    [401, 'invalid_client', 'amazon/application-refused'],
    [400, 'unauthorized_client', 'amazon/application-refused'],
    [400, 'invalid_request', 'amazon/application-refused'],
  ])('%i %s at the token exchange: the account waits', async (status, error, cause) => {
    nock(lwa).post('/auth/o2/token').reply(status, { error, error_description: 'The request has an invalid grant parameter : refresh_token Atzr|refresh-token-value' });
    const outcome = await connected().send();
    expect(outcome).toMatchObject({ kind: 'unauthorized', what: 'credentials', cause, evidence: { call: 'token', request: { body: null }, answer: { status } } });
    expect(nock.isDone()).toBe(true);
  });
});
