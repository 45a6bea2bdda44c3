import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Enforcer from 'openapi-enforcer';
import type { HttpRequest } from '../../../src/runtime/http.ts';
import type { Heard } from './stage.ts';

/**
 * Amazon's official models (Swagger 2.0), read from `SUIVI_MODELS` or from beside the checkout. Fields that a model
 * does not name are made errors: the models themselves would let a misspelt one pass.
 */
const given = process.env['SUIVI_MODELS'];
const folder = given === undefined ? new URL('../../../../shared/models/', import.meta.url) : pathToFileURL(`${given}/`);
const files = ['ordersV0', 'orders_2026-01-01', 'sellers'].map((name) => new URL(`amazon/${name}.json`, folder));

export const modelsAreHere = files.every((file) => existsSync(file));
/** What a skipped test says. */
export const noModels = 'skipped: the official models of Amazon are not here (SUIVI_MODELS)';

/** An error of openapi-enforcer: it says what is wrong when it is printed. */
interface Printable {
  toString(): string;
}

/** What openapi-enforcer makes of a model. */
interface Model {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly schema?: Schema } | undefined>> } | undefined>>>>;
  request(request: object): [unknown, Printable | undefined];
}

interface Schema {
  deserialize(value: unknown): [unknown, Printable | undefined];
  validate(value: unknown): Printable | undefined;
}

const models: Model[] = modelsAreHere ? await Promise.all(files.map(load)) : [];

async function load(file: URL): Promise<Model> {
  const [model, error] = (await Enforcer(closed(JSON.parse(readFileSync(file, 'utf8'))), { fullResult: true })) as [Model | undefined, Printable | undefined];
  if (model === undefined) throw new Error(`${file.pathname} cannot be read: ${String(error)}`);
  return model;
}

/** The same document, its objects closed to fields that they do not name. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key.startsWith('example') || key.startsWith('x-') ? value : closed(value)]));
  return copy['type'] === 'object' && typeof copy['properties'] === 'object' ? { ...copy, additionalProperties: false } : copy;
}

/** What the models have against this request and the answer to it; null where they agree, or do not know the call. */
export function objection(request: HttpRequest, answer: Heard): string | null {
  const url = new URL(request.url);
  for (const model of models) {
    const template = Object.keys(model.paths).find((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(url.pathname));
    const operation = template === undefined ? undefined : model.paths[template]?.[request.method.toLowerCase()];
    if (operation === undefined) continue;
    const declared = operation.responses[answer.status];
    if (declared === undefined) return `the answer ${answer.status} is not declared`;
    return requestObjection(model, request, answer) ?? bodyObjection(answer, declared.schema) ?? headerObjection(answer);
  }
  return null;
}

/** What was refused may be as wrong as it likes; what was accepted must be right. */
function requestObjection(model: Model, request: HttpRequest, answer: Heard): string | null {
  if (answer.status >= 300) return null;
  const { pathname, search } = new URL(request.url);
  const body = typeof request.body === 'string' ? { body: JSON.parse(request.body) as unknown, headers: { 'content-type': 'application/json' } } : {};
  const [, wrong] = model.request({ method: request.method, path: pathname + search, ...body });
  return wrong === undefined ? null : `the request was accepted, but ${String(wrong)}`;
}

/** Fails where the models object. */
export function examine(request: HttpRequest, answer: Heard): void {
  const found = objection(request, answer);
  if (found !== null) throw new Error(`${request.method} ${request.url}: ${found}\n${answer.text}`);
}

function bodyObjection(answer: Heard, schema: Schema | undefined): string | null {
  if (schema === undefined) return answer.text === '' ? null : `the answer ${answer.status} has a body`;
  const [value, misread] = schema.deserialize(answer.body);
  const wrong = misread ?? schema.validate(value);
  return wrong === undefined ? null : `the answer ${answer.status}: ${String(wrong)}`;
}

/** Amazon: the rate is named on 20x, 400 and 404 only; the request's id always. */
function headerObjection({ status, headers }: Heard): string | null {
  if (headers['x-amzn-requestid'] === undefined) return 'the answer has no x-amzn-requestid';
  const named = headers['x-amzn-ratelimit-limit'] !== undefined;
  const due = status < 300 || status === 400 || status === 404;
  return named === due ? null : `the rate is ${named ? '' : 'not '}named on a ${status}`;
}
