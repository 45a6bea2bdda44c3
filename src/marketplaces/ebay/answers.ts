import type { Duration, Instant } from '../../runtime/clock.ts';
import type { Intent } from '../../syncing/destination.ts';
import type { Read } from '../../syncing/order-reader.ts';
import type { Evidence, Outcome } from '../../syncing/outcome.ts';
import { errorsOf, tokenRefused } from './body.ts';
import type { Body } from './body.ts';
import { causeOfError, errorIds } from './causes.ts';
import type { EbayCause } from './causes.ts';
import type { Reply } from './client.ts';
import { fulfilmentsOf, likenessOf } from './fulfilments.ts';
import { retryAfterOf } from './headers.ts';

/** What one call came to, whatever the call. */
export type Verdict =
  /** 2xx: the call's own reading says whether it is the documented answer. */
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Body }
  | { readonly kind: 'refused'; readonly cause: EbayCause }
  | { readonly kind: 'throttled'; readonly retryAfter: Duration | null }
  | { readonly kind: 'unavailable'; readonly cause: EbayCause }
  | { readonly kind: 'unauthorized'; readonly what: 'credentials' | 'role'; readonly cause: EbayCause }
  | { readonly kind: 'unknown'; readonly cause: EbayCause }
  | { readonly kind: 'interrupted' };

/** Judges a reply. Pure; `now` only serves a Retry-After that names a date. */
export function judge(reply: Reply, now: Instant): Verdict {
  if (reply.kind === 'answer') return judgeAnswer(reply, now);
  if (reply.kind === 'no-answer') return judgeSilence(reply.end, reply.sent);
  if (reply.kind === 'no-call-left') return { kind: 'throttled', retryAfter: null };
  if (reply.why === 'throttled') return { kind: 'throttled', retryAfter: reply.retryAfter };
  return reply.why === 'unauthorized' ? { kind: 'unauthorized', what: 'credentials', cause: reply.cause } : { kind: 'unavailable', cause: reply.cause };
}

function judgeSilence(end: 'late' | 'interrupted' | 'broken', sent: boolean): Verdict {
  if (!sent) return { kind: 'unavailable', cause: end === 'interrupted' ? 'ebay/interrupted' : 'ebay/unreachable' };
  if (end === 'interrupted') return { kind: 'interrupted' };
  return { kind: 'unknown', cause: end === 'late' ? 'ebay/answer-late' : 'ebay/no-answer' };
}

/** What was certainly not executed is told apart from what may have been; everything else is `unknown`. */
function judgeAnswer({ status, headers, body }: Extract<Reply, { kind: 'answer' }>, now: Instant): Verdict {
  const ids = new Set(errorsOf(body).map(({ errorId }) => errorId));
  if (status >= 200 && status < 300) return ids.size === 0 ? { kind: 'answered', status, headers, body } : unknown('ebay/answer-unreadable');
  if (status >= 500) return unknown('ebay/server-error');
  if (status < 400) return unknown('ebay/answer-unreadable');
  if (status === 429 || ids.has(errorIds.tooManyRequests)) return { kind: 'throttled', retryAfter: retryAfterOf(headers, now) };
  if (tokenRefused(status, body)) return { kind: 'unauthorized', what: 'credentials', cause: 'ebay/token-refused' };
  if (status === 409) return unknown('ebay/conflict');
  if (ids.has(errorIds.useUpdate)) return unknown('ebay/already-there');
  if (ids.has(errorIds.systemError)) return unknown('ebay/server-error');
  // No order of a suspended seller would pass: the account waits as a whole, is probed, and goes on by itself once
  // eBay has lifted the suspension; rejected one by one, its orders would all have to be run again by hand.
  if (ids.has(errorIds.userSuspended)) return { kind: 'unauthorized', what: 'credentials', cause: 'ebay/account-suspended' };
  const known = [...ids].map((id) => causeOfError.get(id)).find((cause) => cause !== undefined);
  if (known !== undefined) return { kind: 'refused', cause: known };
  return judgeStatus(status, body, ids.size > 0);
}

/** A refusal whose errors say nothing that is known. A page from something between eBay and us is no refusal of eBay's. */
function judgeStatus(status: number, body: Body, hasErrors: boolean): Verdict {
  if (status === 403 && body.kind !== 'unreadable') return { kind: 'unauthorized', what: 'role', cause: 'ebay/access-denied' };
  if (status === 404 && (hasErrors || body.kind === 'empty')) return { kind: 'refused', cause: 'ebay/order-unknown' };
  if (!hasErrors) return unknown('ebay/answer-unreadable');
  return status === 400 ? { kind: 'refused', cause: 'ebay/refused' } : { kind: 'refused', cause: 'ebay/request-refused' };
}

/** The outcome of `createShippingFulfillment`: 201 and a `Location` that ends in the fulfilment's id. */
export function toldOutcome(reply: Reply, now: Instant): Outcome {
  const verdict = judge(reply, now);
  const { evidence } = reply;
  if (verdict.kind === 'refused') return { kind: 'rejected', cause: verdict.cause, evidence };
  if (verdict.kind !== 'answered') return common(verdict, evidence);
  if (verdict.status !== 201) return { kind: 'unknown', cause: 'ebay/answer-unreadable', evidence };
  const reference = fulfilmentIn(verdict.headers['location'] ?? '');
  return reference === null ? { kind: 'unknown', cause: 'ebay/reference-missing', evidence } : { kind: 'accepted', reference, evidence };
}

/** The outcome of a look at an order's fulfilments. A refusal of the read says nothing of what is there, unless the order is unknown. */
export function lookedOutcome(intent: Intent, reply: Reply, now: Instant): Outcome {
  const verdict = judge(reply, now);
  const { evidence } = reply;
  if (verdict.kind === 'refused') return { kind: verdict.cause === 'ebay/order-unknown' ? 'rejected' : 'unknown', cause: verdict.cause, evidence };
  if (verdict.kind !== 'answered') return common(verdict, evidence);
  const seen = verdict.status === 200 ? fulfilmentsOf(verdict.body) : null;
  if (seen === null) return { kind: 'unknown', cause: 'ebay/answer-unreadable', evidence };
  const likeness = likenessOf(intent, seen);
  if (likeness.kind === 'present') return { kind: 'present', reference: likeness.reference, evidence };
  if (likeness.kind === 'different') return { kind: 'different', cause: 'ebay/fulfilment-different', evidence };
  return { kind: 'absent', seen: seen.map(({ reference }) => reference), evidence };
}

/** Why a read of orders did not come. Reads do no harm: one that may or may not have been executed is simply not there. */
export function failedRead(verdict: Exclude<Verdict, { kind: 'answered' }>, evidence: Evidence | null): Extract<Read<never>, { ok: false }> {
  const failed = { ok: false, retryAfter: null, evidence } as const;
  if (verdict.kind === 'refused') return { ...failed, why: 'rejected', cause: verdict.cause };
  if (verdict.kind === 'throttled') return { ...failed, why: 'throttled', cause: 'ebay/throttled', retryAfter: verdict.retryAfter };
  if (verdict.kind === 'unauthorized') return { ...failed, why: verdict.what === 'role' ? 'role' : 'unauthorized', cause: verdict.cause };
  return { ...failed, why: 'unavailable', cause: verdict.kind === 'interrupted' ? 'ebay/interrupted' : verdict.cause };
}

/** What means the same to a telling and to a look. */
function common(verdict: Exclude<Verdict, { kind: 'answered' | 'refused' }>, evidence: Evidence | null): Outcome {
  return { ...verdict, evidence };
}

function unknown(cause: EbayCause): Verdict {
  return { kind: 'unknown', cause };
}

/** `…/order/{orderId}/shipping_fulfillment/{fulfillmentId}`: the last step of the path, decoded. */
function fulfilmentIn(location: string): string | null {
  const step = /\/shipping_fulfillment\/([^/?#]+)\/?(?:[?#].*)?$/.exec(location.trim())?.[1] ?? '';
  try {
    return decodeURIComponent(step).trim() || null;
  } catch {
    return null;
  }
}
