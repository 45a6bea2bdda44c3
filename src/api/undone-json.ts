import type { Undone } from '../store/undo.ts';
import { iso } from './fields.ts';

/** What undoing came to, as the API answers it and the command line. */
export function undoneJson({ applied, whole, cancelled, left, doubtful, standsFor }: Undone) {
  return {
    id: applied,
    whole,
    cancelled: [...cancelled],
    left: left.map(({ sync, operation, status }) => ({ id: sync, operation, status })),
    doubtful: [...doubtful],
    standsFor: standsFor.map(({ source, author, at }) => ({ source, author, at: iso(at) })),
  };
}
