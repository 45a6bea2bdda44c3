import type { z } from 'zod';
import type { Instant } from '../runtime/clock.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { ApiPorts } from './ports.ts';
import type { Problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import type { Reply } from './reply.ts';
import type { ReadShape } from './shape-faults.ts';

/** Items that one request may carry. */
export const mostItems = 1_000;

/**
 * Who may call a route. `open`: anybody. `local`: anybody on this machine, others with a token that may read.
 * `read`: any token. `write`: a token that may write.
 */
type Scope = 'open' | 'local' | 'read' | 'write';

/** One request, read and let in. */
export interface Call<Query, Body, Item> {
  readonly ports: ApiPorts;
  readonly language: Language;
  readonly now: Instant;
  /** Who asks, as the journal and the applied states name them: `api/NAME`. Empty on routes that need no token. */
  readonly author: string;
  /** On this machine, or with a token: may hear more than that something is wrong. */
  readonly trusted: boolean;
  /** The address's own parts, decoded. */
  readonly part: (name: string) => string;
  readonly query: Query;
  readonly body: Body;
  /** Each item that was sent, read or with its faults: one that is refused leaves the others alone. */
  readonly items: readonly ReadShape<Item>[];
  /** Writes down what stopped a part of the request, whose other parts are answered. */
  readonly failed: (error: unknown) => void;
}

/** One line of the table of routes: who may call it, what it takes, what it answers. Its documentation is made of it. */
export interface Route {
  readonly method: 'get' | 'put' | 'post' | 'patch';
  /** As hono writes it: `/syncs/:id`. */
  readonly path: `/${string}`;
  readonly scope: Scope;
  /** Name of the operation for programs that are made from the documentation: `applyStates`. */
  readonly operation: string;
  readonly summary: string;
  readonly description: string;
  /** What the parts of the address are. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: z.ZodObject | null;
  /** A body that is one object. */
  readonly body: z.ZodType | null;
  /** Whether the body may be left out. */
  readonly bodyOptional: boolean;
  /** A body that is a list: the schema of each item. */
  readonly items: z.ZodType | null;
  /** What is answered with 200; null where it is no JSON. */
  readonly answer: z.ZodType | null;
  /** Statuses beside 200 that come with the same answer. */
  readonly alsoWith: readonly number[];
  /** Problems beside those that any route may answer with. */
  readonly problems: readonly ProblemCode[];
  handle(call: Call<unknown, unknown, unknown>): Promise<unknown>;
}

interface Plan<Q extends z.ZodObject, B extends z.ZodType, I extends z.ZodType, A extends z.ZodType> {
  readonly method: Route['method'];
  readonly path: Route['path'];
  readonly scope: Scope;
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  readonly parts?: Route['parts'];
  readonly query?: Q;
  readonly body?: B;
  readonly bodyOptional?: boolean;
  readonly items?: I;
  readonly answer: A | null;
  readonly alsoWith?: Route['alsoWith'];
  readonly problems?: readonly ProblemCode[];
  handle(call: Call<z.output<Q>, z.output<B>, z.output<I>>): Promise<z.output<A> | Problem | Reply>;
}

/** Makes a line of the table: what its handler is given and answers is checked against what it says it takes and answers. */
export function route<A extends z.ZodType, Q extends z.ZodObject = z.ZodObject, B extends z.ZodType = z.ZodType, I extends z.ZodType = z.ZodType>(plan: Plan<Q, B, I, A>): Route {
  return {
    ...plan,
    description: plan.description ?? '',
    parts: plan.parts ?? {},
    query: plan.query ?? null,
    body: plan.body ?? null,
    bodyOptional: plan.bodyOptional ?? false,
    items: plan.items ?? null,
    alsoWith: plan.alsoWith ?? [],
    problems: plan.problems ?? [],
    handle: (call) => plan.handle(call as Call<z.output<Q>, z.output<B>, z.output<I>>),
  };
}
