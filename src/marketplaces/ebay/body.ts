import { errorIds } from './causes.ts';
import { number, text } from './fields.ts';

/** The body of an answer. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'empty' }
  /** No JSON: a page of HTML, or an answer cut short. */
  | { readonly kind: 'unreadable'; readonly text: string };

/** One error of eBay's `errors`, only what is known of one. */
export interface EbayError {
  /** 0 where eBay gives none. */
  readonly errorId: number;
  readonly domain: string | null;
  readonly category: string | null;
  readonly message: string | null;
  readonly longMessage: string | null;
  readonly inputRefIds: readonly string[];
  readonly parameters: readonly { readonly name: string | null; readonly value: string | null }[];
}

/** Reads a body as UTF-8. Whole numbers too big for a number become the digits that were written. */
export function parseBody(bytes: Uint8Array): Body {
  const written = new TextDecoder().decode(bytes);
  if (written.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(written, exactly) };
  } catch {
    return { kind: 'unreadable', text: written };
  }
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const rounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return rounded ? (context?.source ?? value) : value;
}

/** All errors of an answer, not only the first; empty where it carries none. */
export function errorsOf(body: Body): readonly EbayError[] {
  return body.kind === 'json' ? listOf(field(body.value, 'errors')).flatMap(errorOf) : [];
}

function errorOf(error: unknown): EbayError[] {
  if (typeof error !== 'object' || error === null) return [];
  const parameters = listOf(field(error, 'parameters')).map((parameter) => ({ name: text(field(parameter, 'name')), value: text(field(parameter, 'value')) }));
  return [
    {
      errorId: number(field(error, 'errorId')) ?? 0,
      domain: text(field(error, 'domain')),
      category: text(field(error, 'category')),
      message: text(field(error, 'message')),
      longMessage: text(field(error, 'longMessage')),
      inputRefIds: listOf(field(error, 'inputRefIds')).flatMap((reference) => text(reference) ?? []),
      parameters,
    },
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Did eBay refuse the token? What is refused so was not executed. */
export function tokenRefused(status: number, body: Body): boolean {
  if (status === 401) return true;
  return status >= 400 && status < 500 && errorsOf(body).some(({ errorId }) => errorId === errorIds.invalidToken || errorId === errorIds.missingToken);
}

/** One field of a value that may be anything. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
