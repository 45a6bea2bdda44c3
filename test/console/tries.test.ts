import { expect, test } from 'vitest';
import { minute } from '../../src/runtime/clock.ts';
import { createTries } from '../../src/console/sign-in/tries.ts';

test('fifty wrong tries for one name hold it up, from wherever they came; others still come in', () => {
  const tries = createTries();
  for (let n = 0; n < 50; n += 1) expect(tries.begin(`192.0.2.${Math.floor(n / 9)}`, 'claire', 0)).toBe(0);
  expect(tries.begin('198.51.100.1', 'claire', minute)).toBe(14 * minute);
  expect(tries.begin('198.51.100.1', 'marc', minute)).toBe(0);
  expect(tries.begin('198.51.100.2', 'claire', 15 * minute)).toBe(0);
});

test('a right one forgives the address, and is not charged to the name', () => {
  const tries = createTries();
  for (let round = 0; round < 60; round += 1) {
    expect(tries.begin('192.0.2.1', 'claire', 0)).toBe(0);
    tries.right('192.0.2.1', 'claire');
  }
  for (let n = 0; n < 9; n += 1) tries.begin('192.0.2.1', 'marc', 0);
  tries.begin('192.0.2.1', 'claire', 0);
  tries.right('192.0.2.1', 'claire');
  expect(tries.begin('192.0.2.1', 'marc', 0)).toBe(0);
});

test('half of what is asked for forgives nothing: whoever knows a password cannot guess codes for ever', () => {
  const tries = createTries();
  for (let n = 0; n < 10; n += 1) {
    expect(tries.begin('192.0.2.1', 'claire', 0)).toBe(0);
    tries.half('192.0.2.1', 'claire');
    expect(tries.begin('192.0.2.1', null, 0)).toBe(0);
  }
  expect(tries.begin('192.0.2.1', null, 0)).toBe(15 * minute);
  expect(tries.begin('192.0.2.2', null, 0)).toBe(0);
});
