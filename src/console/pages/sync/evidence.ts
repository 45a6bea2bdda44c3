import type { StoryEntry } from '../../../store/log.ts';

/** A member of what an entry's body holds; undefined where there is none, or the body was erased. */
export function memberOf(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
}

export function textOf(of: unknown, name: string): string | null {
  const value = memberOf(of, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** What was said and answered in an attempt, as its outcome keeps it. */
export function evidenceOf({ body }: StoryEntry): unknown {
  return memberOf(body, 'evidence');
}
