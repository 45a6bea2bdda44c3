import { expect } from 'vitest';
import { z } from 'zod';

/** An OpenAPI document, as far as these tests read it. */
export interface Documented {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly securitySchemes: Readonly<Record<string, object>> };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema: object; readonly description?: string }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;
}

/** Checks answers against the document that the API gives of itself: status, type, every member, and none beside. */
export function documentedAnswers(document: Documented): (method: string, path: string, status: number, type: string, text: string) => void {
  const compiled = new Map<object, z.ZodType>();
  const templates = Object.keys(document.paths).map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
  // "/syncs/rerun" before "/syncs/{id}".
  templates.sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  return (method, path, status, type, text) => {
    const matching = templates.filter(({ pattern }) => pattern.test(path)).map((one) => document.paths[one.path]?.[method.toLowerCase()]);
    const operation = matching.find((one) => one !== undefined);
    if (operation === undefined) {
      expect([404, 405], `${method} ${path} is not documented`).toContain(status);
      return;
    }
    const response = operation.responses[String(status)];
    expect(response, `${method} ${path} answers ${status}, which is not documented`).toBeDefined();
    const schema = response?.content?.[type.split(';')[0] ?? '']?.schema;
    expect(schema, `${method} ${path} ${status} answers ${type}, which is not documented`).toBeDefined();
    if (schema === undefined || !type.includes('json')) return;
    let check = compiled.get(schema);
    if (check === undefined) {
      check = z.fromJSONSchema(strict({ ...schema, $defs: document.components.schemas }) as Parameters<typeof z.fromJSONSchema>[0]);
      compiled.set(schema, check);
    }
    const read = check.safeParse(JSON.parse(text));
    expect(read.success ? [] : read.error.issues, `${method} ${path} ${status} does not answer what is documented: ${text.slice(0, 2_000)}`).toEqual([]);
  };
}

/** The same schema, but no object has members that are not described. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return typeof schema === 'string' ? schema.replace('#/components/schemas/', '#/$defs/') : schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, strict(inner)]));
  return 'properties' in copy && copy['additionalProperties'] === undefined ? { ...copy, additionalProperties: false } : copy;
}
