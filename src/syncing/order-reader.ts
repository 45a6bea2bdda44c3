import type { Instant } from '../runtime/clock.ts';
import type { Evidence, Cause } from './outcome.ts';

/** Reads a scope's orders: the regular sweep of what changed, and single orders. No personal data is asked for. */
export interface OrderReader {
  /** The API call that one page of a sweep costs, and the calls that one order costs. */
  readonly costs: { readonly page: string; readonly order: readonly [string, ...string[]] };
  /**
   * One page of the orders that changed since `since` (first import: those still to ship, `since` null).
   * @param page what the previous page's `next` said, null for the first
   */
  changed(since: Instant | null, page: string | null, signal: AbortSignal): Promise<Read<ChangedPage>>;
  /** One order with its parcels; `null` where the marketplace knows no such order of this account. */
  order(account: string, reference: string, signal: AbortSignal): Promise<Read<SeenOrder | null>>;
}

export interface ChangedPage {
  readonly orders: readonly SeenOrder[];
  /** Hand it back for the next page; null after the last. */
  readonly next: string | null;
  /** The moment up to which this sweep saw everything, once its last page is read: the next sweep's `since`. */
  readonly until: Instant;
}

/** A read that came, or why it did not. */
export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly why: 'throttled' | 'unavailable' | 'unauthorized' | 'role' | 'rejected'; readonly cause: Cause; readonly retryAfter: number | null; readonly evidence: Evidence | null };

/** An order as the marketplace shows it. */
export interface SeenOrder {
  readonly account: string;
  readonly reference: string;
  /** The shop's own number, where the marketplace holds one. */
  readonly ownReference: string | null;
  readonly placedAt: Instant;
  readonly updatedAt: Instant;
  readonly shipBy: Instant | null;
  /** `pending`: not yet payable or payable, nothing may be shipped. */
  readonly status: 'pending' | 'to-ship' | 'partly-shipped' | 'shipped' | 'cancelled' | 'unfulfillable';
  readonly payment: 'in-progress' | 'confirmed' | 'refused' | 'refunded';
  /** Who ships: the merchant; the marketplace; or the merchant with a label bought through it (it then confirms itself). */
  readonly fulfilment: 'merchant' | 'marketplace' | 'label';
  /** `requested`: the buyer has an open request to cancel. */
  readonly cancellation: 'none' | 'requested' | 'cancelled';
  readonly currency: string | null;
  /** In the currency's main unit, as a decimal string. */
  readonly total: string | null;
  readonly lines: readonly SeenLine[];
  /** Null where this read does not show parcels (eBay's list). */
  readonly parcels: readonly SeenParcel[] | null;
}

export interface SeenLine {
  readonly lineId: string;
  readonly sku: string;
  readonly title: string;
  /** Units ordered. */
  readonly quantity: number;
  /** Units the marketplace says are shipped; null where it only knows "some". */
  readonly shipped: number | null;
  /** Units cancelled. */
  readonly cancelled: number;
  readonly unitPrice: string | null;
}

export interface SeenParcel {
  /** Amazon: `packageReferenceId`; eBay: `fulfillmentId`. */
  readonly reference: string;
  readonly trackingNumber: string | null;
  readonly carrier: string | null;
  readonly shippedAt: Instant | null;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}
