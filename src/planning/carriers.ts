/** One carrier's code at one marketplace. `name` goes with the code `Other` only. */
export interface CarrierCode {
  readonly code: string;
  readonly name: string | null;
  /** False where the code was found in others' documentation, not in the marketplace's own list. */
  readonly verified: boolean;
}

/** Codes by marketplace or account, then by normalised carrier name. */
export type CarrierCodes = ReadonlyMap<string, ReadonlyMap<string, CarrierCode>>;

/** One entry of config/carriers.json. */
export interface CarrierEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly codes: Readonly<Record<string, { readonly code: string; readonly verified?: boolean }>>;
  /** Address of the carrier's tracking page, with `{tracking}` in it. */
  readonly link?: string;
}

/** Carriers' names match without case, accents, spaces and punctuation. */
export function normalCarrier(name: string): string {
  return name.normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** The default codes, by marketplace. */
export function defaultCodes(entries: readonly CarrierEntry[]): CarrierCodes {
  const codes = new Map<string, Map<string, CarrierCode>>();
  for (const entry of entries) {
    for (const [marketplace, { code, verified }] of Object.entries(entry.codes)) {
      const ofMarketplace = codes.get(marketplace) ?? new Map<string, CarrierCode>();
      codes.set(marketplace, ofMarketplace);
      for (const name of [entry.name, ...(entry.aliases ?? [])]) {
        ofMarketplace.set(normalCarrier(name), { code, name: null, verified: verified ?? true });
      }
    }
  }
  return codes;
}

/** The merchant's own mapping of an account wins over the default of its marketplace; `null`: nobody has mapped this carrier. */
export function carrierCode(carrier: string, account: string, marketplace: string, mapped: CarrierCodes, defaults: CarrierCodes): CarrierCode | null {
  const name = normalCarrier(carrier);
  return mapped.get(account)?.get(name) ?? defaults.get(marketplace)?.get(name) ?? null;
}

/** Where the customer follows a parcel, or `null` where the carrier's page is not known. */
export function trackingLink(entries: readonly CarrierEntry[], carrier: string, trackingNumber: string): string | null {
  const name = normalCarrier(carrier);
  const entry = entries.find((e) => [e.name, ...(e.aliases ?? [])].some((n) => normalCarrier(n) === name));
  // Half a surrogate pair, which JSON lets through, has no percent-encoding.
  return entry?.link?.replace('{tracking}', encodeURIComponent(trackingNumber.trim().toWellFormed())) ?? null;
}
