import type { WarningCode } from '../../planning/preflight.ts';

/** What the merchant should know at the moment of applying. */
export const warnings = {
  'not-imported': 'This order has not been imported yet: the sync leaves as soon as it is.',
  'tracking-missing': 'The tracking number is missing: the sync has to be completed, and leaves as soon as you have given it.',
  'tracking-required': 'This marketplace demands a tracking number: the sync has to be completed as long as the parcel has none.',
  'tracking-elsewhere': '{isFound, select, yes {The tracking number “{found}”} other {This tracking number}} already belongs to a parcel of another order. Check that no row has slipped.',
  'carrier-missing': 'The carrier is missing: the sync has to be completed, and leaves as soon as you have given it.',
  'carrier-unknown': '{isFound, select, yes {“{found}”} other {This carrier}} has no code at this marketplace yet: the confirmation waits until you have mapped it.',
  'carrier-unverified': 'The code given to {isFound, select, yes {“{found}”} other {this carrier}} has not been verified yet: compare it with the marketplace’s list.',
  'cancel-requested': 'The buyer asks to cancel this order: nothing leaves before your answer.',
  'order-cancelled': 'This order is cancelled: nothing will be sent.',
  'fulfilled-by-marketplace': 'The marketplace itself ships this order: nothing will be sent.',
  'labelled-by-marketplace': 'The label was bought from the marketplace, which confirms the shipment by itself: nothing will be sent.',
  'never-confirmed': 'The marketplace does not know that this order has been shipped: as long as it does not, you are not paid. Apply a shipping state first.',
  'not-offered': 'Suivi cannot do this operation with this marketplace yet: do it there directly.',
  'past-deadline': 'The ship-by has passed: the sync will leave all the same, as soon as it can.',
  'units-left': '{isFound, select, yes {{count, plural, one {# unit is} other {# units are}} left to ship} other {Some units are left to ship}}, while this state says that the whole order has been shipped.',
  'parcel-keeps-carrier': 'This parcel was already known with another carrier, and keeps it: “{found}” was not taken over. If it is the right one, correct the parcel.',
  'parcel-known': 'This parcel was already known: it is not confirmed a second time.',
  'parcel-completed': '{isFound, select, yes {The tracking number “{found}”} other {This tracking number}} completes a parcel that was waiting for it.',
  'already-shipped': 'Everything has already been shipped: nothing is left to confirm.',
  'before-start': 'This state was applied before this seller account began to be kept in step: nothing will be sent.',
  'observing': 'This seller account is being observed: everything is prepared, nothing is sent.',
  'payment-pending': 'The payment is not confirmed yet: the sync leaves once it is.',
  'payment-refused': 'The payment was refused: nothing will be sent. Do not ship.',
  'notices-not-available': 'Mails, SMS and invoices are not available yet: this state will make none of them leave.',
} as const satisfies Record<WarningCode, string>;
