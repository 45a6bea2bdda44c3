/**
 * What is wrong with something that was given to us. Words for it are in the language room, by `code`;
 * the other members are what those words name.
 */
export interface Fault {
  readonly code: FaultCode;
  /** Where, as the giver wrote it: `parcels[0].lines[1].quantity`. */
  readonly field: string;
  readonly found?: string;
  readonly expected?: string;
  readonly limit?: number;
  readonly min?: number;
  readonly max?: number;
}

export const faultCodes = [
  'required',
  'malformed',
  'too-long',
  'out-of-range',
  'mnemonic-characters',
  'mnemonic-taken',
  'colour',
  'language',
  'text-variable',
  'text-braces',
  'unknown-account',
  'unknown-order',
  'unknown-state',
  'archived-state',
  'unknown-line',
  'unknown-parcel',
  'quantity-not-whole',
  'quantity-over-left',
  'lines-omitted-twice',
  'lines-needed',
  'parcels-not-wanted',
  'date-in-future',
  'date-before-order',
  'date-malformed',
  'date-too-early',
  'date-too-late',
  'tracking-malformed',
  'tracking-taken',
  'parcel-holds-other',
  'tracking-and-untracked',
  'source-ref-reused',
  'already-shipped',
  'already-cancelled',
  'ambiguous-order',
  'line-twice',
  'lines-in-parcel',
  'own-reference-taken',
  'parcel-left',
  'placed-in-future',
] as const;
export type FaultCode = (typeof faultCodes)[number];
