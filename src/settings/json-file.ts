import { readFileSync, statSync } from 'node:fs';
import type { Fault } from './fault.ts';
import { readJson } from './json.ts';

/** A JSON file read, its absence, or what is wrong with it. */
export type JsonFile = { readonly json: unknown } | { readonly absent: true } | { readonly fault: Fault };

/** 5,000 accounts take 3 MB. */
const largest = 16 * 1024 * 1024;

/** Reads a JSON file in UTF-8, with or without a byte order mark. */
export function readJsonFile(path: string): JsonFile {
  const bytes = readBytes(path);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return fault(path, 'a file in UTF-16', 'UTF-8: save it again as UTF-8');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fault(path, 'bytes that are no UTF-8', 'UTF-8: save it again as UTF-8');
  }
  const read = readJson(text);
  if ('value' in read) return { json: read.value };
  return fault(path, `no valid JSON at line ${read.line}, column ${read.column}: ${read.why}`, 'JSON');
}

function readBytes(path: string): Uint8Array | JsonFile {
  try {
    const state = statSync(path);
    if (!state.isFile()) return fault(path, 'something that is no file', 'a JSON file');
    if (state.size > largest) return fault(path, `a file of ${Math.ceil(state.size / 1024 / 1024)} MiB`, `a JSON file of at most ${largest / 1024 / 1024} MiB`);
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { absent: true };
    return fault(path, `a file that cannot be read (${code})`, 'a file that the user who runs Suivi may read');
  }
}

function fault(path: string, found: string, expected: string): { readonly fault: Fault } {
  return { fault: { name: path, found, expected, example: null } };
}
