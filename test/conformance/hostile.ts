import * as fc from 'fast-check';
import type { HttpAnswer } from '../../src/runtime/http.ts';

/** Values that no marketplace promises and any may send. */
const odd = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e308, -1e308, Number.MAX_SAFE_INTEGER, 2 ** 53, '', ' ', '\0', '\ud800', '\udfff\ud800', '\uFEFF', 'null', 'NaN', '1e400', '-1', '9'.repeat(40), '2026-02-30T00:00:00Z', '+275760-09-13T00:00:00Z', '__proto__', [], {}, [null], [[]], { length: 1 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(100_000), '["'.repeat(500)) },
);

type Json = Readonly<Record<string, unknown>> | readonly unknown[];

function isTree(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** Every place in a tree, by its way from the root. */
function places(value: unknown, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (!isTree(value)) return [way];
  const inner = Array.isArray(value) ? value.map((one, n): [number, unknown] => [n, one]) : Object.entries(value);
  return [way, ...inner.flatMap(([key, one]) => places(one, [...way, key]))];
}

type Change = { readonly place: number; readonly how: 'replace' | 'drop' | 'double' | 'wrap' | 'rename' | 'add'; readonly by: unknown };

const change: fc.Arbitrary<Change> = fc.record({ place: fc.nat(), how: fc.constantFrom('replace', 'replace', 'replace', 'drop', 'drop', 'double', 'wrap', 'rename', 'add'), by: odd });

function changed(tree: unknown, { place, how, by }: Change): unknown {
  const all = places(tree);
  return at(tree, all[place % all.length] ?? [], (value) => {
    if (how === 'wrap') return [value];
    if (how === 'double') return Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[])] : [value, value];
    if (how === 'add' && isTree(value) && !Array.isArray(value)) return Object.fromEntries([...Object.entries(value), [typeof by === 'string' ? by : 'extra', by]]);
    return by;
  }, how);
}

function at(tree: unknown, [key, ...rest]: readonly (string | number)[], make: (value: unknown) => unknown, how: Change['how']): unknown {
  if (key === undefined || !isTree(tree)) return make(tree);
  const last = rest.length === 0;
  if (Array.isArray(tree)) {
    if (last && how === 'drop') return tree.filter((_, n) => n !== key);
    return tree.map((value: unknown, n) => (n === key ? at(value, rest, make, how) : value));
  }
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
      if (name !== key) return [[name, value]];
      if (last && how === 'drop') return [];
      if (last && how === 'rename') return [[`${name}_`, value]];
      return [[name, at(value, rest, make, how)]];
    }),
  );
}

/** A body of the marketplace's own, some places of it changed. */
function mutated(bodies: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...bodies), fc.array(change, { minLength: 1, maxLength: 4 })).map(([body, changes]) => {
    let tree: unknown = parsed(body);
    for (const one of changes) tree = changed(tree, one);
    return JSON.stringify(tree) ?? 'null';
  });
}

/** The same field names, in shapes of chance. */
function plausible(bodies: readonly string[]): fc.Arbitrary<string> {
  const names = [...new Set(bodies.flatMap((body) => places(parsed(body)).flatMap((way) => way.filter((key) => typeof key === 'string'))))];
  const name = fc.constantFrom('errors', 'errorId', 'message', ...names);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, odd, fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(name, tie('tree'), { maxKeys: 6 })),
  }));
  return tree.map((value) => JSON.stringify(value) ?? 'null');
}

/** What is no JSON, or JSON at its edges: numbers beyond all bounds, depth, marks, half characters, other encodings. */
function broken(bodies: readonly string[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const body = fc.constantFrom('{}', ...bodies);
  const text = fc.oneof(
    fc.tuple(body, fc.nat()).map(([whole, cut]) => whole.slice(0, cut % (whole.length + 1))),
    body.map((whole) => `\uFEFF${whole}`),
    body.map((whole) => whole.replace(/:\s*\d+/g, ': 1e999')),
    body.map((whole) => whole.replace(/"[^"]*"(?=[,}\]])/g, '123456789012345678901234567890')),
    body.map((whole) => whole.replaceAll('{', '{"\\u0000":"\\ud800",')),
    body.map((whole) => whole.replaceAll('{', '{"__proto__":{"errors":[]},')),
    fc.integer({ min: 100, max: 60_000 }).map((deep) => `{"order":${'['.repeat(deep)}${']'.repeat(deep)},"errors":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`),
    fc.constantFrom('', ' ', '\0', 'null', 'true', '0', '""', '[]', '<html>', '{"errors":[{"message":{}}]}', '{"errors":{}}', '{"errors":[[[]]]}', '{"errors":"x"}'),
  );
  return fc.oneof(
    text.map((one) => new Uint8Array(Buffer.from(one))),
    text.map((one) => new Uint8Array(Buffer.from(one, 'utf16le'))),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
  );
}

const headers = fc.dictionary(
  fc.constantFrom('date', 'retry-after', 'location', 'content-type', 'x-amzn-requestid', 'x-amzn-ratelimit-limit', 'x-ebay-c-request-id', 'rlogid'),
  fc.oneof(fc.string(), fc.constantFrom('', '0', '-1', '1e9', 'NaN', '99999999999999999999', 'Mon, 23 Nov 2026 09:13:30 GMT', 'Mon, 99 Foo 0000 99:99:99 GMT', '/shipping_fulfillment/', '/x/shipping_fulfillment/%E0%A4%A', '/x/shipping_fulfillment/%20')),
  { maxKeys: 3 },
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

/**
 * Answers as a marketplace might give them on its worst days.
 * @param real its own good answers to this call: mostly their status, mostly their shape
 */
export function hostile(real: readonly HttpAnswer[]): fc.Arbitrary<HttpAnswer> {
  const bodies = real.map(({ body }) => new TextDecoder().decode(body)).filter((body) => body.startsWith('{'));
  const whole = bodies.length === 0 ? ['{}'] : bodies;
  const status = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...real.map((one) => one.status)) }, { weight: 2, arbitrary: fc.constantFrom(200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503) }, { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) });
  const body = fc.oneof(
    { weight: 5, arbitrary: mutated(whole).map((text) => new Uint8Array(Buffer.from(text))) },
    { weight: 2, arbitrary: plausible(whole).map((text) => new Uint8Array(Buffer.from(text))) },
    { weight: 2, arbitrary: broken(whole) },
  );
  const known = fc.constantFrom(...real.map((one) => one.headers));
  return fc.record({ status, headers: fc.oneof(known, headers, fc.tuple(known, headers).map(([a, b]) => ({ ...a, ...b }))), body });
}
