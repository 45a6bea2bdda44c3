import { describe, expect, it } from 'vitest';
import { alike, stateFaults } from '../../src/orders/order-state.ts';
import type { StateDraft } from '../../src/orders/order-state.ts';
import { draft } from './made.ts';

const texts = { name: 'Nom', comment: '', sms: '' };
const faultsOf = (more: Partial<StateDraft>, others: readonly string[] = []): string[] => stateFaults(draft(more), others.map((mnemonic) => ({ mnemonic }))).map(({ field, code }) => `${field} ${code}`);

describe('a definition', () => {
  it('is saved as it is where nothing is wrong', () => {
    expect(stateFaults(draft(), [])).toEqual([]);
  });

  it('is told everything that is wrong with it at once', () => {
    expect(faultsOf({ mnemonic: '', colour: 'vert', graceS: -1, texts: {} })).toEqual(['mnemonic required', 'colour colour', 'graceS out-of-range', 'texts.fr required']);
  });
});

describe('a mnemonic name', () => {
  it('has at most 16 characters', () => {
    expect(faultsOf({ mnemonic: 'ABCDEFGHIJKLMNOP' })).toEqual([]);
    expect(stateFaults(draft({ mnemonic: 'ABCDEFGHIJKLMNOPQ' }), [])).toEqual([{ code: 'too-long', field: 'mnemonic', found: 'ABCDEFGHIJKLMNOPQ', limit: 16 }]);
  });

  it('is counted in characters, not in the units a computer stores them in', () => {
    expect(faultsOf({ mnemonic: '𝐀'.repeat(16) })).toEqual([]);
    expect(faultsOf({ mnemonic: '𝐀'.repeat(17) })).toEqual(['mnemonic too-long']);
  });

  it('is counted without the blanks around it', () => {
    expect(faultsOf({ mnemonic: ' ABCDEFGHIJKLMNOP ' })).toEqual([]);
  });

  it.each(['LIVRÉE', 'EXP-COLISSIMO', 'RETARD-FOURN.', 'A+B', 'J_2'])('may be %s', (mnemonic) => {
    expect(faultsOf({ mnemonic })).toEqual([]);
  });

  it.each(['EN ROUTE', 'A/B', 'A;B', '<b>', "D'ICI", 'A"B', 'A,B', 'A\u200bB'])('may not be %s', (mnemonic) => {
    expect(faultsOf({ mnemonic })).toEqual(['mnemonic mnemonic-characters']);
  });

  it.each(['   ', '\t'])('may not be blank', (mnemonic) => {
    expect(faultsOf({ mnemonic })).toEqual(['mnemonic required']);
  });

  it('is taken whatever its case, and with blanks around it', () => {
    expect(faultsOf({ mnemonic: 'livree' }, ['EXPEDIEE', 'LIVREE'])).toEqual(['mnemonic mnemonic-taken']);
    expect(faultsOf({ mnemonic: ' LIVREE' }, ['LIVREE'])).toEqual(['mnemonic mnemonic-taken']);
    expect(faultsOf({ mnemonic: 'LIVREE2' }, ['LIVREE'])).toEqual([]);
  });
});

describe('names that a reader could take for one another', () => {
  const others = ['EXPEDIEE', 'LIVREE', 'ANNULEE', 'OK'].map((mnemonic) => ({ mnemonic }));
  it.each([
    ['EXPÉDIÉE', ['EXPEDIEE']],
    ['EXP-EDIEE', ['EXPEDIEE']],
    ['EXPEDIE', ['EXPEDIEE']],
    ['EXPEDIEES', ['EXPEDIEE']],
    ['LIVREZ', ['LIVREE']],
    ['livree', ['LIVREE']],
    ['KO', []],
    ['EXPEDIEE_PART', []],
    ['LIVREE', []],
  ])('%s is pointed out beside %j', (name, expected) => {
    expect(alike(name, others)).toEqual(expected);
  });
});

describe('texts', () => {
  it('are there in French or English at least', () => {
    expect(faultsOf({ texts: { fr: texts } })).toEqual([]);
    expect(faultsOf({ texts: { en: texts } })).toEqual([]);
    expect(faultsOf({ texts: { de: texts, en: texts } })).toEqual([]);
    expect(faultsOf({ texts: { de: texts } })).toEqual(['texts.fr required']);
  });

  it('have a name in each language', () => {
    expect(faultsOf({ texts: { fr: texts, en: { ...texts, name: ' ' } } })).toEqual(['texts.en.name required']);
  });

  it.each(['FR', 'fra', 'f', 'fr-FR', ''])('stand under a language code of two letters, not %j', (language) => {
    expect(faultsOf({ texts: { fr: texts, [language]: texts } })).toEqual([`texts.${language} language`]);
  });

  it('have a longest length each', () => {
    expect(faultsOf({ texts: { fr: { name: 'é'.repeat(80), comment: 'é'.repeat(4_000), sms: 'é'.repeat(640) } } })).toEqual([]);
    expect(faultsOf({ texts: { fr: { name: 'é'.repeat(81), comment: 'é'.repeat(4_001), sms: 'é'.repeat(641) } } })).toEqual(['texts.fr.name too-long', 'texts.fr.comment too-long', 'texts.fr.sms too-long']);
  });
});

describe('a colour', () => {
  it.each(['#2e7d5b', '#ABCDEF'])('may be %s', (colour) => {
    expect(faultsOf({ colour })).toEqual([]);
  });
  it.each(['#fff', 'red', '2e7d5b', '#2e7d5g', '#2e7d5b80', '#2e7d5b\n'])('may not be %j', (colour) => {
    expect(faultsOf({ colour })).toEqual(['colour colour']);
  });
});

describe('a grace', () => {
  it.each([0, 60, 3_600])('may be %d seconds', (graceS) => {
    expect(faultsOf({ graceS })).toEqual([]);
  });
  it.each([-1, 3_601, 1.5, NaN, Infinity])('may not be %d', (graceS) => {
    expect(faultsOf({ graceS })).toEqual(['graceS out-of-range']);
  });
});
