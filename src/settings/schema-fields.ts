import { z } from 'zod';
import type { ZodType } from 'zod';

const known = new WeakMap<ZodType, readonly string[] | null>();

/** The names of the fields that a schema reads from an object, or null where it takes any. */
export function fieldsOf(schema: ZodType): readonly string[] | null {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const fields = namesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  known.set(schema, fields);
  return fields;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

function namesIn(schema: JsonSchema): readonly string[] | null {
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(namesIn);
  if (parts.includes(null)) return null;
  const names = [...Object.keys(schema.properties ?? {}), ...parts.flatMap((part) => part ?? [])];
  return names.length === 0 ? null : names;
}
