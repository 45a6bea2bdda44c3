/** The customer's page of an order. */
export const customer = {
  follow: 'Suivre le colis chez {carrier}',
  followOne: 'Suivre le colis {tracking} chez {carrier}',
  parcel: 'Colis {carrier}',
} as const;
