import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { faultCodes } from '../../src/orders/fault.ts';
import type { Fault } from '../../src/orders/fault.ts';
import { stateTypes } from '../../src/orders/order-state.ts';
import { payments, publications } from '../../src/orders/order.ts';
import { operations } from '../../src/planning/operation.ts';
import { warningCodes } from '../../src/planning/preflight.ts';
import { buttons, languages } from '../../src/syncing/diagnosis.ts';
import { verbs } from '../../src/syncing/rerun.ts';
import { statuses } from '../../src/syncing/status.ts';
import { capital, speak } from '../../src/language/speak.ts';
import { words as wordsEn } from '../../src/language/en/words.ts';
import { faults as faultsEn } from '../../src/language/en/faults.ts';
import { warnings as warningsEn } from '../../src/language/en/warnings.ts';
import { words as wordsFr } from '../../src/language/fr/words.ts';
import { faults as faultsFr } from '../../src/language/fr/faults.ts';
import { warnings as warningsFr } from '../../src/language/fr/warnings.ts';
import { frenchFaults } from '../config/french.ts';

const fr = speak('fr');
const en = speak('en');
/** Breaking and no-break spaces alike: what the words are, not how they are set. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('a fault', () => {
  it('names the field, what was found there, and what to do', () => {
    const fault: Fault = { code: 'quantity-over-left', field: 'parcels[0].lines[0].quantity', found: '3', limit: 2 };
    expect(plain(fr.fault(fault))).toBe('parcels[0].lines[0].quantity : 3 demandés, il en reste 2 à expédier. Corrigez la quantité.');
    expect(en.fault(fault)).toBe('parcels[0].lines[0].quantity: 3 asked for, 2 are left to ship. Correct the quantity.');
    expect(plain(fr.mend(fault))).toBe('3 demandés, il en reste 2 à expédier. Corrigez la quantité.');
  });

  it('counts as the language counts', () => {
    const fault = (found: string, limit: number): Fault => ({ code: 'quantity-over-left', field: 'q', found, limit });
    expect(plain(fr.mend(fault('1', 0)))).toBe('1 demandé, il n’en reste aucun à expédier. Corrigez la quantité.');
    expect(en.mend(fault('2', 1))).toBe('2 asked for, 1 is left to ship. Correct the quantity.');
    expect(en.mend(fault('2', 0))).toBe('2 asked for, none is left to ship. Correct the quantity.');
    expect(plain(fr.mend({ code: 'too-long', field: 'comment', limit: 4_000 }))).toBe('texte trop long. Raccourcissez-le à 4 000 caractères au plus.');
    expect(plain(fr.mend({ code: 'lines-in-parcel', field: 'lines', found: 'A', limit: 1 }))).toContain('pour 1 unité.');
  });

  it('names what would be right, where that is known', () => {
    expect(plain(fr.mend({ code: 'unknown-state', field: 'state', found: 'EXPEDIE', expected: 'EXPEDIEE, LIVREE' }))).toBe('aucun état d’avancement ne s’appelle « EXPEDIE ». États disponibles : EXPEDIEE, LIVREE.');
    expect(plain(fr.mend({ code: 'unknown-state', field: 'state', found: 'EXPEDIE' }))).toBe('aucun état d’avancement ne s’appelle « EXPEDIE ». Vérifiez son nom mnémonique.');
    expect(plain(fr.mend({ code: 'text-braces', field: 'comment' }))).toContain('{{order}}');
  });

  const everything = faultCodes.flatMap((code): Fault[] => [
    { code, field: 'f' },
    { code, field: 'f', found: '3' },
    { code, field: 'f', found: '3', expected: 'x' },
    { code, field: 'f', found: '3', limit: 2 },
    { code, field: 'f', found: '3', min: 0, max: 3_600 },
  ]);

  it.each(languages)('has words for every code in %s, whatever it knows', (language) => {
    for (const fault of everything) {
      const text = speak(language).fault(fault);
      expect(text).toMatch(/^f\u00a0?: \S.{10,}$/u);
      expect(text.replace('{{order}}', '')).not.toMatch(/undefined|NaN|null|[{}]|[«“]\s*[»”]/u);
      // At least what is wrong, and what to do about it.
      expect(text.split(/[.:](?:\s|$)/).length).toBeGreaterThan(2);
    }
  });

  it('quotes nobody’s tricks: no line breaks, no control or direction marks, nothing endless', () => {
    const trick = `a\n\r\t\u001b[31m\u0000\u202e\u2066b\u2028c\u200d${'x'.repeat(500)}\ud800`;
    const text = fr.fault({ code: 'unknown-order', field: 'order\n[2J', found: trick });
    expect(text).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u);
    expect(text.length).toBeLessThan(260);
    expect(text).toContain('…');
  });

  it('takes what was given as text: braces, tags and apostrophes are shown as they are', () => {
    expect(en.mend({ code: 'unknown-order', field: 'order', found: "{found, plural, <b>'{x}'</b> #" })).toBe("no order has the number “{found, plural, <b>'{x}'</b> #”. Check the number and the seller account.");
  });

  it('never fails, whatever was given', () => {
    const given = fc.record({ code: fc.constantFrom(...faultCodes), field: fc.string(), found: fc.string({ unit: 'binary' }), expected: fc.string(), limit: fc.integer(), min: fc.integer(), max: fc.integer() }, { requiredKeys: ['code', 'field'] });
    fc.assert(
      fc.property(given, fc.constantFrom(...languages), (fault, language) => {
        const text = speak(language).fault(fault);
        expect(text.length).toBeGreaterThan(10);
        expect(text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('a warning', () => {
  it('says what was found', () => {
    expect(plain(fr.warning({ code: 'carrier-unknown', parcel: 1, found: 'Delivengo' }))).toBe('« Delivengo » n’a pas encore de code auprès de cette place de marché : la confirmation attendra que vous l’ayez relié.');
    expect(plain(fr.warning({ code: 'carrier-unknown', parcel: 1 }))).toMatch(/^Ce transporteur n’a pas/);
    expect(plain(fr.warning({ code: 'units-left', parcel: null, found: '1' }))).toMatch(/^Il reste 1 unité à expédier/);
    expect(plain(fr.warning({ code: 'units-left', parcel: null, found: '12' }))).toMatch(/^Il reste 12 unités à expédier/);
    expect(en.warning({ code: 'units-left', parcel: null, found: '1' })).toMatch(/^1 unit is left/);
  });

  it.each(languages)('has words for every code in %s', (language) => {
    for (const code of warningCodes) {
      for (const found of [{}, { found: '3' }]) expect(speak(language).warning({ code, parcel: null, ...found })).toMatch(/^[\p{Lu}«“\d].{15,}\.$/u);
    }
  });
});

describe('statuses', () => {
  // engine.md: what people see.
  it.each([
    ['ready', 'en attente'],
    ['delayed', 'en attente'],
    ['blocked', 'en attente'],
    ['held', 'à compléter'],
    ['sending', 'en cours'],
    ['submitted', 'en cours'],
    ['checking', 'en cours'],
    ['accepted', 'acceptée'],
    ['confirmed', 'vérifiée'],
    ['in-doubt', 'à trancher'],
    ['rejected', 'en échec'],
    ['exhausted', 'en échec'],
    ['skipped', 'sans objet'],
    ['superseded', 'sans objet'],
    ['cancelled', 'abandonnée'],
  ] as const)('%s is %s', (status, word) => {
    expect(fr.status(status)).toBe(word);
  });

  it.each(languages)('have each an exact word too in %s, none like another', (language) => {
    const exact = statuses.map((status) => speak(language).exactStatus(status));
    expect(new Set(exact).size).toBe(statuses.length);
  });
});

describe('the vocabulary', () => {
  it('of Types is the table’s', () => {
    expect(stateTypes.map((type) => fr.type(type))).toEqual(['Aucun (usage interne)', 'Commande validée', 'Commande expédiée', 'Commande partiellement expédiée', 'Commande annulée', 'Commande remboursée', 'Prête en magasin', 'Retirée', 'Refusée au retrait', 'Facture émise', 'Commande livrée']);
  });

  it('of verbs never confuses an order with a sync, nor sending with sending back', () => {
    expect(verbs.map((verb) => fr.verb(verb))).toEqual(['relancer la synchronisation', 'envoyer à nouveau', 'clore à la main', 'abandonner la synchronisation']);
    expect(fr.operation('cancel-order')).toBe('annuler la commande');
    expect(fr.operation('nothing')).toBe('aucune');
  });

  it('of channels, indicators and the rest', () => {
    expect([null, 'amazon', 'ebay'].map((marketplace) => fr.channel(marketplace))).toEqual(['boutique', 'Amazon', 'eBay']);
    expect(['to-prepare', 'to-deliver', 'delivered', 'in-dispute'].map((indicator) => fr.indicator(indicator))).toEqual(['à préparer', 'à livrer', 'livrée', 'en litige']);
    expect(payments.map((payment) => fr.payment(payment))).toEqual(['en cours', 'confirmé', 'refusé', 'annulé', 'remboursé']);
    expect(publications.map((publication) => fr.publication(publication))).toEqual(['selon la règle', 'toujours', 'jamais']);
    expect(operations.map((operation) => fr.operation(operation)).every((word) => word.length > 5)).toBe(true);
    expect(buttons.map((button) => fr.button(button)).every((word) => word.length > 5)).toBe(true);
  });

  it('leaves a merchant’s own indicator, and a code of a later version, as they are', () => {
    expect(fr.indicator('à peindre')).toBe('à peindre');
    expect(fr.indicator('toString')).toBe('toString');
    expect(fr.channel('cdiscount')).toBe('cdiscount');
    expect(en.fault({ code: 'of-tomorrow' as Fault['code'], field: 'lines' })).toBe('lines: of-tomorrow');
    expect(en.warning({ code: 'constructor' as 'units-left', parcel: null })).toBe('constructor');
  });

  it('uses no word that the vocabulary forbids', () => {
    const texts = [...Object.values(faultsFr), ...Object.values(warningsFr), ...Object.values(wordsFr).flatMap((group) => Object.values(group))];
    for (const text of texts) expect(text).not.toMatch(/destinataire|renvoyer|\blivraison\b|relanc(?!e qui)(?!er la synchronisation)/i);
  });
});

describe('both languages', () => {
  it('have the same words to find', () => {
    const keys = (words: object): unknown => Object.entries(words).map(([key, value]) => [key, typeof value === 'object' ? Object.keys(value as object) : null]);
    expect(keys(wordsEn)).toEqual(keys(wordsFr));
    expect(keys(faultsEn)).toEqual(keys(faultsFr));
    expect(keys(warningsEn)).toEqual(keys(warningsFr));
  });

  it('are not the same language', () => {
    const english: readonly string[] = [...Object.values(faultsEn), ...Object.values(warningsEn)];
    expect([...Object.values(faultsFr), ...Object.values(warningsFr)].filter((text) => english.includes(text))).toEqual([]);
  });

  it('are set as they should be', () => {
    for (const text of [...Object.values(faultsFr), ...Object.values(warningsFr), ...Object.values(wordsFr).flatMap((group) => Object.values(group))]) {
      // Braces and their insides are the pattern's, not the reader's.
      expect(frenchFaults(text.replace(/\{(\w+)\}/g, 'x').replace(/\{\w+, (select|plural),?|\b(yes|other|one|=0) (?=\{)|[{}#]/g, ' ').replace(/ +/g, ' ').trim()).filter((fault) => !fault.startsWith('a space'))).toEqual([]);
    }
    for (const text of [...Object.values(faultsEn), ...Object.values(warningsEn)]) expect(text).not.toMatch(/'|[\u00a0\u202f«»]| [;:!?]/);
  });
});

describe('a word at the beginning of a line', () => {
  it.each([['à compléter', 'À compléter'], ['en échec', 'En échec'], ['« x »', '« x »'], ['', ''], ['éteint', 'Éteint']])('%s is %s', (word, expected) => {
    expect(capital(word)).toBe(expected);
  });
});
