import type { KnownCarrierCode } from '../marketplace.ts';

/**
 * Amazon's carrier codes. The list that decides is the drop-down of Seller Central, site by site; Amazon:
 * "must match the options listed in Seller Central exactly". A wrong code is refused, or leaves the order unconfirmed.
 */

/** Found in three independent copies of Amazon's own schema (amzn-base.xsd, releases 1.9 and 4.1). */
export const confirmedCodes = [
  'La Poste',
  'Chronopost',
  'DPD',
  'GLS',
  'UPS',
  'DHL',
  'FedEx',
  'TNT',
  'Deutsche Post',
  'Royal Mail',
  'Parcelforce',
  'Yodel',
  'Hermes Logistik Gruppe',
  'Poste Italiane',
  'SDA',
  'USPS',
  'Canada Post',
  'Aramex',
  'Other',
] as const;

/** In use in France and in none of those schemas: the merchant looks into Seller Central, or chooses `Other` with the carrier's name. */
export const unconfirmedCodes = ['Colissimo', 'Colis Privé', 'Mondial Relay', 'Relais Colis', 'Geodis'] as const;

/** The code for a carrier that Amazon does not list; its name is then told besides. */
export const otherCarrier = 'Other';

/** All of them, to choose from. */
export const carrierCodes: readonly KnownCarrierCode[] = [
  ...confirmedCodes.filter((code) => code !== otherCarrier).map((code) => ({ code, carrier: null, verified: true, other: 'no' as const })),
  ...unconfirmedCodes.map((code) => ({ code, carrier: null, verified: false, other: 'no' as const })),
  { code: otherCarrier, carrier: null, verified: true, other: 'name' },
];

/** Whether this code, to the letter, is known to be Amazon's. False means "not known", not "wrong". */
export function isConfirmed(code: string): boolean {
  return confirmedCodes.some((known) => known === code);
}
