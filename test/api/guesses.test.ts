import { expect, test } from 'vitest';
import { createGuesses } from '../../src/api/guesses.ts';

test('what is remembered of guesses is bounded: the oldest address is forgotten first', () => {
  const guesses = createGuesses();
  for (let i = 0; i < 20; i += 1) guesses.wrong('first', `h${i}`, 0);
  expect(guesses.wait('first', 'x', 1)).toBe(59_999);
  for (let i = 0; i < 5_000; i += 1) guesses.wrong(`other ${i}`, 'h', 1);
  expect(guesses.wait('first', 'x', 1)).toBe(0);
});

test('tokens that were let in are remembered up to a bound', () => {
  const guesses = createGuesses();
  guesses.right('mine');
  for (let i = 0; i < 20; i += 1) guesses.wrong('here', `h${i}`, 0);
  expect(guesses.wait('here', 'mine', 1)).toBe(0);
  for (let i = 0; i < 1_000; i += 1) guesses.right(`other ${i}`);
  expect(guesses.wait('here', 'mine', 1)).toBeGreaterThan(0);
});

test('a minute after the first guess the count begins afresh', () => {
  const guesses = createGuesses();
  const told = Array.from({ length: 25 }, (_, i) => guesses.wrong('here', `h${i}`, i));
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(guesses.wait('here', 'x', 59_999)).toBe(1);
  expect(guesses.wait('here', 'x', 60_000)).toBe(0);
  guesses.wrong('here', 'h', 60_000);
  expect(guesses.wait('here', 'x', 60_001)).toBe(0);
});
