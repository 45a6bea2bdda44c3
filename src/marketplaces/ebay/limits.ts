import { day, second } from '../../runtime/clock.ts';
import type { PublishedLimit } from '../marketplace.ts';

/** eBay: 100,000 calls of the Fulfillment API per application and day (more after an Application Growth Check). */
export const perDay = 100_000;

/**
 * A day's budget as a token bucket. What a day of any beginning can take is what lies in the bucket and what flows in:
 * 20,000 at once, and the other 80,000 spread over the day (0.93 a second). So no day, by whatever clock eBay cuts it
 * (midnight in California), sees more than 100,000.
 */
const burst = 20_000;
export const ofTheDay: PublishedLimit = { burst, rate: (perDay - burst) / (day / second), budget: 'sell.fulfillment' };

/** All four calls belong to the Fulfillment API, and draw on its one budget. */
export const limits = {
  createShippingFulfillment: ofTheDay,
  getShippingFulfillments: ofTheDay,
  getOrders: ofTheDay,
  getOrder: ofTheDay,
} as const satisfies Readonly<Record<string, PublishedLimit>>;
