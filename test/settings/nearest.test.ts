import { describe, expect, it } from 'vitest';
import { nearest, nearestWord } from '../../src/settings/nearest.ts';

const known = ['mode', 'region', 'refreshToken', 'clientSecret', 'sellerId'];

describe('the nearest known name', () => {
  it.each([
    ['mod', 'mode'],
    ['MODE', 'mode'],
    ['regoin', 'region'],
    ['refesh_token', 'refreshToken'],
    ['sellerID', 'sellerId'],
    ['colour', null],
    ['', null],
  ])('of %j is %j', (name, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it('forgives two neighbours that are swapped as one slip', () => {
    expect(nearest('SUIVI_LITSNE', ['SUIVI_LISTEN'], 2)).toBe('SUIVI_LISTEN');
    expect(nearest('SUIVI_LXXXEN', ['SUIVI_LISTEN'], 2)).toBeNull();
  });

  it('is the first of those that are equally near, and none of none', () => {
    expect(nearest('mod', ['mode', 'modi'])).toBe('mode');
    expect(nearest('mode', [])).toBeNull();
  });

  it('is found in a moment, however long the name is', () => {
    const started = performance.now();
    expect(nearest('x'.repeat(1_000_000), known, 2)).toBeNull();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is put into words only where there is one', () => {
    expect(nearestWord('mod', known)).toBe('; the nearest known name is "mode"');
    expect(nearestWord('colour', known)).toBe('');
  });
});
