import { shop } from '../../orders/order.ts';
import type { OpenVisit } from '../visit.ts';

/** An account as it is called; the merchant's own shop in words. */
export function accountName({ say }: OpenVisit, account: string): string {
  return account === shop ? say('frame.shop') : account;
}
