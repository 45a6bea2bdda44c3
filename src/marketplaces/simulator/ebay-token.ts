import type { Duration } from '../../runtime/clock.ts';
import { second } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import type { EbayCredentials } from './credentials.ts';
import type { Asked } from './desk.ts';
import { json } from './reply.ts';

/** An access token is good for so many seconds (eBay). */
const lifeS = 7_200;

/** What the merchant consented to. */
const grantedScopes: readonly string[] = ['https://api.ebay.com/oauth/api_scope', 'https://api.ebay.com/oauth/api_scope/sell.fulfillment'];

/** `user`: may see and ship the seller's orders. `application`: may not, although eBay gives it out to anybody with the key. */
type TokenPurpose = 'user' | 'application';

/**
 * eBay's token exchange: Basic authorization, a form, the `refresh_token` grant; and `client_credentials`,
 * so that a client which silently falls back to an application's token finds out later (403, 1100), as at eBay.
 */
export function answerToken(
  asked: Asked,
  expected: EbayCredentials,
  revoked: boolean,
  issue: (life: Duration, purpose: TokenPurpose) => string,
): HttpAnswer {
  const basic = `Basic ${Buffer.from(`${expected.appId}:${expected.certId}`).toString('base64')}`;
  if (asked.headers['authorization'] !== basic) return oauthError(401, 'invalid_client', 'client authentication failed');
  if (!/^application\/x-www-form-urlencoded\b/i.test(asked.headers['content-type'] ?? '')) {
    return oauthError(400, 'invalid_request', 'request is missing a required parameter or malformed.');
  }
  const form = new URLSearchParams(asked.body);
  const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.some((scope) => !grantedScopes.includes(scope))) {
    return oauthError(400, 'invalid_scope', 'The requested scope is invalid, unknown, malformed, or exceeds the scope granted to the client');
  }
  const grant = form.get('grant_type');
  if (grant === 'client_credentials') {
    return json(200, { access_token: issue(lifeS * second, 'application'), expires_in: lifeS, token_type: 'Application Access Token' });
  }
  if (grant !== 'refresh_token') return oauthError(400, 'unsupported_grant_type', 'grant type in request is not supported by the authorization server');
  if (revoked || form.get('refresh_token') !== expected.refreshToken) {
    return oauthError(400, 'invalid_grant', 'the provided authorization refresh token is invalid or was issued to another client');
  }
  return json(200, { access_token: issue(lifeS * second, 'user'), expires_in: lifeS, token_type: 'User Access Token' });
}

function oauthError(status: number, error: string, description: string): HttpAnswer {
  return json(status, { error, error_description: description });
}
