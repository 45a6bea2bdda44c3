import type { Clock, Duration, Instant } from '../../runtime/clock.ts';

/** What an access token is worth: `unknown` covers malformed and revoked ones, which marketplaces do not tell apart. */
export type Worth = 'good' | 'expired' | 'unknown';

interface Issued {
  readonly until: Instant;
  readonly purpose: string;
}

/** The access tokens that one marketplace has given out. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #issued = new Map<string, Issued>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(token: string, life: Duration, purpose = 'user'): void {
    this.#issued.set(token, { until: this.#clock.now() + life, purpose });
  }

  worth(token: string): Worth {
    const issued = this.#issued.get(token);
    if (issued === undefined) return 'unknown';
    return this.#clock.now() < issued.until ? 'good' : 'expired';
  }

  /** What it was issued for; null for a token that nobody issued. */
  purpose(token: string): string | null {
    return this.#issued.get(token)?.purpose ?? null;
  }

  /** This one is over from now on. */
  expire(token: string): void {
    const issued = this.#issued.get(token);
    if (issued !== undefined) this.#issued.set(token, { ...issued, until: this.#clock.now() });
  }

  /** None that was given out so far is known any more. */
  forgetAll(): void {
    this.#issued.clear();
  }
}
