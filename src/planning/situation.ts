import type { Instant, Order } from '../orders/order.ts';
import type { Parcel } from '../orders/parcel.ts';
import type { CarrierCodes } from './carriers.ts';
import type { Earlier } from './dependence.ts';
import type { Operation } from './operation.ts';
import type { StateTypeTable } from './state-types.ts';

/** The account an order belongs to, as far as planning cares. */
export interface PlanningAccount {
  readonly id: string;
  /** Null for the merchant's own shop. */
  readonly marketplace: string | null;
  /** What was applied before this moment is history: shown, never sent. */
  readonly from: Instant;
  /** Amazon: acknowledge accepted orders with the merchant's own number. */
  readonly acknowledge: boolean;
  /** How long a parcel may wait for its tracking number where the marketplace can do without. */
  readonly trackingGraceMs: number;
  readonly offers: Readonly<Record<Operation, Offering>>;
}

/** What a marketplace's room can do of an operation; syncing's Offer says more, for those that make the call. */
export type Offering = 'not-offered' | { readonly untracked: 'fine' | 'look-first' | 'refused' };

/** Values that merchants and maintainers edit, as planning needs them. */
export interface Tables {
  readonly stateTypes: StateTypeTable;
  readonly defaultCarriers: CarrierCodes;
  /** The merchant's own carrier codes, by account. */
  readonly mappedCarriers: CarrierCodes;
}

/** Everything that a decision about one order needs. Read in the transaction that stores what was decided. */
export interface Situation {
  readonly account: PlanningAccount;
  readonly order: Order;
  /** Voided parcels are left out. */
  readonly parcels: readonly Parcel[];
  readonly earlier: readonly Earlier[];
  readonly now: Instant;
}

/** Does the marketplace show a dispatch that we did not tell it of? */
export function shippedByOthers({ order, parcels }: Pick<Situation, 'order' | 'parcels'>): boolean {
  return parcels.some((parcel) => parcel.origin === 'marketplace') || order.lines.some((line) => line.shippedElsewhere > 0);
}
