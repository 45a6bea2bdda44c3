import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/marketplaces/amazon/causes.ts';
import { NoAnswer } from '../../../src/runtime/http.ts';
import type { HttpAnswer, Transport } from '../../../src/runtime/http.ts';
import { accessToken, connected, france, permits, secrets, start, withoutSecrets } from './setup.ts';

const hostile = fc.oneof(
  fc.string(),
  fc.json(),
  fc.constantFrom('{"errors":[{"code":"InvalidInput","message":"x"}]}', '{"message":"Forbidden"}', '<html>', '{"errors":', 'null', '[]', '""', '0', '{"orders":[{}]}', '{"order":{}}'),
  fc.constantFrom(...secrets, france.clientId).map((secret) => `{"errors":[{"code":"x","message":"${secret}","details":"${encodeURIComponent(secret)}"}]}`),
);
const status = fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(200, 204, 400, 401, 403, 404, 413, 415, 429, 500, 503));
const headers = fc.dictionary(fc.constantFrom('date', 'retry-after', 'x-amzn-requestid', 'x-amzn-ratelimit-limit'), fc.oneof(fc.string(), fc.constantFrom('Mon, 23 Nov 2026 09:13:30 GMT', '120', '-1', '2.0', 'NaN', accessToken)));

const answers: fc.Arbitrary<HttpAnswer | NoAnswer> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ status, headers, body: hostile.map((text) => new Uint8Array(Buffer.from(text))) }) },
  { weight: 1, arbitrary: fc.record({ status, headers, body: fc.uint8Array({ maxLength: 64 }) }) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('ECONNRESET', 'ENOTFOUND', 'TypeError'), fc.boolean()).map(([code, sent]) => new NoAnswer(code, sent)) },
);

/** Grants a token, then answers what comes next from the list, then no more. */
function saying(list: readonly (HttpAnswer | NoAnswer)[], grant: boolean): { transport: Transport; calls: () => number } {
  let calls = 0;
  const rest = [...list];
  const transport: Transport = (request) => {
    if (grant && request.url.endsWith('/auth/o2/token')) return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(JSON.stringify({ access_token: accessToken, expires_in: 3600 })) });
    calls += 1;
    const next = rest.shift() ?? new NoAnswer('ENOTFOUND', false);
    return next instanceof NoAnswer ? Promise.reject(next) : Promise.resolve(next);
  };
  return { transport, calls: () => calls };
}

/** The outcomes that this answer may lead to. */
function settledFor(answer: HttpAnswer | NoAnswer | undefined): readonly string[] {
  if (answer === undefined) return ['unavailable'];
  if (answer instanceof NoAnswer) return answer.sent ? ['unknown'] : ['unavailable'];
  if (answer.status >= 500 || answer.status < 400) return answer.status === 204 ? ['accepted'] : ['unknown'];
  return answer.status === 429 ? ['throttled'] : ['unknown', 'rejected', 'unauthorized'];
}

const known = new Set<string>(causes);

describe('whatever is answered', () => {
  it('a confirmation is accepted on 204 alone, ends in one outcome, and tells no secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 2 }), async (list) => {
        const { transport, calls } = saying(list, true);
        const outcome = await connected({ transport }).send({}, permits(1));
        const decisive = list[calls() - 1];
        expect(outcome.kind === 'accepted').toBe(decisive !== undefined && !(decisive instanceof NoAnswer) && decisive.status === 204);
        expect('cause' in outcome ? outcome.cause : 'amazon/refused').toSatisfy((cause: string) => known.has(cause));
        // A second call only where the first was refused for its token, before anything was done.
        const [first] = list;
        const refusedFirst = first !== undefined && !(first instanceof NoAnswer) && (first.status === 401 || first.status === 403);
        expect(calls()).toBeLessThanOrEqual(refusedFirst ? 2 : 1);
        // What Amazon itself neither accepted nor refused is never taken for settled.
        expect(settledFor(decisive)).toContain(outcome.kind);
      }),
      { numRuns: 600 },
    );
  });

  it('a look, a sweep and a single read give a value, and tell no secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 4, maxLength: 8 }), async (list) => {
        const { transport } = saying(list, true);
        const amazon = connected({ transport });
        const looked = await amazon.check({}, permits(1));
        expect(looked.kind).not.toBe('accepted');
        expect(looked.kind).not.toBe('absent');
        await amazon.changed(start - 1);
        await amazon.order();
        await amazon.examine();
      }),
      { numRuns: 300 },
    );
  });

  it('an exchange of tokens never throws, never loops, and never leads to a call without a token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 3 }), async (list) => {
        const { transport, calls } = saying(list, false);
        const outcome = withoutSecrets(await connected({ transport }).send({}, permits(1)));
        expect(['unavailable', 'unauthorized', 'throttled']).toContain(outcome.kind);
        expect(calls()).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});
