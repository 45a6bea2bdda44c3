import type { Language } from '../syncing/diagnosis.ts';

/** An answer, ready to be sent. */
export class Reply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, contentType: string, text: string, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.contentType = contentType;
    this.text = text;
    this.headers = headers;
  }
}

/** On every answer: nothing here is a page, and nothing is to be kept, framed or read by another site. */
const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** The response for an answer. It says which language it speaks, and that another may be asked for. */
export function responseOf({ status, contentType, text, headers }: Reply, language: Language): Response {
  return new Response(text, { status, headers: { ...always, ...headers, 'content-type': contentType, 'content-language': language, 'vary': 'accept-language' } });
}
