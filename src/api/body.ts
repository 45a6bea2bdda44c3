import type { HonoRequest } from 'hono';
import { readJson } from '../settings/json.ts';
import { boundsProblem } from './json-bounds.ts';
import { Problem } from './problem.ts';

/** Bytes of a request's body that are read: a thousand items with twenty lines each are one megabyte. */
const longestBody = 4 * 1024 * 1024;

/** The body as JSON. `undefined`: there is none. What is too long is not read. */
export async function readBody(request: HonoRequest): Promise<{ readonly json: unknown } | Problem> {
  const bytes = await readBytes(request);
  if (bytes instanceof Problem) return bytes;
  // Whether there is a body shows when it is read, not by its headers: one that comes in chunks names no length.
  if (bytes.length === 0) return { json: undefined };
  return typeProblem(request) ?? boundsProblem(bytes) ?? parse(bytes);
}

async function readBytes(request: HonoRequest): Promise<Uint8Array | Problem> {
  const tooLarge = new Problem('body-too-large', { values: { limit: longestBody } });
  const length = request.header('content-length');
  if (length !== undefined && Number(length) > longestBody) return tooLarge;
  try {
    // Node hands on no more than the length that was named.
    if (length !== undefined) return new Uint8Array(await request.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let read = 0;
    for await (const chunk of request.raw.body ?? []) {
      read += chunk.length;
      if (read > longestBody) return tooLarge;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return new Problem('body-cut');
  }
}

function typeProblem(request: HonoRequest): Problem | null {
  const encoding = request.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '') return new Problem('encoded-body', { headers: { 'accept-encoding': 'identity' } });
  const given = request.header('content-type') ?? '';
  const [type = '', ...parameters] = given.toLowerCase().split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  const json = type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
  return json && (charset === undefined || charset === 'utf-8' || charset === 'utf8') ? null : new Problem('not-json', { values: { found: given === '' ? '—' : given } });
}

function parse(bytes: Uint8Array): { readonly json: unknown } | Problem {
  let text: string;
  try {
    // Takes off a byte order mark, which some programs write before their JSON.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notUtf8(bytes);
  }
  if (text.trim() === '') return { json: undefined };
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    const why = readJson(text);
    return new Problem('broken-json', { values: 'why' in why ? { line: why.line, column: why.column, why: why.why } : { line: 1, column: 1, why: 'it cannot be read' } });
  }
}

/** Where it stops being UTF-8, and what it may be instead. */
function notUtf8(bytes: Uint8Array): Problem {
  const position = firstFault(bytes);
  const line = 1 + bytes.subarray(0, position).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 0);
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  // A letter with an accent, as Windows and old French programs write it, between ordinary characters.
  const windows = (bytes[position] ?? 0) >= 0x80 && (bytes[position + 1] ?? 0) < 0x80;
  return new Problem('not-utf8', { values: { position, line, guess: utf16 ? 'UTF-16' : windows ? 'Windows-1252' : 'none' } });
}

/** The first byte of the first character that is none. */
function firstFault(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (begun(bytes.subarray(0, middle)) !== null) good = middle;
    else bad = middle;
  }
  return Buffer.byteLength(begun(bytes.subarray(0, good)) ?? '');
}

/** The whole characters of these bytes, of which the last may be cut off; null where they are no UTF-8. */
function begun(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
