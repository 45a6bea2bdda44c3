import { describe, expect, it } from 'vitest';
import { carrierCode, defaultCodes, trackingLink } from '../../src/planning/carriers.ts';
import type { CarrierEntry } from '../../src/planning/carriers.ts';
import { readCarriers } from '../../src/planning/carrier-table.ts';
import { marketplaces, table } from './files.ts';

function carriers(): readonly CarrierEntry[] {
  const read = readCarriers(table('carriers'), marketplaces);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.carriers;
}

const entries = carriers();
const defaults = defaultCodes(entries);
const at = (marketplace: string, name: string): string | null => {
  const code = carrierCode(name, `${marketplace}-fr`, marketplace, new Map(), defaults);
  return code === null ? null : `${code.code}${code.verified ? '' : ' ?'}`;
};

describe('the codes of French carriers', () => {
  // Amazon: amzn-base.xsd, releases 1.9 and 4.1. eBay: ShippingCarrierCodeType of the Trading API, 1423. A "?" is not verified there.
  it.each([
    ['Colissimo', 'Colissimo ?', 'Colissimo'],
    ['La Poste', 'La Poste', 'LAPOSTE'],
    ['Chronopost', 'Chronopost', 'Chronopost'],
    ['Mondial Relay', null, 'MondialRelay'],
    ['DPD', 'DPD', 'Exapaq ?'],
    ['GLS', 'GLS', 'GLS'],
    ['UPS', 'UPS', 'UPS'],
    ['UPS Access Point', 'UPS ?', 'KIALA'],
    ['DHL', 'DHL', 'DHL'],
    ['FedEx', 'FedEx', 'FedEx'],
    ['TNT', 'TNT', null],
    ['Colis Privé', null, null],
    ['Relais Colis', null, null],
    ['Geodis', null, null],
  ])('%s: %s at Amazon, %s at eBay', (name, amazon, ebay) => {
    expect([at('amazon', name), at('ebay', name)]).toEqual([amazon, ebay]);
  });

  it('are never Other: that is the merchant’s choice', () => {
    expect(entries.flatMap(({ codes }) => Object.values(codes)).filter(({ code }) => code === 'Other')).toEqual([]);
  });

  it('hold a parcel of a carrier that nobody knows', () => {
    expect([at('amazon', 'Pigeon voyageur'), at('ebay', 'Pigeon voyageur')]).toEqual([null, null]);
  });
});

describe('names as shops and logisticians write them', () => {
  it.each([
    ['Colissimo Domicile', 'Colissimo'],
    ['COLISSIMO EXPERT', 'Colissimo'],
    ['La Poste Colissimo', 'Colissimo'],
    ['colissimo - avec signature', 'Colissimo'],
    ['SoColissimo', 'Colissimo'],
    ['La Poste - Lettre suivie', 'LAPOSTE'],
    ['LETTRE SUIVIE', 'LAPOSTE'],
    ['Lettre recommandee', 'LAPOSTE'],
    ['Chrono 13', 'Chronopost'],
    ['CHRONO13', 'Chronopost'],
    ['Chronopost Express', 'Chronopost'],
    ['Chrono Relais', 'Chronopost'],
    ['MONDIALRELAY', 'MondialRelay'],
    ['DPD Predict', 'Exapaq ?'],
    ['DPD France', 'Exapaq ?'],
    ['Exapaq', 'Exapaq ?'],
    ['GLS France', 'GLS'],
    ['U.P.S.', 'UPS'],
    ['DHL Express', 'DHL'],
    ['Fedex', 'FedEx'],
    ['COLIS PRIVE', null],
  ])('%s is %s at eBay', (name, code) => {
    expect(at('ebay', name)).toBe(code);
  });
});

describe('tracking pages', () => {
  it.each(entries.filter(({ link }) => link !== undefined))('$name: a secure address with the number in it', ({ name }) => {
    const link = trackingLink(entries, name, '8R12345678901') ?? '';
    expect(new URL(link).protocol).toBe('https:');
    expect(link.split('8R12345678901')).toHaveLength(2);
    expect(link).not.toMatch(/[{}\s]/);
  });

  it('are known for the carriers that French customers know', () => {
    for (const name of ['Colissimo', 'La Poste', 'Chronopost', 'Mondial Relay', 'DPD', 'GLS', 'UPS', 'DHL', 'FedEx']) expect(trackingLink(entries, name, 'X1')).not.toBeNull();
  });
});
