import { z } from 'zod';
import type { Random } from '../../runtime/random.ts';

const wait = z.int().min(0).max(86_400_000);

/** A misbehaviour of one call. `effect: true` means that the order is changed all the same, whatever is answered. */
const fault = z.discriminatedUnion('kind', [
  /** "Too many requests", whatever the pace; with a `Retry-After` where the seconds are given. */
  z.strictObject({ kind: z.literal('429'), retryAfterS: z.int().min(0).optional() }),
  /** The marketplace's own "internal error", in JSON. */
  z.strictObject({ kind: z.literal('500'), effect: z.boolean().default(false) }),
  /** A gateway's page in HTML. */
  z.strictObject({ kind: z.literal('html-503'), effect: z.boolean().default(false) }),
  /** The socket is reset, nothing happens. */
  z.strictObject({ kind: z.literal('cut-before') }),
  /** It happens, then the socket is reset. */
  z.strictObject({ kind: z.literal('cut-after') }),
  /** It happens `ms` later, judged by how things stand then. The answer is lost at once, or with `answered` it is the yes of now. */
  z.strictObject({ kind: z.literal('late-effect'), ms: wait, answered: z.boolean().default(false) }),
  /** Says yes (Amazon's 204, eBay's 201) and does nothing. */
  z.strictObject({ kind: z.literal('silent-204') }),
  /** Answers after `ms`; it happens at once, or `effectMs` after the arrival. */
  z.strictObject({ kind: z.literal('slow'), ms: wait, effectMs: wait.default(0) }).refine((slow) => slow.effectMs <= slow.ms, 'effectMs is at most ms'),
  /** Never answers, and leaves the socket open. */
  z.strictObject({ kind: z.literal('hang'), effect: z.boolean().default(false) }),
  /** The access token in use has expired from now on. */
  z.strictObject({ kind: z.literal('token-expired') }),
  /** The seller has withdrawn the authorization, from now on, until repaired. */
  z.strictObject({ kind: z.literal('revoked') }),
  /** The application has not the role (Amazon) or the scope (eBay) for this call. */
  z.strictObject({ kind: z.literal('role-missing') }),
  /** It happens; the answer's JSON is broken off. */
  z.strictObject({ kind: z.literal('garbage') }),
  /** It happens; half of the answer's body comes, then the socket closes. */
  z.strictObject({ kind: z.literal('half-body') }),
  /** The marketplace's clock, and with it the `Date` header, is `ms` ahead of ours, from now on. */
  z.strictObject({ kind: z.literal('clock-skew'), ms: z.int().min(-86_400_000).max(86_400_000) }),
]);

export type Fault = z.output<typeof fault>;

/** Which calls a misbehaviour strikes. */
export const rule = z.strictObject({
  /** The API call by the marketplace's own name, `token` for the token exchange, `*` for all. */
  call: z.string().default('*'),
  /** Only calls that name this order. */
  order: z.string().optional(),
  /** How many calls it strikes: 1 where neither this nor a probability is given. */
  times: z.union([z.int().min(1), z.literal('always')]).optional(),
  /** Strikes a call with this probability. */
  probability: z.number().min(0).max(1).optional(),
  fault,
});

export type Rule = z.input<typeof rule>;

/** A rule that is in force. */
export interface Standing {
  readonly id: number;
  readonly call: string;
  readonly order: string | null;
  readonly probability: number;
  /** Calls that it will still strike. */
  readonly left: number;
  readonly fault: Fault;
}

/** The misbehaviours that one marketplace was asked for. The first rule that fits strikes. */
export class Faults {
  /** The seller has withdrawn the authorization. */
  revoked = false;
  readonly #calls: readonly string[];
  readonly #random: Random;
  readonly #setClock: (skew: number) => void;
  #standing: Standing[] = [];
  #last = 0;

  /**
   * @param calls the calls that this marketplace knows
   * @param setClock puts the marketplace's clock ahead of ours, by milliseconds
   */
  constructor(calls: readonly string[], random: Random, setClock: (skew: number) => void) {
    this.#calls = calls;
    this.#random = random;
    this.#setClock = setClock;
  }

  /**
   * Puts a rule in force. A clock that goes wrong does so at once; everything else waits for a call.
   * @returns the rule's number
   * @throws where the rule is malformed or names a call that this marketplace does not know
   */
  add(wish: Rule): number {
    const { call, order, times, probability, fault } = rule.parse(wish);
    if (call !== '*' && !this.#calls.includes(call)) throw new Error(`there is no call "${call}" here; there are: ${this.#calls.join(', ')}`);
    this.#last += 1;
    if (fault.kind === 'clock-skew') {
      this.#setClock(fault.ms);
      return this.#last;
    }
    const left = times === undefined ? (probability === undefined ? 1 : Infinity) : times === 'always' ? Infinity : times;
    this.#standing.push({ id: this.#last, call, order: order ?? null, probability: probability ?? 1, left, fault });
    return this.#last;
  }

  /** Takes one rule back. */
  remove(id: number): void {
    this.#standing = this.#standing.filter((standing) => standing.id !== id);
  }

  /** Everything behaves again: no rule, the authorization restored, the clock right. */
  repair(): void {
    this.#standing = [];
    this.revoked = false;
    this.#setClock(0);
  }

  list(): readonly Standing[] {
    return [...this.#standing];
  }

  /** The misbehaviour that strikes this call, or null. What was drawn is used up. */
  draw(call: string, order: string | null): Fault | null {
    for (const standing of this.#standing) {
      if (standing.call !== '*' && standing.call !== call) continue;
      if (standing.order !== null && standing.order !== order) continue;
      if (standing.probability < 1 && this.#random.next() >= standing.probability) continue;
      this.#standing = this.#standing.map((other) => (other === standing ? { ...standing, left: standing.left - 1 } : other)).filter((other) => other.left > 0);
      return standing.fault;
    }
    return null;
  }
}
