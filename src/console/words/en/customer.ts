/** The customer's page of an order. */
export const customer = {
  follow: 'Follow the parcel at {carrier}',
  followOne: 'Follow parcel {tracking} at {carrier}',
  parcel: '{carrier} parcel',
} as const;
