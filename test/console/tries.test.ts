import { expect, test } from 'vitest';
import { minute } from '../../src/runtime/clock.ts';
import { createLine } from '../../src/console/sign-in/line.ts';
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

test('the addresses of one IPv6 network count as one; those of two do not', () => {
  const tries = createTries();
  const same = ['2001:db8:0:1::1', '2001:DB8:0:1:ffff::2', '2001:0db8:0000:0001:0:0:0:3', '2001:db8::1:0:0:0:4'];
  for (let n = 0; n < 10; n += 1) expect(tries.begin(same[n % same.length] ?? '', null, 0)).toBe(0);
  expect(tries.begin('2001:db8:0:1:5::', null, 0)).toBe(15 * minute);
  expect(tries.begin('2001:db8:0:2::1', null, 0)).toBe(0);
  expect(tries.begin('::1', null, 0)).toBe(0);
  expect(tries.begin('::ffff:192.0.2.1', null, 0)).toBe(0);
});

test('few passwords are looked at at once; some wait, and the others are turned away', async () => {
  const line = createLine(2, 3);
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<number>());
  const begun: number[] = [];
  const taken = gates.map(({ promise }, n) => line.take(() => (begun.push(n), promise)));
  expect(await taken[5]).toBeNull();
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('no'));
  await expect(taken[1]).rejects.toThrow('no');
  for (const [n, { resolve }] of gates.entries()) resolve(n);
  expect(await Promise.all(taken.filter((_, n) => n !== 1))).toEqual([0, 2, 3, 4, null]);
  expect(await line.take(() => Promise.resolve(7))).toBe(7);
});
