import type { Instant, Order } from '../orders/order.ts';
import type { StateType } from '../orders/order-state.ts';
import type { Parcel } from '../orders/parcel.ts';
import { parcelsWanted } from '../orders/parcel-wish.ts';
import { graceUntil } from './deadline.ts';
import type { Earlier } from './dependence.ts';
import { plan } from './plan.ts';
import type { PlannedSync } from './plan.ts';
import type { PlanningAccount, Tables } from './situation.ts';

/** What applying a state would ask of one account, and when that would leave. */
export interface Foreseen extends Pick<PlannedSync, 'operation' | 'status' | 'cause'> {
  /** Milliseconds from applying to leaving, or for which it is held at most; null: at once, or held without an end. */
  readonly after: number | null;
}

export interface Outlook {
  readonly told: Foreseen;
  /** The same while the parcel's tracking number is still to come; null where no parcel is told of. */
  readonly untracked: Foreseen | null;
}

const day = 24 * 60 * 60 * 1000;
const carrier = 'sample';
const lines = [{ lineId: '1', quantity: 1 }];
const dispatched: Earlier = { id: 1, operation: 'confirm-shipment', parcel: 1, lines, phase: 'done', dormant: false };

/**
 * What a state of this Type would bring about at an account, found by planning it for an order in good order: paid,
 * imported, days before its deadline, with a carrier that has its code. Where the operation follows a dispatch, there was one.
 */
export function outlook({ type, graceS }: { readonly type: StateType; readonly graceS: number }, account: PlanningAccount, tables: Pick<Tables, 'stateTypes'>, now: Instant): Outlook {
  const order: Order = { account: account.id, reference: '1', ownReference: null, placedAt: now - day, shipBy: now + 3 * day, payment: 'confirmed', publication: 'default', fulfilment: 'merchant', cancellation: 'none', currency: null, total: null, language: 'fr', imported: true, lines: [{ lineId: '1', sku: '', title: '', quantity: 1, cancelled: 0, shippedElsewhere: 0, unitPrice: null }] };
  const mapped = new Map([[account.id, new Map([[carrier, { code: carrier, name: null, verified: true }]])]]);
  const parcel: Parcel = { id: 2, reference: String(Math.floor(now / 1000)), carrier, trackingNumber: '1', untracked: false, shippedAt: now, shipFrom: null, lines, origin: 'ours' };
  const foresee = (one: Parcel, earlier: readonly Earlier[]): Foreseen => {
    const parcels = parcelsWanted(type) ? [one] : [];
    const application = { state: { type }, appliedAt: now, graceUntil: graceUntil(now, graceS, now + 3 * day), parcels, noParcels: null, cancelReason: null };
    const [first] = plan(application, { account, order, parcels, earlier, now }, { ...tables, defaultCarriers: new Map(), mappedCarriers: mapped });
    if (first === undefined) throw new Error('a plan is never empty');
    return { operation: first.operation, status: first.status, cause: first.cause, after: first.dueAt === null ? null : first.dueAt - now };
  };
  const [fresh, after] = [foresee(parcel, []), foresee(parcel, [dispatched])];
  const inVain = fresh.status === 'rejected' || (fresh.status === 'skipped' && fresh.operation !== 'nothing');
  const told = inVain && after.status !== 'rejected' && after.status !== 'skipped' ? after : fresh;
  const isParcel = parcelsWanted(type) && told.operation !== 'nothing';
  return { told, untracked: isParcel ? foresee({ ...parcel, trackingNumber: null }, []) : null };
}
