import type { Role } from '../store/people.ts';
import type { Answer } from './answer.ts';
import type { OpenVisit, Visit } from './visit.ts';

/**
 * What an address is. `page`: a whole page. `part`: a piece of one, fetched by script. `action`: a form that changes
 * something: it carries its token, and is answered by a page or by the way to one. `file`: something to be kept.
 * `stream`: events. `client`: a whole page for a merchant's customer, who is given no cookie.
 */
export type Kind = 'page' | 'part' | 'action' | 'file' | 'stream' | 'client';

/** One line of the table of routes: who may call it, and what answers. */
export type Route = Line & ({ readonly least: Role; readonly handle: (visit: Visit) => Promise<Answer> | Answer } | { readonly least: 'anybody'; readonly handle: (visit: OpenVisit) => Promise<Answer> | Answer });

interface Line {
  readonly method: 'get' | 'post';
  /** As hono writes it: `/syncs/:id`. */
  readonly path: `/${string}`;
  readonly kind: Kind;
}
