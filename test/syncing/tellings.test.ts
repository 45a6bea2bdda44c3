import { expect, test } from 'vitest';
import { absencesUpTo, tellingOf } from '../../src/syncing/tellings.ts';

const intent = (attempt: number, step: 'send' | 'check' | null) => ({ kind: 'intent', attempt, what: 'confirmShipment', body: step === null ? null : { step } });
const outcome = (attempt: number, what: string) => ({ kind: 'outcome', attempt, what, body: null });

// A telling whose answer was lost, two looks that find nothing, and the telling again.
const lost = [intent(1, 'send'), outcome(1, 'unknown'), intent(2, 'check'), outcome(2, 'absent'), intent(3, 'check'), outcome(3, 'absent'), intent(4, 'send'), outcome(4, 'accepted')];

test('looks are no tellings: the fourth attempt is the second time that it was told', () => {
  expect([1, 2, 3, 4, 5].map((attempt) => tellingOf(lost, attempt))).toEqual([1, null, null, 2, null]);
});

test('where the body was erased, an outcome that only a look has tells it apart', () => {
  const erased = lost.map((entry) => ({ ...entry, body: null }));
  expect([1, 2, 3, 4].map((attempt) => tellingOf(erased, attempt))).toEqual([1, null, null, 2]);
});

test('the first absence is one, the second in a row is two, and whatever lies between them begins anew', () => {
  expect([2, 3].map((attempt) => absencesUpTo(lost, attempt))).toEqual([1, 2]);
  expect(absencesUpTo([outcome(1, 'absent'), outcome(2, 'unavailable'), outcome(3, 'absent')], 3)).toBe(1);
});
