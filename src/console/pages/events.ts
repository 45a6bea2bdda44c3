import type { Answer } from '../answer.ts';
import type { Visit } from '../visit.ts';

/** GET /events: tells an open page that something happened since it was made (`?since=`); it then asks for its pieces anew. */
export function stream({ live, query, person }: Visit): Answer {
  return { kind: 'stream', body: live.open(query.get('since') ?? '', person.id) };
}
