/** What a destination can be asked to do. A marketplace answers for each one, if only "not offered here". */
export const operations = [
  'acknowledge-order',
  'confirm-shipment',
  'correct-shipment',
  'cancel-order',
  'refund-order',
  'update-pickup',
  'upload-invoice',
] as const;

export type Operation = (typeof operations)[number];

/** What a sync tells: frozen at planning, stored with the sync, and alone enough to make the call. */
export interface Payload {
  /** The marketplace's order number. */
  readonly order: string;
  readonly parcel: ParcelPayload | null;
  /** The units concerned; empty where an operation concerns the whole order. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  /** Why, for a cancellation or a refund, in our own words; the marketplace's room translates them. */
  readonly reason?: string;
}

export interface ParcelPayload {
  /** A positive number in digits, fixed when the parcel is stored, unique within its order (Amazon's `packageReferenceId`). */
  readonly reference: string;
  /** The carrier as the merchant wrote it. */
  readonly carrier: string | null;
  /** Its code at this marketplace; null only where the parcel names no carrier. */
  readonly carrierCode: string | null;
  /** The name that goes with the code `Other`. */
  readonly carrierName: string | null;
  readonly trackingNumber: string | null;
  /** ISO 8601 in UTC, already clamped between the order and now. */
  readonly shippedAt: string;
  /** The marketplace's id of the place it ships from, where the merchant named one. */
  readonly shipFrom: string | null;
}
