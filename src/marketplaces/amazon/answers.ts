import type { Duration, Instant } from '../../runtime/clock.ts';
import type { Evidence, Outcome } from '../../syncing/outcome.ts';
import type { Read } from '../../syncing/order-reader.ts';
import type { AmazonCause } from './causes.ts';
import { bodyForAudit, errorsOf, isObject } from './body.ts';
import type { AmazonError } from './body.ts';
import { answerDate, answerRate, answerRequestId, retryAfter } from './headers.ts';
import type { Answered, Reply } from './reply.ts';
import { tokenCall } from './token.ts';

/** What a reply means whatever was asked: an answer to look into, or why there is none. */
type Verdict =
  | { readonly kind: 'answer'; readonly answer: Answered }
  | { readonly kind: 'throttled'; readonly retryAfter: Duration | null }
  | { readonly kind: 'unavailable'; readonly cause: AmazonCause; readonly retryAfter: Duration | null }
  | { readonly kind: 'unauthorized'; readonly what: 'credentials' | 'role'; readonly cause: AmazonCause }
  | { readonly kind: 'unknown'; readonly cause: AmazonCause; readonly retryAfter: Duration | null }
  | { readonly kind: 'interrupted' };

/**
 * Sorts a reply by the table "Outcomes" of the engine and Amazon's error bodies. Only a JSON object is Amazon's own
 * word: a page, an empty or a broken body says nothing of what happened, whatever its status. 429 alone needs no body.
 */
export function judge(reply: Reply, now: Instant): Verdict {
  if (reply.call === tokenCall) return judgeExchange(reply, now);
  if (reply.kind === 'unanswered') {
    if (!reply.sent) return { kind: 'unavailable', cause: reply.interrupted ? 'amazon/not-sent' : 'amazon/unreachable', retryAfter: null };
    return reply.interrupted ? { kind: 'interrupted' } : { kind: 'unknown', cause: 'amazon/no-answer', retryAfter: null };
  }
  const { status, body, headers } = reply;
  if (status === 429) return { kind: 'throttled', retryAfter: retryAfter(headers, now) };
  if (status >= 500) return { kind: 'unknown', cause: 'amazon/server-error', retryAfter: retryAfter(headers, now) };
  if (status === 204) return { kind: 'answer', answer: reply };
  if (body.kind !== 'json' || !isObject(body.value)) return { kind: 'unknown', cause: 'amazon/unreadable-answer', retryAfter: null };
  if (reply.unpaid) return { kind: 'unavailable', cause: 'amazon/token-expired', retryAfter: null };
  if (status === 401) return { kind: 'unauthorized', what: 'credentials', cause: 'amazon/token-refused' };
  if (status === 403) return forbidden(reply);
  return answered.has(status) ? { kind: 'answer', answer: reply } : { kind: 'unknown', cause: 'amazon/unexpected-answer', retryAfter: null };
}

/** What Amazon's models declare for these calls, besides what is sorted above. */
const answered = new Set([200, 400, 404, 413, 415]);

function forbidden(reply: Answered): Verdict {
  const token = tokenAtFault(reply.status, errorsOf(reply.body));
  return token ? { kind: 'unauthorized', what: 'credentials', cause: 'amazon/token-refused' } : { kind: 'unauthorized', what: 'role', cause: 'amazon/access-denied' };
}

/**
 * Amazon says that the token is at fault: 401, or 403 with "The access token you provided has expired." or
 * "Access token is missing in the request header.". Not so "Access to requested resource is denied.": a role is missing.
 */
export function tokenAtFault(status: number, errors: readonly AmazonError[]): boolean {
  if (status === 401) return true;
  return status === 403 && errors.some((e) => /(access|security) token|token\b.*\bexpired/i.test(`${e.message} ${e.details}`));
}

/** Login with Amazon: `{"error", "error_description"}`, by the names of OAuth 2. Whatever went wrong, the call itself was never made. */
function judgeExchange(reply: Reply, now: Instant): Verdict {
  if (reply.kind === 'unanswered') return { kind: 'unavailable', cause: reply.interrupted ? 'amazon/not-sent' : 'amazon/token-unavailable', retryAfter: null };
  const wait = retryAfter(reply.headers, now);
  if (reply.status === 429) return { kind: 'throttled', retryAfter: wait };
  const error = reply.body.kind === 'json' && isObject(reply.body.value) ? reply.body.value['error'] : undefined;
  const passing = reply.status < 400 || reply.status >= 500 || typeof error !== 'string' || /^(server_error|temporarily_unavailable)$/.test(error);
  if (passing) return { kind: 'unavailable', cause: 'amazon/token-unavailable', retryAfter: wait };
  return { kind: 'unauthorized', what: 'credentials', cause: error === 'invalid_grant' ? 'amazon/authorization-refused' : 'amazon/application-refused' };
}

/** The outcome of confirmShipment. Amazon documents a yes as 204 and nothing else. */
export function toldOutcome(reply: Reply, reference: string, now: Instant): Outcome {
  const evidence = evidenceOf(reply);
  const verdict = judge(reply, now);
  if (verdict.kind !== 'answer') return withoutAnswer(verdict, evidence);
  const { status, body } = verdict.answer;
  if (status === 204) return { kind: 'accepted', reference, evidence };
  if (status === 400) return refused(errorsOf(body), evidence);
  if (status === 404) return { kind: 'rejected', cause: 'amazon/order-unknown', evidence };
  if (status === 413 || status === 415) return { kind: 'rejected', cause: 'amazon/request-refused', evidence };
  return { kind: 'unknown', cause: 'amazon/unexpected-answer', evidence };
}

/** A reply that is no answer, as the outcome of whatever was tried. */
export function withoutAnswer(verdict: Exclude<Verdict, { kind: 'answer' }>, evidence: Evidence): Outcome {
  switch (verdict.kind) {
    case 'throttled':
      return { kind: 'throttled', retryAfter: verdict.retryAfter, evidence };
    case 'unavailable':
      return { kind: 'unavailable', cause: verdict.cause, evidence };
    case 'unauthorized':
      return { kind: 'unauthorized', what: verdict.what, cause: verdict.cause, evidence };
    case 'unknown':
      return { kind: 'unknown', cause: verdict.cause, evidence };
    case 'interrupted':
      break;
  }
  return { kind: 'interrupted', evidence };
}

/** The same for a read of orders: what may have happened makes no difference to one, it is simply made again. */
export function readWithoutAnswer(verdict: Exclude<Verdict, { kind: 'answer' }>, evidence: Evidence): Extract<Read<never>, { ok: false }> {
  switch (verdict.kind) {
    case 'throttled':
      return { ok: false, why: 'throttled', cause: 'amazon/throttled', retryAfter: verdict.retryAfter, evidence };
    case 'unauthorized':
      return { ok: false, why: verdict.what === 'role' ? 'role' : 'unauthorized', cause: verdict.cause, retryAfter: null, evidence };
    case 'unavailable':
    case 'unknown':
      return { ok: false, why: 'unavailable', cause: verdict.cause, retryAfter: verdict.retryAfter, evidence };
    case 'interrupted':
      break;
  }
  return { ok: false, why: 'unavailable', cause: 'amazon/interrupted', retryAfter: null, evidence };
}

/** "Failed to create package due to not finding a matching package or order already fulfilled … errorMetric=PackageToUpdateNotFound" */
const alreadyThere = /PackageToUpdateNotFound|not finding a matching package|already (been )?(fulfilled|shipped)/i;

/**
 * Amazon answers every 400 with the code `InvalidInput` and tells them apart by text alone, of which it publishes no
 * list. These come from users' reports and from the model's field names; the first that fits decides. What fits none
 * is `amazon/refused`, with Amazon's own words in the evidence.
 */
const refusals: readonly (readonly [RegExp, AmazonCause])[] = [
  [/ship\s?\+|ship[ _]?plus/i, 'amazon/ship-plus'],
  [/transparency/i, 'amazon/transparency-codes'],
  [/carrier/i, 'amazon/carrier-unknown'],
  [/package\s?reference/i, 'amazon/reference-invalid'],
  [/quantit/i, 'amazon/quantity-refused'],
  [/order\s?item/i, 'amazon/line-unknown'],
  [/tracking/i, 'amazon/tracking-refused'],
  [/ship\s?date/i, 'amazon/date-refused'],
  [/supply\s?source/i, 'amazon/ship-from-unknown'],
  [/cancell?ed/i, 'amazon/order-cancelled'],
  [/marketplace/i, 'amazon/marketplace-mismatch'],
  [/order\s?id\b/i, 'amazon/order-unknown'],
];

function refused(errors: readonly AmazonError[], evidence: Evidence): Outcome {
  const text = errors.map((e) => `${e.code} ${e.message} ${e.details}`).join('\n');
  // Sent again it would say the same: only a look tells whether it is our parcel that is there.
  if (alreadyThere.test(text)) return { kind: 'unknown', cause: 'amazon/package-not-found', evidence };
  const [, cause] = refusals.find(([pattern]) => pattern.test(text)) ?? [null, 'amazon/refused' as const];
  return { kind: 'rejected', cause, evidence };
}

/** @param shown what to keep of the answer's body, where it is an order: only what we use of it */
export function evidenceOf(reply: Reply, shown?: unknown): Evidence {
  const { call, request } = reply;
  if (reply.kind === 'unanswered') return { call, request, answer: null, fault: reply.fault, requestId: null, date: null, rate: null };
  const { status, headers } = reply;
  const body = shown === undefined ? auditedBody(reply) : shown;
  return { call, request, answer: { status, body }, fault: null, requestId: answerRequestId(headers), date: answerDate(headers), rate: answerRate(headers) };
}

/** An order in a body that could not be read still holds addresses and gift messages: of a read's 200 only pages of gateways are kept. */
function auditedBody({ call, status, body }: Answered): unknown {
  const page = body.kind === 'text' && body.text.trimStart().startsWith('<');
  if (call === 'confirmShipment' || status >= 300 || body.kind === 'empty' || page) return bodyForAudit(body);
  return { unread: body.kind };
}
