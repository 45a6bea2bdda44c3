/** Longest text of a foreign answer that is kept for the audit, or read for its meaning (bytes). */
const kept = 2_048;

/** What an answer carried. `text` is whatever is no JSON: a gateway's page, a body cut short. */
export type Body =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string };

/** One of Amazon's `errors`. */
export interface AmazonError {
  readonly code: string;
  readonly message: string;
  readonly details: string;
}

/** Takes the secrets out of a text before anything else sees it. */
type Scrub = (text: string) => string;

/**
 * Reads a body as UTF-8, from the bytes. Numbers that JavaScript cannot hold exactly (order item ids written
 * without quotes, amounts) stay as they were written, as strings.
 */
export function readBody(bytes: Uint8Array, scrub: Scrub): Body {
  if (bytes.length === 0) return { kind: 'empty' };
  const text = scrub(new TextDecoder().decode(bytes));
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(text, exactNumbers) };
  } catch {
    return { kind: 'text', text };
  }
}

function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const written = context?.source ?? String(value);
  return written === String(value) ? value : written;
}

/** Amazon answers with an object, always; a gateway in front of it mostly does not. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The errors of `{"errors": [...]}`, and of the gateway's `{"message": "Forbidden"}`: as many and as long as anybody would read. */
export function errorsOf(body: Body): readonly AmazonError[] {
  if (body.kind !== 'json' || !isObject(body.value)) return [];
  const { errors } = body.value;
  const listed = Array.isArray(errors) ? errors.filter(isObject).slice(0, 20) : [body.value];
  return listed.map((e) => ({ code: text(e['code']), message: text(e['message']), details: text(e['details']) }));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, kept) : '';
}

/** The body as the audit keeps it: whole where it is short JSON, else its beginning. */
export function bodyForAudit(body: Body): unknown {
  if (body.kind === 'empty') return null;
  if (body.kind === 'text') return beginning(body.text);
  const written = JSON.stringify(body.value);
  return Buffer.byteLength(written) <= kept ? body.value : beginning(written);
}

function beginning(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= kept) return text;
  // A character cut in two at the end decodes to U+FFFD: left out.
  return `${new TextDecoder().decode(bytes.subarray(0, kept)).replace(/\uFFFD+$/, '')}…`;
}

/** What Login with Amazon's tokens look like, however a page escapes the bar in them. */
const tokenShape = /Atz[a-z](?:\||%7C|\\u007c|&#0*124;|&#x0*7c;|&vert;|&verbar;)[\w\-./+=~%]*/gi;

/** A scrubber that knows these secrets, as they are and as JSON and addresses write them. */
export function scrubber(secrets: readonly string[]): Scrub {
  const forms = new Set(secrets.filter((s) => s.length >= 4).flatMap((s) => [s, JSON.stringify(s).slice(1, -1), encodeURIComponent(s)]));
  // Longest first: a secret that contains another one goes as a whole.
  const known = [...forms].sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, form) => rest.replaceAll(form, removed), text).replace(tokenShape, removed);
}

const removed = '[removed]';
