import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** A file of ours that pages load. Its address carries its content's hash: it is kept for ever, and another version is another file. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

export interface Assets {
  readonly style: string;
  readonly htmx: string;
  readonly script: string;
  readonly icon: string;
  find(path: string): Asset | null;
}

/** Where they stand. */
export const assetsAt = '/assets/';

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' } as const;

export function loadAssets(): Assets {
  const own = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url));
  const style = asset('suivi', 'css', Buffer.from(closedUp(own('suivi.css').toString('utf8'))));
  const script = asset('suivi', 'js', own('suivi.js'));
  const icon = asset('mark', 'svg', own('mark.svg'));
  const htmx = asset('htmx', 'js', readFileSync(createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')));
  const all = new Map([style, script, icon, htmx].map((one) => [one.path, one]));
  return { style: style.path, script: script.path, icon: icon.path, htmx: htmx.path, find: (path) => all.get(path) ?? null };
}

function asset(name: string, kind: keyof typeof types, bytes: Buffer): Asset {
  return { path: `${assetsAt}${name}.${hashOf(bytes)}.${kind}`, type: types[kind], bytes: Buffer.from(bytes) };
}

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 10);
}

/** A style sheet without its comments and most of its white space. */
function closedUp(css: string): string {
  return css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s*\n\s*/g, '').replace(/\s*([{};])\s*/g, '$1').replace(/;}/g, '}');
}

/** Compressed once each, when somebody first asks. */
const compressed = new WeakMap<Buffer, Partial<Record<'br' | 'gzip', Buffer<ArrayBuffer>>>>();

/** @param accepts what the browser says it understands */
export function encoded(bytes: Buffer<ArrayBuffer>, accepts: string, effort: 'once' | 'each' = 'once'): { readonly bytes: Buffer<ArrayBuffer>; readonly encoding: 'br' | 'gzip' | null } {
  const encoding = /\bbr\b/.test(accepts) ? 'br' : /\bgzip\b/.test(accepts) ? 'gzip' : null;
  if (encoding === null || bytes.length < 600) return { bytes, encoding: null };
  const known = compressed.get(bytes);
  const kept = known?.[encoding];
  if (kept !== undefined) return { bytes: kept, encoding };
  const quality = effort === 'once' ? 11 : 4;
  const made = encoding === 'br' ? brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }) : gzipSync(bytes, { level: effort === 'once' ? 9 : 5 });
  if (effort === 'once') compressed.set(bytes, { ...known, [encoding]: made });
  return { bytes: made, encoding };
}
