import type { Cause } from '../../syncing/outcome.ts';

/** Every cause that this room can give. Each has its words in config/diagnoses. */
export const causes = [
  // Refused for good, until somebody changes something.
  'ebay/order-unknown',
  'ebay/line-unknown',
  'ebay/line-twice',
  'ebay/lines-missing',
  'ebay/carrier-missing',
  'ebay/tracking-invalid',
  'ebay/tracking-or-carrier',
  'ebay/date-refused',
  'ebay/request-refused',
  'ebay/too-many-parcels',
  'ebay/gsp-mixed',
  'ebay/gsp-several',
  'ebay/not-offered',
  'ebay/refused',
  'ebay/filter-refused',
  'ebay/window-in-future',
  // The account waits, or one API call does.
  'ebay/consent-ended',
  'ebay/application-refused',
  'ebay/scope-missing',
  'ebay/token-refused',
  'ebay/account-suspended',
  'ebay/access-denied',
  // It may have happened.
  'ebay/no-answer',
  'ebay/answer-late',
  'ebay/server-error',
  'ebay/answer-unreadable',
  'ebay/reference-missing',
  'ebay/conflict',
  'ebay/already-there',
  // It cannot have happened.
  'ebay/unreachable',
  'ebay/token-unavailable',
  'ebay/interrupted',
  'ebay/throttled',
  // Read back, and not what was told.
  'ebay/fulfilment-different',
] as const satisfies readonly Cause[];

export type EbayCause = (typeof causes)[number];

/** Every key of a finding that is not a cause. */
export const findingKeys = [
  'ebay/token-ok',
  'ebay/role-ok',
  'ebay/clock-ok',
  'ebay/clock-off',
  'ebay/clock-unknown',
  'ebay/consent-until',
  'ebay/consent-ends-soon',
  'ebay/limit',
  'ebay/limit-configured',
  'ebay/site-twice',
  'ebay/credentials-differ',
] as const satisfies readonly Cause[];

export type FindingKey = (typeof findingKeys)[number];

/** Causes that planning gives under a marketplace's name while it holds a sync. */
export const plannedCauses = ['ebay/carrier-unknown', 'ebay/carrier-missing'] as const satisfies readonly Cause[];

/**
 * What eBay's error ids mean for the calls made here.
 * Source: eBay's OpenAPI document of the Fulfillment API, v1.20.7, responses of each operation.
 */
export const causeOfError: ReadonlyMap<number, EbayCause> = new Map<number, EbayCause>([
  [32100, 'ebay/order-unknown'],
  [32200, 'ebay/line-unknown'],
  [32210, 'ebay/line-twice'],
  [32300, 'ebay/tracking-or-carrier'],
  [32500, 'ebay/date-refused'],
  [32600, 'ebay/request-refused'],
  [34100, 'ebay/too-many-parcels'],
  [34200, 'ebay/gsp-mixed'],
  [34300, 'ebay/gsp-several'],
  // getOrders: what we ask for is wrong, and that is ours to mend.
  [30700, 'ebay/filter-refused'],
  [30800, 'ebay/filter-refused'],
  [30810, 'ebay/filter-refused'],
  [30820, 'ebay/filter-refused'],
  [30830, 'ebay/filter-refused'],
  [30840, 'ebay/filter-refused'],
  [30850, 'ebay/window-in-future'],
  [30900, 'ebay/filter-refused'],
  [31000, 'ebay/filter-refused'],
  [31100, 'ebay/filter-refused'],
  [32800, 'ebay/filter-refused'],
]);

/** Error ids that decide more than a cause. Same source. */
export const errorIds = {
  invalidToken: 1001,
  missingToken: 1002,
  accessDenied: 1100,
  tooManyRequests: 2001,
  systemError: 30500,
  userSuspended: 32400,
  useUpdate: 34500,
} as const;
