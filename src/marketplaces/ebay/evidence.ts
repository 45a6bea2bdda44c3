import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import { redactText } from '../../runtime/redact.ts';
import type { Evidence } from '../../syncing/outcome.ts';
import { errorsOf, field, parseBody } from './body.ts';
import type { Body } from './body.ts';
import { number, text } from './fields.ts';
import { fulfilmentsForAudit } from './fulfilments.ts';
import { httpDate } from './headers.ts';

/** What one request left to write down. */
export interface Trace {
  /** The call's name, or `oauth2/token`. */
  readonly call: string;
  /** Null where none was built. */
  readonly request: HttpRequest | null;
  /** What was sent, without secrets. */
  readonly body: unknown;
  readonly answer: HttpAnswer | null;
  readonly fault: string | null;
}

/** Texts are kept up to here (characters), and this many errors of an answer. */
const longestText = 2_000;
const mostErrors = 50;

/**
 * What is kept for the audit. Of an answer only what is known by name: orders arrive with their buyers,
 * and of a read of orders nothing stays but numbers of orders.
 */
export function evidenceOf({ call, request, body, answer, fault }: Trace, secrets: readonly string[]): Evidence {
  const evidence: Evidence = {
    call,
    request: request === null ? null : { method: request.method, path: pathOf(request.url), body },
    answer: answer === null ? null : { status: answer.status, body: answered(call, answer) },
    fault,
    requestId: answer?.headers['x-ebay-c-request-id'] ?? answer?.headers['rlogid'] ?? null,
    date: httpDate(answer?.headers['date'] ?? ''),
    rate: null,
  };
  return without(evidence, secrets) as Evidence;
}

function answered(call: string, answer: HttpAnswer): unknown {
  const body = parseBody(answer.body);
  const errors = errorsOf(body);
  if (errors.length > 0) return { errors: errors.slice(0, mostErrors) };
  switch (call) {
    case 'createShippingFulfillment':
      if (answer.headers['location'] !== undefined) return { location: answer.headers['location'] };
      return body.kind === 'unreadable' ? body.text : outline(body, answer);
    case 'getShippingFulfillments':
      return fulfilmentsForAudit(body) ?? outline(body, answer);
    case 'oauth2/token':
      return { error: textOf(body, 'error'), error_description: textOf(body, 'error_description') };
    case 'getOrder':
      return body.kind === 'json' && answer.status === 200 ? { order: textOf(body, 'orderId') } : outline(body, answer);
    default:
      return body.kind === 'json' && answer.status === 200 ? { total: number(field(body.value, 'total')), orders: orderNumbers(body) } : outline(body, answer);
  }
}

/** A body that is not known, and may carry a buyer's data: its size and kind. */
function outline(body: Body, answer: HttpAnswer): unknown {
  return body.kind === 'empty' ? null : { bytes: answer.body.length, type: answer.headers['content-type'] ?? null, json: body.kind === 'json' };
}

function orderNumbers(body: Body): unknown {
  const orders = body.kind === 'json' ? field(body.value, 'orders') : undefined;
  return Array.isArray(orders) ? orders.map((order: unknown) => text(field(order, 'orderId'))) : [];
}

function textOf(body: Body, name: string): string | null {
  const value = body.kind === 'json' ? field(body.value, name) : undefined;
  return typeof value === 'string' ? value : null;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Takes our secrets out of every text, and what looks like one, should eBay or something on the way have repeated it; cuts what is long. */
function without(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') {
    const forms = secrets.filter((secret) => secret !== '').flatMap((secret) => [secret, encodeURIComponent(secret)]);
    // Longest first: a secret that contains another one goes as a whole.
    const clean = forms.sort((a, b) => b.length - a.length).reduce((text, secret) => text.replaceAll(secret, '[…]'), value);
    // Cut first: searching for shapes takes time that grows with the square of a text.
    return redactText(clean.slice(0, longestText));
  }
  if (Array.isArray(value)) return value.map((item: unknown) => without(item, secrets));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, without(item, secrets)]));
  return value;
}
