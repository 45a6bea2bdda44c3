import { createHash } from 'node:crypto';
import type { Instant } from '../runtime/clock.ts';
import { minute, second } from '../runtime/clock.ts';
import { bearerOf, tokenUsed } from '../store/tokens.ts';
import type { Bearer, TokenScope } from '../store/tokens.ts';
import type { Caller } from './caller.ts';
import { createGuesses } from './guesses.ts';
import type { ApiPorts } from './ports.ts';
import { Problem } from './problem.ts';

/** Lets callers in by their tokens. */
export interface Gate {
  /** The bearer of the caller's token, or why it opens nothing. */
  admit(caller: Caller, scope: TokenScope): Promise<Bearer | Problem>;
}

const challenge = 'Bearer realm="suivi"';

export function createGate({ context, clock, log }: ApiPorts): Gate {
  const { db } = context.store;
  const guesses = createGuesses();
  const noted = new Map<number, Instant>();

  /** When a token was last used is written once a minute, not with every request. */
  async function note(bearer: Bearer, now: Instant): Promise<void> {
    const last = noted.get(bearer.id);
    if (last !== undefined && now - last < minute && now >= last) return;
    noted.set(bearer.id, now);
    try {
      await tokenUsed(db, bearer.id, now);
    } catch (error) {
      log.warn('the last use of a token could not be noted', { bearer: bearer.name, error });
    }
  }

  return {
    async admit({ address, authorization }, scope) {
      const token = /^Bearer +([\w.~+/-]{1,200}=*)$/i.exec(authorization ?? '')?.[1];
      if (authorization === undefined) return new Problem('token-missing', { headers: { 'www-authenticate': challenge } });
      const now = clock.now();
      const hash = createHash('sha256').update(token ?? '').digest('base64url');
      const wait = guesses.wait(address, hash, clock.monotonic());
      if (wait > 0) return new Problem('too-many-guesses', { values: { seconds: Math.ceil(wait / second) }, headers: { 'retry-after': String(Math.ceil(wait / second)) } });
      const bearer = token === undefined ? null : await bearerOf(db, token);
      if (bearer === null) {
        if (guesses.wrong(address, hash, clock.monotonic())) log.warn('too many tokens from one address were not accepted', { address });
        return new Problem('token-refused', { headers: { 'www-authenticate': `${challenge}, error="invalid_token"` } });
      }
      guesses.right(hash);
      await note(bearer, now);
      if (scope === 'write' && bearer.scope !== 'write') {
        return new Problem('token-may-not', { values: { scope }, headers: { 'www-authenticate': `${challenge}, error="insufficient_scope", scope="${scope}"` } });
      }
      return bearer;
    },
  };
}
