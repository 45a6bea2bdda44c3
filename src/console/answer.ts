import type { Language } from '../syncing/diagnosis.ts';
import type { Html } from './html.ts';
import type { Key } from './words.ts';

/** What a page's function gives back. */
export type Answer = Page | Part | Go | File | Missing | Stream;

/** A whole page: its frame is put around it. */
export interface Page {
  readonly kind: 'page';
  /** Of the window; the page's own heading is in its body. */
  readonly title: string;
  readonly body: Html;
  readonly status: number;
  /** Without menu: sign-in, and what is printed. */
  readonly bare: boolean;
  /** Asks to be loaded again after this many seconds, where no script does it. */
  readonly refresh: number | null;
  /** For a merchant's customer: nothing of the console around it, in this language. Null: a page of the console. */
  readonly client: Language | null;
}

/** A piece of a page, for a browser that has the rest. */
export interface Part {
  readonly kind: 'part';
  readonly body: Html;
}

/** Somewhere else in this console, with a word about what was done. */
export interface Go {
  readonly kind: 'go';
  readonly to: string;
  readonly said: Said | null;
  readonly cookies: readonly string[];
}

/** Said once, on the page that comes next. */
export interface Said {
  readonly key: Key;
  readonly values: Readonly<Record<string, string | number>>;
  readonly tone: 'done' | 'warn';
}

/** Something to be kept. */
export interface File {
  readonly kind: 'file';
  readonly type: string;
  readonly name: string;
  readonly body: string | AsyncIterable<string>;
}

/** There is no such thing. */
export interface Missing {
  readonly kind: 'missing';
}

/** Events as they come. */
export interface Stream {
  readonly kind: 'stream';
  readonly body: ReadableStream<Uint8Array>;
}

export function page(title: string, body: Html, more: Partial<Omit<Page, 'kind' | 'title' | 'body'>> = {}): Page {
  return { kind: 'page', title, body, status: 200, bare: false, refresh: null, client: null, ...more };
}

export function part(body: Html): Part {
  return { kind: 'part', body };
}

/** @param to a path of this console */
export function go(to: string, said: Omit<Said, 'tone' | 'values'> & Partial<Said> | null = null, cookies: readonly string[] = []): Go {
  return { kind: 'go', to, said: said === null ? null : { tone: 'done', values: {}, ...said }, cookies };
}

export function file(type: string, name: string, body: File['body']): File {
  return { kind: 'file', type, name, body };
}

export const missing: Missing = { kind: 'missing' };
