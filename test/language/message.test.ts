import { describe, expect, it } from 'vitest';
import { message, quoted } from '../../src/language/message.ts';

describe('a value that somebody gave', () => {
  it.each([
    ['abcde', 5, 'abcde'],
    ['abcdef', 5, 'abcd…'],
    ['éèêëà😀', 6, 'éèêëà😀'],
    ['😀😀😀', 2, '😀…'],
    ['  a\n\n b ', 9, 'a  b'],
    ['a\u202eb\u200bc', 9, 'abc'],
    ['\ud800', 9, '\ufffd'],
    ['\n', 9, ''],
  ])('%j in %d characters is %j', (value, longest, expected) => {
    expect(quoted(value, longest)).toBe(expected);
  });
});

describe('a message', () => {
  it('counts as each language does: nothing is one in French, many in English', () => {
    const pattern = '{n, plural, one {# colis} other {# parcels}}';
    expect(message('fr', pattern, { n: 0 })).toBe('0 colis');
    expect(message('en', pattern, { n: 0 })).toBe('0 parcels');
    expect(message('fr', pattern, { n: 1.5 })).toBe('1,5 colis');
  });

  it('is not confused with the same pattern in the other language', () => {
    expect([message('fr', '{n, number}', { n: 1234.5 }).replace(/\s/u, ' '), message('en', '{n, number}', { n: 1234.5 })]).toEqual(['1 234,5', '1,234.5']);
  });
});
