import type { KnownCarrierCode } from '../marketplace.ts';

/** One carrier's `shippingCarrierCode` at eBay. The REST call wants it letter for letter. */
export interface KnownCarrier {
  readonly carrier: string;
  readonly code: string;
  /** False where eBay lists the code, but whether it serves this carrier in France is to be seen on a live account. */
  readonly verified: boolean;
}

/**
 * Carriers of French merchants that have a code (eBay: ShippingCarrierCodeType of the Trading API, version 1423,
 * with the sites each code is for). eBay does not promise that the list is whole: its live source is
 * `GeteBayDetails` with `ShippingCarrierDetails`, site 71.
 */
export const carriers: readonly KnownCarrier[] = [
  { carrier: 'La Poste', code: 'LAPOSTE', verified: true },
  { carrier: 'Colissimo', code: 'Colissimo', verified: true },
  { carrier: 'Chronopost', code: 'Chronopost', verified: true },
  { carrier: 'Mondial Relay', code: 'MondialRelay', verified: true },
  // "DPD France (formerly Exapaq)"; the code DPD exists too, but not for France.
  { carrier: 'DPD', code: 'Exapaq', verified: false },
  { carrier: 'GLS', code: 'GLS', verified: true },
  { carrier: 'UPS', code: 'UPS', verified: true },
  { carrier: 'UPS Access Point', code: 'KIALA', verified: true },
  // DHL Express; DHLEXPRESS is for Italy and Germany only.
  { carrier: 'DHL', code: 'DHL', verified: true },
  { carrier: 'FedEx', code: 'FedEx', verified: true },
];

/**
 * The code for a carrier that has none: accepted, but without tracking events, so that the tracking
 * does not count as valid and gives no protection when a buyer says that nothing came.
 */
export const otherCarrier = 'Other';

/** Carriers of French merchants that have no code. TNT's codes exist and are "not currently supported". */
export const withoutCode = ['Colis Privé', 'Relais Colis', 'Geodis', 'Amazon', 'Ciblex', 'Heppner', 'TNT'] as const;

/** All codes, to choose from. */
export const carrierCodes: readonly KnownCarrierCode[] = [
  ...carriers.map(({ carrier, code, verified }) => ({ code, carrier: carrier === code ? null : carrier, verified, other: 'no' as const })),
  { code: otherCarrier, carrier: null, verified: true, other: 'plain' },
];
