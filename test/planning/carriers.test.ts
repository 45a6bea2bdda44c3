import { describe, expect, it } from 'vitest';
import { carrierCode, defaultCodes, normalCarrier, trackingLink } from '../../src/planning/carriers.ts';
import type { CarrierEntry } from '../../src/planning/carriers.ts';
import { readCarriers } from '../../src/planning/carrier-table.ts';

const entries: readonly CarrierEntry[] = [
  { name: 'Colissimo', aliases: ['Colissimo Domicile', 'So Colissimo'], codes: { amazon: { code: 'Colissimo', verified: false }, ebay: { code: 'Colissimo' } }, link: 'https://www.laposte.fr/outils/suivre-vos-envois?code={tracking}' },
  { name: 'Colis Privé', codes: {} },
];
const defaults = defaultCodes(entries);
const mapped = new Map([['amazon-fr', new Map([['colisprive', { code: 'Other', name: 'Colis Privé', verified: true }], ['colissimo', { code: 'La Poste', name: null, verified: true }]])]]);

describe('a carrier’s name', () => {
  it.each([
    ['Colis Privé', 'colisprive'],
    ['COLIS PRIVE', 'colisprive'],
    ['Colis-Prive\u0301 ', 'colisprive'],
    ['La Poste - Lettre suivie', 'lapostelettresuivie'],
    ['« Chrono 13 »', 'chrono13'],
    [' - ', ''],
  ])('%j matches as %j', (name, normal) => {
    expect(normalCarrier(name)).toBe(normal);
  });
});

describe('a carrier’s code', () => {
  it.each(['Colissimo', 'COLISSIMO', ' colissimo ', 'So Colissimo', 'SoColissimo', 'COLISSIMO DOMICILE', 'colissimo-domicile'])('is found for %j, by name or alias', (name) => {
    expect(carrierCode(name, 'ebay-fr', 'ebay', mapped, defaults)).toEqual({ code: 'Colissimo', name: null, verified: true });
  });

  it('says where it is not verified', () => {
    expect(carrierCode('Colissimo', 'amazon-de', 'amazon', mapped, defaults)).toEqual({ code: 'Colissimo', name: null, verified: false });
  });

  it('is the merchant’s own where the merchant has mapped it, for that account alone', () => {
    expect(carrierCode('COLISSIMO', 'amazon-fr', 'amazon', mapped, defaults)?.code).toBe('La Poste');
    expect(carrierCode('Colis Prive', 'amazon-fr', 'amazon', mapped, defaults)).toEqual({ code: 'Other', name: 'Colis Privé', verified: true });
    expect(carrierCode('Colis Prive', 'amazon-de', 'amazon', mapped, defaults)).toBeNull();
  });

  it.each(['Colis Privé', 'Delivengo', '', 'Colissimo Domicile 2'])('is none for %j: nobody guesses', (name) => {
    expect(carrierCode(name, 'ebay-fr', 'ebay', mapped, defaults)).toBeNull();
  });
});

describe('the page on which a parcel is followed', () => {
  it('has the tracking number in it, made fit for an address', () => {
    expect(trackingLink(entries, 'COLISSIMO', '8R00000000001')).toBe('https://www.laposte.fr/outils/suivre-vos-envois?code=8R00000000001');
    expect(trackingLink(entries, 'So Colissimo', ' 8R&x=1#"><script> ')).toBe('https://www.laposte.fr/outils/suivre-vos-envois?code=8R%26x%3D1%23%22%3E%3Cscript%3E');
  });
  it('is none where the carrier or its page is not known', () => {
    expect(trackingLink(entries, 'Colis Privé', 'T1')).toBeNull();
    expect(trackingLink(entries, 'Delivengo', 'T1')).toBeNull();
  });
  it('can be made of any text that JSON lets through', () => {
    expect(trackingLink(entries, 'Colissimo', '8R\ud800')).toBe('https://www.laposte.fr/outils/suivre-vos-envois?code=8R%EF%BF%BD');
    expect(trackingLink(entries, 'Colissimo', '$&{tracking}')).toBe('https://www.laposte.fr/outils/suivre-vos-envois?code=%24%26%7Btracking%7D');
  });
});

describe('reading the table of carriers', () => {
  const faults = (json: unknown): readonly string[] => {
    const read = readCarriers(json, ['amazon', 'ebay']);
    return 'faults' in read ? read.faults : [];
  };
  const gls = { name: 'GLS', codes: { amazon: { code: 'GLS' } } };

  it('takes what is right', () => {
    expect(readCarriers(entries, ['amazon', 'ebay'])).toEqual({ carriers: entries });
  });

  it.each([[null], [{}], ['GLS'], [42]])('wants a list, not %j', (json) => {
    expect(faults(json)).toEqual(['expected a list of carriers']);
  });

  it('says everything at once, with the carrier and the field', () => {
    expect(faults([{ name: 'GLS', aliases: ['', 3], codes: { cdiscount: { code: 'GLS' }, ebay: 'GLS', amazon: { code: ' ', verified: 'yes', kind: 1 } }, link: 'http://gls.example/{tracking}', colour: 'red' }, 'DPD', { codes: null }])).toEqual([
      'GLS: colour: no such member; expected one of name, aliases, codes, link',
      'GLS: aliases[0]: expected a name with a letter or a digit in it',
      'GLS: aliases[1]: expected a name with a letter or a digit in it',
      'GLS: codes.cdiscount: no such marketplace; expected one of amazon, ebay',
      'GLS: codes.ebay: expected { "code", "verified" }',
      'GLS: codes.amazon.kind: no such member; expected one of code, verified',
      'GLS: codes.amazon.code: expected the code, letter for letter, without blanks around it',
      'GLS: codes.amazon.verified: expected true or false',
      'GLS: link: expected an address that begins with https://',
      'entry 2: expected { "name", "aliases", "codes", "link" }',
      'entry 3: name: expected a name with a letter or a digit in it',
      'entry 3: codes: expected an object with the code at each marketplace, {} where none is known',
    ]);
  });

  it('finds names that are the same but for case, accents and blanks', () => {
    expect(faults([{ name: 'Colis Privé', codes: {} }, gls, { name: 'X', aliases: ['COLIS PRIVE', 'G.L.S.'], codes: {} }])).toEqual([
      'X, entry 3: "COLIS PRIVE" is a name of Colis Privé, entry 1 too',
      'X, entry 3: "G.L.S." is a name of GLS, entry 2 too',
    ]);
    expect(faults([gls, gls])).toEqual(['GLS, entry 2: "GLS" is a name of GLS, entry 1 too']);
    expect(faults([{ ...gls, aliases: ['gls'] }])).toEqual(['GLS, entry 1: "gls" is written twice']);
  });

  it.each(['', ' ', ' GLS', 'GLS ', 7, null])('takes no code such as %j', (code) => {
    expect(faults([{ name: 'GLS', codes: { ebay: { code } } }])).toEqual(['GLS: codes.ebay.code: expected the code, letter for letter, without blanks around it']);
  });

  it('says which entry it is where the name does not', () => {
    expect(faults([{ name: ' ', codes: {} }])).toEqual(['entry 1: name: expected a name with a letter or a digit in it']);
  });

  it.each(['Other', 'other', 'OTHER'])('lets nobody make %s a default', (code) => {
    expect(faults([{ name: 'GLS', codes: { ebay: { code } } }])).toEqual(['GLS: codes.ebay.code: "Other" is the merchant\'s choice, never a default; leave the code out']);
  });

  it.each(['https://gls.example/', 'https://gls.example/{tracking}/{tracking}', 'https://{tracking}.example/', 'https://a{tracking}@gls.example/', 'javascript:alert({tracking})', 'gls.example/{tracking}', 'https://', 7])('takes no link such as %j', (link) => {
    expect(faults([{ ...gls, link }])).toHaveLength(1);
  });
});
