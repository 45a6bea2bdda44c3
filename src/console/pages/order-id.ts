import type { Visit } from '../visit.ts';

/** The order that an address names; null: it names none. */
export function idOf({ part }: Visit): number | null {
  return /^\d{1,15}$/.test(part('id')) ? Number(part('id')) : null;
}
