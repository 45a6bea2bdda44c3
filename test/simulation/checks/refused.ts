import type { Finding, World } from '../world.ts';
import { rowsOf } from './sql.ts';

interface Refusal {
  readonly reference: string;
  readonly cause: string | null;
  readonly carrier: string | null;
}

/** Nothing is refused that the marketplace would have taken: told as it should be, of an order that nobody touched there. */
export async function checkRefused(world: World): Promise<readonly Finding[]> {
  const refusals = await rowsOf<Refusal>(
    world,
    `select o.reference, e.cause, p.carrier from audit_entry e join sync s on s.id = e.sync_id join orders o on o.id = s.order_id left join parcel p on p.id = s.parcel_id where e.kind = 'outcome' and e.what = 'rejected'`,
  );
  return refusals.flatMap(({ reference, cause, carrier }): Finding[] => {
    const market = world.merchant.sold.get(reference)?.account === 'ebay-fr' ? 'ebay' : 'amazon';
    const touched = world.markets[market].world.order(reference)?.cancellation === 'cancelled' || world.markets[market].ledger.effects().some((effect) => effect.order === reference && effect.by === 'hand');
    // Which name Amazon has for Colissimo nobody knows: it is told as it is, and the merchant is warned.
    const guessed = carrier === 'Colissimo' && cause === 'amazon/carrier-unknown';
    return touched || guessed ? [] : [{ promise: 'refused', what: `what was told of ${reference} was refused: ${cause ?? 'for no cause'}` }];
  });
}
