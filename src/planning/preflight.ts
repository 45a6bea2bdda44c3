import type { StateType } from '../orders/order-state.ts';
import type { PlannedSync } from './plan.ts';
import { shippedByOthers } from './situation.ts';
import type { Situation } from './situation.ts';

/** What the merchant should know at the moment of applying, not hours later. Words are in the language room. */
export interface Warning {
  readonly code: WarningCode;
  readonly parcel: number | null;
  readonly found?: string;
}

export const warningCodes = [
  'not-imported',
  'tracking-missing',
  'tracking-required',
  'tracking-elsewhere',
  'carrier-missing',
  'carrier-unknown',
  'carrier-unverified',
  'cancel-requested',
  'order-cancelled',
  'fulfilled-by-marketplace',
  'labelled-by-marketplace',
  'never-confirmed',
  'not-offered',
  'past-deadline',
  'units-left',
  'parcel-known',
  'parcel-keeps-carrier',
  'parcel-completed',
  'already-shipped',
  'parcel-held',
  'parcel-waiting',
  'parcel-failed',
  'parcel-not-stored',
  'before-start',
  'observing',
  'paused',
  'payment-pending',
  'payment-refused',
  'notices-not-available',
] as const;
export type WarningCode = (typeof warningCodes)[number];

/** What a cause of a planned sync warns of. Causes that need no warning are not in it. */
const byCause: Readonly<Record<string, WarningCode>> = {
  'order/not-imported': 'not-imported',
  'order/tracking-missing': 'tracking-missing',
  'order/cancel-requested': 'cancel-requested',
  'order/payment-pending': 'payment-pending',
  'order/payment-refused': 'payment-refused',
  'order/cancelled': 'order-cancelled',
  'order/fulfilled-by-marketplace': 'fulfilled-by-marketplace',
  'order/labelled-by-marketplace': 'labelled-by-marketplace',
  'order/already-shipped': 'already-shipped',
  'operation/not-offered': 'not-offered',
  'planning/before-start': 'before-start',
};

/** The warnings that one application deserves. */
export function preflight(type: StateType, planned: readonly PlannedSync[], situation: Situation): readonly Warning[] {
  const { order, account, now } = situation;
  const warnings: Warning[] = [];
  for (const sync of planned) {
    const code = sync.cause === null ? undefined : (byCause[sync.cause] ?? bySuffix(sync.cause));
    if (code !== undefined) warnings.push({ code, parcel: sync.parcel, ...(sync.payload.parcel?.carrier == null ? {} : { found: sync.payload.parcel.carrier }) });
    if ((sync.status === 'ready' || sync.status === 'delayed') && now > sync.shipBy) warnings.push({ code: 'past-deadline', parcel: sync.parcel });
  }
  if (account.marketplace !== null && order.imported) {
    if ((type === 'order-delivered' || type === 'invoice-issued') && !everConfirmed(situation)) warnings.push({ code: 'never-confirmed', parcel: null });
  }
  return warnings;
}

/** Was any dispatch of this order told to its marketplace, by us or by somebody else? If not, it is not paid. */
function everConfirmed(situation: Situation): boolean {
  return situation.earlier.some((sync) => sync.operation === 'confirm-shipment' && sync.phase === 'done') || shippedByOthers(situation);
}

function bySuffix(cause: string): WarningCode | undefined {
  if (cause.endsWith('/carrier-unknown')) return 'carrier-unknown';
  if (cause.endsWith('/carrier-missing')) return 'carrier-missing';
  if (cause.endsWith('/tracking-required')) return 'tracking-required';
  return undefined;
}
