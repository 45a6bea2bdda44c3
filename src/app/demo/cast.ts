import type { SimulatedMarketplace } from '../../marketplaces/simulator/brain.ts';
import type { NewOrder } from '../../marketplaces/simulator/order.ts';
import type { Simulator } from '../../marketplaces/simulator/simulator.ts';
import { hour, minute } from '../../runtime/clock.ts';
import type { Duration, Instant } from '../../runtime/clock.ts';

/** An order of the story. */
export interface CastOrder {
  readonly account: 'amazon-fr' | 'ebay-fr' | 'shop';
  readonly reference: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}

/** The orders of the story, by the part that each plays in it. */
export interface Cast {
  readonly plain: CastOrder;
  readonly twoParcels: CastOrder;
  readonly failing: CastOrder;
  readonly lost: CastOrder;
  readonly refused: CastOrder;
  readonly byAmazon: CastOrder;
  readonly noTracking: CastOrder;
  readonly unmapped: CastOrder;
  readonly partial: CastOrder;
  readonly ebayPlain: CastOrder;
  readonly ebayTwo: CastOrder;
  readonly shop: CastOrder;
  /** Left to ship, for whoever wants to try. */
  readonly yours: CastOrder;
  readonly yoursAtEbay: CastOrder;
}

interface Article {
  readonly sku: string;
  readonly title: string;
  readonly unitPrice: string;
}

const mug: Article = { sku: 'MUG-BLEU', title: 'Mug en grès bleu de Bretagne', unitPrice: '24.95' };
const bowl: Article = { sku: 'BOL-PRENOM', title: 'Bol breton à oreilles, prénom au choix', unitPrice: '18.50' };
const poster: Article = { sku: 'AFFICHE-LYON', title: 'Affiche « Lyon, la nuit », 50 × 70 cm', unitPrice: '32.00' };
const soap: Article = { sku: 'SAVON-OLIVE', title: 'Savon de Marseille à l’huile d’olive, 300 g', unitPrice: '6.90' };
const puzzle: Article = { sku: 'PUZZLE-500', title: 'Puzzle « Marché de Provence », 500 pièces', unitPrice: '29.90' };

/** The orders appear at the simulated marketplaces; the shop's own is only named. */
export function castOrders({ amazon, ebay }: Simulator, now: Instant): Cast {
  let n = 20_930;
  const place = (account: 'amazon-fr' | 'ebay-fr', { world }: SimulatedMarketplace) => (shipIn: Duration, lines: NewOrder['lines'], more: Partial<NewOrder> = {}): CastOrder => {
    n += 1;
    const order = world.add({ ownReference: `C-${n}`, placedAt: now - (26 * hour + (n % 7) * 47 * minute), shipBy: now + shipIn, lines, ...more });
    return { account, reference: order.id, lines: order.lines.map(({ lineId, quantity }) => ({ lineId, quantity })) };
  };
  const onAmazon = place('amazon-fr', amazon.brain);
  const onEbay = place('ebay-fr', ebay.brain);
  return {
    plain: onAmazon(3 * hour, [mug]),
    twoParcels: onAmazon(9 * hour, [{ ...poster }, { ...bowl, quantity: 2 }]),
    failing: onAmazon(2 * hour, [puzzle]),
    lost: onAmazon(4 * hour, [{ ...soap, quantity: 4 }]),
    refused: onAmazon(27 * hour, [mug]),
    byAmazon: onAmazon(28 * hour, [bowl], { fulfilment: 'marketplace' }),
    noTracking: onAmazon(6 * hour, [puzzle]),
    unmapped: onAmazon(7 * hour, [poster]),
    partial: onAmazon(30 * hour, [{ ...mug, quantity: 3 }]),
    ebayPlain: onEbay(5 * hour, [bowl]),
    ebayTwo: onEbay(25 * hour, [{ ...soap, quantity: 2 }, mug]),
    shop: { account: 'shop', reference: 'B-10482', lines: [{ lineId: '1', quantity: 1 }] },
    yours: onAmazon(26 * hour, [{ ...mug, quantity: 2 }]),
    yoursAtEbay: onEbay(29 * hour, [poster]),
  };
}
