import { second } from '../../runtime/clock.ts';
import type { Clock } from '../../runtime/clock.ts';
import { fetchTransport } from '../../runtime/http.ts';
import { timeout } from '../../runtime/timeout.ts';

/** Calls over HTTP, as anybody's program would make them. */
export interface Client {
  /** The answer's JSON. @throws where it is no success: the story is at fault then */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: unknown): Promise<unknown>;
}

/** @param headers sent with each call */
export function createClient(clock: Clock, headers: Readonly<Record<string, string>>): Client {
  const transport = fetchTransport();
  return {
    async ask(method, url, body) {
      const limit = timeout(clock, 20 * second);
      try {
        const answer = await transport({ method, url, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? null : JSON.stringify(body) }, limit.signal);
        const text = new TextDecoder().decode(answer.body);
        if (answer.status >= 300) throw new Error(`${method} ${url} was answered by ${answer.status}: ${text.slice(0, 500)}`);
        return JSON.parse(text) as unknown;
      } finally {
        limit.done();
      }
    },
  };
}
