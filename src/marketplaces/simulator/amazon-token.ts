import type { Duration } from '../../runtime/clock.ts';
import { second } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import type { AmazonCredentials } from './credentials.ts';
import type { Asked } from './desk.ts';
import { json } from './reply.ts';

/** An access token is good for so many seconds (Login with Amazon). */
const lifeS = 3_600;

/**
 * The token exchange of Login with Amazon: the `refresh_token` grant, as a form or as JSON.
 * Errors have OAuth's names and Login with Amazon's statuses: 401 for a wrong client, 400 for everything else.
 */
export function answerToken(asked: Asked, expected: AmazonCredentials, revoked: boolean, issue: (life: Duration) => string): HttpAnswer {
  const given = fields(asked);
  if (given === null) return oauthError(400, 'invalid_request', 'The request has an invalid format.');
  if (given['grant_type'] === undefined) return oauthError(400, 'invalid_request', 'The request is missing a required parameter : grant_type');
  if (given['grant_type'] !== 'refresh_token') {
    return oauthError(400, 'unsupported_grant_type', 'The authorization grant type is not supported by the authorization server');
  }
  for (const name of ['refresh_token', 'client_id', 'client_secret']) {
    if (!given[name]) return oauthError(400, 'invalid_request', `The request is missing a required parameter : ${name}`);
  }
  if (given['client_id'] !== expected.clientId || given['client_secret'] !== expected.clientSecret) {
    return oauthError(401, 'invalid_client', 'Client authentication failed');
  }
  if (revoked || given['refresh_token'] !== expected.refreshToken) {
    return oauthError(400, 'invalid_grant', 'The request has an invalid grant parameter : refresh_token');
  }
  return json(200, { access_token: issue(lifeS * second), refresh_token: expected.refreshToken, token_type: 'bearer', expires_in: lifeS });
}

function oauthError(status: number, error: string, description: string): HttpAnswer {
  return json(status, { error, error_description: description });
}

function fields(asked: Asked): Readonly<Record<string, string>> | null {
  if (!/json/i.test(asked.headers['content-type'] ?? '')) return Object.fromEntries(new URLSearchParams(asked.body));
  try {
    const read: unknown = JSON.parse(asked.body);
    if (typeof read !== 'object' || read === null) return null;
    return Object.fromEntries(Object.entries(read).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return null;
  }
}
