import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { pickLanguage } from '../../src/language/pick-language.ts';

describe('the language of a browser', () => {
  it.each([
    ['fr', 'fr'],
    ['fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7', 'fr'],
    ['en-US,en;q=0.9,fr;q=0.8', 'en'],
    ['fr;q=0.1, en;q=0.9', 'en'],
    ['en;q=0, fr;q=0.1', 'fr'],
    ['de-DE,de;q=0.9,fr;q=0.3', 'fr'],
    ['de-DE,de;q=0.9', 'en'],
    ['frr', 'en'],
    ['FR-ca', 'fr'],
    ['*', 'fr'],
    ['de, *;q=0.5', 'fr'],
    ['*;q=0.1, en;q=0.5', 'en'],
    ['en;q=abc', 'en'],
    ['en;q=0', 'fr'],
    ['en;level=1;q=0.2, fr;q=0.3', 'fr'],
    [';q=1', 'fr'],
    [',,,', 'fr'],
  ])('%j is %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });
});

describe('the language of a shell', () => {
  it.each([
    ['fr_FR.UTF-8', 'fr'],
    ['fr_CA@euro', 'fr'],
    ['en_GB.UTF-8', 'en'],
    ['C', 'en'],
    ['C.UTF-8', 'en'],
    ['POSIX', 'en'],
    ['de_DE.UTF-8', 'en'],
    ['de:fr:en', 'fr'],
    ['', 'fr'],
    ['  ', 'fr'],
  ])('%j is %s', (lang, language) => {
    expect(pickLanguage(lang)).toBe(language);
  });
});

describe('nothing', () => {
  it.each([null, undefined])('%s is French', (given) => {
    expect(pickLanguage(given)).toBe('fr');
  });
});

it('is always French or English, and quick, whatever is sent', () => {
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (header) => ['fr', 'en'].includes(pickLanguage(header))));
  expect(pickLanguage(`${'de;q=0.5,'.repeat(200_000)}fr`)).toBe('en');
});
