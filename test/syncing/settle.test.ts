import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import type { Outcome } from '../../src/syncing/outcome.ts';
import { settle } from '../../src/syncing/settle.ts';
import type { Attempted, Moment } from '../../src/syncing/settle.ts';

const patience = { settle: minute, readBack: 5 * minute };
const now = 1_000_000_000_000;
const moment: Moment = { now, chance: 0.5, probing: false, sweptUntil: null };
const looked: Attempted = { step: 'check', readBack: false, unsettled: false, failures: 0, absents: 0, reference: null, before: null, uselessAfter: now + 1, again: 'edit', acceptedAt: null };
const role: Outcome = { kind: 'unauthorized', what: 'role', cause: 'amazon/role-missing', evidence: null };

describe('a look that is not allowed', () => {
  test('after our own telling, where telling again is an edit of it: it is told again, after its backoff', () => {
    const next = settle({ ...looked, unsettled: true, failures: 1 }, role, patience, moment);
    expect(next).toMatchObject({ status: 'delayed', step: 'send', unsettled: true });
    expect(next.dueAt).toBeGreaterThan(now + 10 * second);
  });

  test.each([
    ['where telling again makes it twice', { again: 'twice', unsettled: true } as const],
    // After a restore: it may have been told under another reference, of which we know nothing.
    ['before our own telling', { again: 'edit', unsettled: false } as const],
  ])('%s: nothing is told until it is', (_, of) => {
    expect(settle({ ...looked, ...of }, role, patience, moment)).toMatchObject({ status: 'ready', step: 'check', unsettled: of.unsettled });
  });
});

describe('reading back what was accepted', () => {
  const accepted: Attempted = { ...looked, readBack: true, acceptedAt: now - minute };

  test.each([
    { kind: 'unavailable', cause: 'a/b', evidence: null },
    { kind: 'unknown', cause: 'a/b', evidence: null },
  ] as const)('is tried again after a while when it fails ($kind): nothing hangs on it', (outcome) => {
    const next = settle(accepted, outcome, patience, moment);
    expect(next).toMatchObject({ status: 'accepted', step: 'check', failures: 0 });
    expect(next.dueAt).toBeGreaterThanOrEqual(now + patience.readBack);
  });

  test.each([
    { kind: 'throttled', retryAfter: null, evidence: null },
    { kind: 'interrupted', evidence: null },
    { kind: 'unauthorized', what: 'credentials', cause: 'a/b', evidence: null },
  ] as const)('is no failure where it could not be read ($kind)', (outcome) => {
    expect(settle(accepted, outcome, patience, { ...moment, sweptUntil: now })).toMatchObject({ status: 'accepted', dueAt: now + patience.readBack, failures: 0 });
  });

  test('a whole sweep must lie past the acceptance and its lag, to the moment, before it counts as missing', () => {
    const absent: Outcome = { kind: 'absent', seen: [], evidence: null };
    const at = (sweptUntil: number): string => settle(accepted, absent, patience, { ...moment, sweptUntil }).status;
    const lag = (accepted.acceptedAt ?? 0) + patience.settle;
    expect([at(lag - 1), at(lag)]).toEqual(['accepted', 'in-doubt']);
  });
});
