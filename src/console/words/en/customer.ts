/** The customer's page of an order. */
export const customer = {
  follow: 'Follow the parcel at {carrier}',
  followOne: 'Follow parcel {tracking} at {carrier}',
  order: 'Order {order}',
  placed: 'Order {order}, placed on {at}',
  yourOrder: 'Your order',
  nothingYet: 'It is registered. Its progress will be shown here.',
  question: 'A question?',
  askShop: 'Just reply to the confirmation mail of your order.',
  askThere: 'Write to the seller from your orders on {marketplace}.',
  missingTitle: 'Nothing at this address',
  missing: 'This link is no longer valid, or was copied in part. Take it from the seller’s message again, or ask them for another one.',
  faultTitle: 'Page not available',
  fault: 'We cannot show your order at the moment. Please come back in a few minutes.',
  parcel: '{carrier} parcel',
} as const;
