import type { Language } from '../syncing/diagnosis.ts';
import { problems } from './problem-codes.ts';
import type { ProblemCode } from './problem-codes.ts';
import { Reply } from './reply.ts';
import { sayFault, sayProblem } from './words.ts';
import type { AnyFault, Values } from './words.ts';

/** Why a request was not done: a value that a route answers with instead of what was asked for. */
export class Problem {
  readonly code: ProblemCode;
  readonly values: Values;
  readonly errors: readonly AnyFault[];
  readonly headers: Readonly<Record<string, string>>;
  /** Why, as a code, where the problem's own code does not say it. */
  readonly why: string | null;
  constructor(code: ProblemCode, more: { readonly values?: Values; readonly errors?: readonly AnyFault[]; readonly headers?: Readonly<Record<string, string>>; readonly why?: string } = {}) {
    this.code = code;
    this.values = more.values ?? {};
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
    this.why = more.why ?? null;
  }
}

/** What every problem's `type` begins with; the code follows. */
export const problemType = 'urn:suivi:problem:';

/** A problem as it is sent: RFC 9457. */
export function problemReply({ code, values, errors, headers, why }: Problem, language: Language): Reply {
  const status = problems[code];
  const { title, detail } = sayProblem(language, code, values);
  const document = { type: `${problemType}${code}`, title, status, detail, ...(why === null ? {} : { why }), ...(errors.length === 0 ? {} : { errors: errors.map((fault) => sayFault(language, fault)) }) };
  return new Reply(status, 'application/problem+json', JSON.stringify(document), headers);
}
