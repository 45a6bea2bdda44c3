import { describe, expect, test } from 'vitest';
import { readMoment } from '../../src/cli/moments.ts';

const now = Date.parse('2026-11-23T10:00:00Z');
const at = (given: string, end = false): string | null => {
  const moment = readMoment(given, now, 'Europe/Paris', end);
  return moment === null ? null : new Date(moment).toISOString();
};

describe('a moment as people type it', () => {
  test.each([
    ['2d', '2026-11-21T10:00:00.000Z'],
    ['2j', '2026-11-21T10:00:00.000Z'],
    ['12h', '2026-11-22T22:00:00.000Z'],
    ['30m', '2026-11-23T09:30:00.000Z'],
    ['1w', '2026-11-16T10:00:00.000Z'],
    ['2 sem', '2026-11-09T10:00:00.000Z'],
    ['2026-11-23', '2026-11-22T23:00:00.000Z'],
    ['23/11/2026', '2026-11-22T23:00:00.000Z'],
    ['3/7/2026', '2026-07-02T22:00:00.000Z'],
    ['2026-11-23T14:30', '2026-11-23T13:30:00.000Z'],
    ['2026-11-23 14:30:15', '2026-11-23T13:30:15.000Z'],
    ['2026-11-23T09:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['2026-11-23T09:00:00+02:00', '2026-11-23T07:00:00.000Z'],
  ])('%s', (given, expected) => expect(at(given)).toBe(expected));

  test('a day means its whole length: its end is the beginning of the next, also where clocks are put back', () => {
    expect(at('2026-11-23', true)).toBe('2026-11-23T23:00:00.000Z');
    expect(at('2026-10-25')).toBe('2026-10-24T22:00:00.000Z');
    expect(at('2026-10-25', true)).toBe('2026-10-25T23:00:00.000Z');
  });

  test.each(['', 'soon', '2x', '-2d', '31/02/2026', '2026-13-01', '2026-11-23T25:00', '11/23/2026', '99999999d', '0001-01-01', '9999-12-31'])('%j is none', (given) => expect(at(given)).toBeNull());
});
