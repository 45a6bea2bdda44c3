import { describe, expect, it } from 'vitest';
import { speak } from '../../src/language/speak.ts';

const fr = speak('fr');
const en = speak('en');
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const at = Date.parse('2026-11-23T13:31:52Z');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('an instant', () => {
  it('is shown in the time zone that is asked for', () => {
    expect(plain(fr.formatInstant(at, 'Europe/Paris'))).toBe('23 nov. 2026, 14:31');
    expect(plain(fr.formatInstant(at, 'UTC'))).toBe('23 nov. 2026, 13:31');
    expect(plain(fr.formatInstant(at, 'America/Martinique', 'time'))).toBe('09:31:52');
    expect(en.formatInstant(at, 'Europe/Paris')).toBe('23 Nov 2026, 14:31');
  });

  it('belongs to the day that it has there', () => {
    const midnight = Date.parse('2026-11-23T23:30:00Z');
    expect(fr.formatInstant(midnight, 'Europe/Paris', 'day')).toBe('24 novembre 2026');
    expect(fr.formatInstant(midnight, 'UTC', 'day')).toBe('23 novembre 2026');
  });

  it('follows the clocks in spring and autumn', () => {
    expect(['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-10-25T00:59:59Z', '2026-10-25T01:00:00Z'].map((iso) => fr.formatInstant(Date.parse(iso), 'Europe/Paris', 'time'))).toEqual(['01:59:59', '03:00:00', '02:59:59', '02:00:00']);
  });

  it('for a proof says its zone, so that an hour that comes twice is still one', () => {
    expect(plain(fr.formatInstant(Date.parse('2026-10-25T00:30:00Z'), 'Europe/Paris', 'exact'))).toBe('25 octobre 2026 à 02:30:00 UTC+2');
    expect(plain(fr.formatInstant(Date.parse('2026-10-25T01:30:00Z'), 'Europe/Paris', 'exact'))).toBe('25 octobre 2026 à 02:30:00 UTC+1');
  });
});

describe('money', () => {
  it('is set as the language does', () => {
    expect(plain(fr.formatMoney('4812.4', 'EUR'))).toBe('4 812,40 €');
    expect(en.formatMoney('4812.4', 'EUR')).toBe('€4,812.40');
    expect(plain(fr.formatMoney('-5', 'GBP'))).toBe('-5,00 £GB');
  });

  it('keeps every digit, however many there are', () => {
    expect(plain(fr.formatMoney('9007199254740993.10', 'EUR'))).toBe('9 007 199 254 740 993,10 €');
  });

  it('has the currency’s own number of digits', () => {
    expect(plain(fr.formatMoney('1200', 'JPY'))).toBe('1 200 JPY');
  });

  it('without a currency is a number, and what is no number stays as it is', () => {
    expect(plain(fr.formatMoney('1234.5', null))).toBe('1 234,50');
    expect(fr.formatMoney('1234.5', 'euros')).toBe(fr.formatMoney('1234.5', null));
    expect(fr.formatMoney('49,90', 'EUR')).toBe('49,90');
    expect(fr.formatMoney('', 'EUR')).toBe('');
  });
});

describe('a length of time', () => {
  it.each([
    [0, '0 s'],
    [400, '0 s'],
    [600, '1 s'],
    [42_000, '42 s'],
    [59_700, '1 min'],
    [90_000, '1 min 30 s'],
    [23 * minute, '23 min'],
    [2 * hour + 32 * minute + 40_000, '2 h 33 min'],
    [hour - 300, '1 h'],
    [2 * hour, '2 h'],
    [day - 20_000, '1 j'],
    [day + 21 * hour + 29 * minute, '1 j 21 h'],
    [2 * day - minute, '2 j'],
    [-90_000, '1 min 30 s'],
  ])('%d ms is %s', (length, expected) => {
    expect(plain(fr.formatDuration(length))).toBe(expected);
  });

  it('never breaks in the middle', () => {
    expect(fr.formatDuration(2 * hour + 32 * minute)).not.toContain(' ');
  });
});

describe('a ship-by', () => {
  it('says what is left, or how late it is', () => {
    expect(plain(fr.deadline(at + 23 * minute, at))).toBe('dans 23 min');
    expect(plain(fr.deadline(at - (2 * hour + 32 * minute), at))).toBe('en retard de 2 h 32 min');
    expect(plain(fr.deadline(at, at))).toBe('dans 0 s');
    expect(plain(en.deadline(at - hour, at))).toBe('1 hr late');
  });
});
