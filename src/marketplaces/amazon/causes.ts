import type { Cause } from '../../syncing/outcome.ts';

/**
 * Every cause that this room can name, and every finding of `accounts check`.
 * config/diagnoses/{fr,en}/amazon.json explains each one; a test compares the two.
 */
export const causes = [
  // Amazon says no to a confirmation.
  'amazon/carrier-unknown',
  'amazon/reference-invalid',
  'amazon/line-unknown',
  'amazon/quantity-refused',
  'amazon/tracking-refused',
  'amazon/date-refused',
  'amazon/marketplace-mismatch',
  'amazon/ship-from-unknown',
  'amazon/transparency-codes',
  'amazon/ship-plus',
  'amazon/order-cancelled',
  'amazon/line-cancelled',
  'amazon/order-unknown',
  'amazon/request-refused',
  'amazon/refused',
  // Not sent at all: it could only have been refused.
  'amazon/not-offered',
  'amazon/order-number-invalid',
  'amazon/parcel-missing',
  'amazon/lines-missing',
  'amazon/tracking-missing',
  'amazon/carrier-missing',
  'amazon/carrier-name-missing',
  // No answer that can be trusted: it may have happened.
  'amazon/package-not-found',
  'amazon/package-not-visible',
  'amazon/server-error',
  'amazon/unexpected-answer',
  'amazon/unreadable-answer',
  'amazon/no-answer',
  // Nothing can have happened there.
  'amazon/unreachable',
  'amazon/not-sent',
  'amazon/token-unavailable',
  'amazon/token-expired',
  'amazon/throttled',
  // Credentials and roles.
  'amazon/authorization-refused',
  'amazon/application-refused',
  'amazon/token-refused',
  'amazon/access-denied',
  // Read back, and not as it was told.
  'amazon/package-different',
  'amazon/package-cancelled',
  'amazon/already-shipped',
  'amazon/read-refused',
  // Reads of orders.
  'amazon/page-refused',
  'amazon/interrupted',
] as const satisfies readonly Cause[];

export type AmazonCause = (typeof causes)[number];

export const findings = [
  'amazon/token-ok',
  'amazon/account-ok',
  'amazon/account-not-found',
  'amazon/account-not-participating',
  'amazon/account-unread',
  'amazon/listings-suspended',
  'amazon/other-marketplaces',
  'amazon/participations-refused',
  'amazon/role-ok',
  'amazon/role-unread',
  'amazon/clock-ok',
  'amazon/clock-off',
  'amazon/clock-unread',
  'amazon/limit-told',
  'amazon/limit-published',
  'amazon/limit-configured',
  'amazon/credentials-differ',
  'amazon/marketplace-twice',
] as const satisfies readonly Cause[];

export type AmazonFinding = (typeof findings)[number];
