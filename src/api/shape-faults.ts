import type { z } from 'zod';
import { nearest } from '../settings/nearest.ts';
import type { OwnFault } from './fields.ts';
import type { TypeName } from './problem-codes.ts';
import type { AnyFault } from './words.ts';

/** So many faults of one thing are told of: more would bury the first. */
const most = 10;

/** What was read, or what is wrong with its shape, each fault with the field as the caller wrote it. */
export type ReadShape<T> = { readonly value: T } | { readonly faults: readonly AnyFault[] };

/** Reads a value by a schema. */
export function readShape<S extends z.ZodType>(schema: S, given: unknown): ReadShape<z.output<S>> {
  const read = schema.safeParse(given);
  if (read.success) return { value: read.data };
  return { faults: read.error.issues.flatMap((issue) => faultsOf(issue, schema, given)).slice(0, most) };
}

type Path = readonly PropertyKey[];

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType, given: unknown): AnyFault[] {
  const field = fieldOf(issue.path);
  const found = at(given, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, most).map((key) => unknownMember(key, issue.path, schema));
    case 'invalid_type':
      return [wrongType(field, found, typeNamed(issue.expected))];
    case 'invalid_value':
      if (typeof found !== 'string') return [wrongType(field, found, 'text')];
      return [{ code: 'not-one-of', field, found, expected: issue.values.map(String).join(', ') }];
    case 'too_big':
      if (issue.origin === 'string') return [{ code: 'too-long', field, limit: Number(issue.maximum) }];
      return [{ code: 'too-many', field, found: Array.isArray(found) ? found.length : String(found), limit: Number(issue.maximum) }];
    case 'too_small':
      return [{ code: 'required', field }];
    case 'custom': {
      const own = issue.params?.['fault'] as OwnFault | undefined;
      return [own === undefined ? { code: 'malformed', field } : { ...own, field }];
    }
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return [{ code: 'malformed', field }];
  }
}

/**
 * A member that we do not know is a fault, not a warning: `trackingNo` would be left out in silence and the parcel wait
 * for its number, `line` would ship all that is left. What was sent to a marketplace cannot be called back.
 */
function unknownMember(key: string, path: Path, schema: z.ZodType): AnyFault {
  const members = membersAt(schema, path);
  const near = nearest(key, members) ?? beginsAlike(key, members);
  return { code: 'unknown-member', field: fieldOf([...path, key]), ...(near === null ? {} : { expected: near }) };
}

/** `trackingNo` for `trackingNumber`: too far by its letters, and plain to any reader by its beginning. */
function beginsAlike(key: string, members: readonly string[]): string | null {
  const shared = (member: string): number => {
    const longest = Math.min(key.length, member.length);
    let at = 0;
    while (at < longest && key[at]?.toLowerCase() === member[at]?.toLowerCase()) at += 1;
    return at;
  };
  const best = members.toSorted((a, b) => shared(b) - shared(a))[0];
  return best !== undefined && shared(best) >= Math.max(4, key.length / 2) ? best : null;
}

function wrongType(field: string, found: unknown, expected: TypeName): AnyFault {
  if (found === undefined) return { code: 'required', field };
  if (found === null) return { code: 'null-given', field, expected };
  // JSON has numbers that no number type holds: 1e400.
  if (typeof found === 'number' && expected === 'number') return { code: 'quantity-not-whole', field, found: String(found) };
  return { code: 'wrong-type', field, found: typeOf(found), expected };
}

/** What JSON calls the type of a value. */
export function typeOf(value: unknown): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const names: Readonly<Record<string, TypeName>> = { string: 'text', number: 'number', boolean: 'truth' };
  return names[typeof value] ?? 'object';
}

function typeNamed(expected: string): TypeName {
  const names: Readonly<Record<string, TypeName>> = { string: 'text', number: 'number', int: 'number', boolean: 'truth', array: 'list' };
  return names[expected] ?? 'object';
}

/** `parcels[0].lines[1].quantity` */
function fieldOf(path: Path): string {
  return path.reduce<string>((field, part) => (typeof part === 'number' ? `${field}[${part}]` : field === '' ? String(part) : `${field}.${String(part)}`), '');
}

function at(given: unknown, path: Path): unknown {
  let value = given;
  for (const part of path) value = typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as Readonly<Record<PropertyKey, unknown>>)[part] : undefined;
  return value;
}

/** The names that an object at this place may have. */
function membersAt(schema: z.ZodType, path: Path): string[] {
  let here = unwrapped(schema);
  for (const part of path) here = unwrapped(typeof part === 'number' ? here.element : here.shape?.[String(part)]);
  return Object.keys(here.shape ?? {});
}

/** The parts of zod's definitions that lead from a schema to those inside it. */
interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
}

function unwrapped(schema: z.ZodType | undefined): Definition {
  let definition = (schema?.def ?? {}) as Definition;
  while (definition.innerType !== undefined) definition = definition.innerType.def as Definition;
  return definition;
}
