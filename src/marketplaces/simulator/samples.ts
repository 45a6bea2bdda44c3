import { day, hour, minute } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import { between, pick } from './chance.ts';
import type { NewOrder } from './order.ts';

/** Orders for each marketplace, to be handed to the simulator at its start. */
export interface Orders {
  readonly amazon: readonly NewOrder[];
  readonly ebay: readonly NewOrder[];
}

interface Article {
  readonly sku: string;
  readonly title: string;
  readonly unitPrice: string;
}

/** What a small French shop sells. */
const catalogue: readonly [Article, ...Article[]] = [
  { sku: 'MUG-BLEU', title: 'Mug en grès bleu de Bretagne', unitPrice: '24.95' },
  { sku: 'MUG-VERT', title: 'Mug en grès vert tilleul', unitPrice: '24.95' },
  { sku: 'BOL-PRENOM', title: 'Bol breton à oreilles, prénom au choix', unitPrice: '18.50' },
  { sku: 'AFFICHE-LYON', title: 'Affiche « Lyon, la nuit », 50 × 70 cm', unitPrice: '32.00' },
  { sku: 'AFFICHE-BREST', title: 'Affiche « Brest, le port », 30 × 40 cm', unitPrice: '19.90' },
  { sku: 'CARNET-A5', title: 'Carnet ligné A5, couverture en liège', unitPrice: '14.90' },
  { sku: 'TORCHON-LIN', title: 'Torchon en lin lavé, lot de 2', unitPrice: '22.00' },
  { sku: 'BOUGIE-FIG', title: 'Bougie parfumée au figuier, 180 g', unitPrice: '27.50' },
  { sku: 'SAVON-OLIVE', title: 'Savon de Marseille à l’huile d’olive, 300 g', unitPrice: '6.90' },
  { sku: 'PUZZLE-500', title: 'Puzzle « Marché de Provence », 500 pièces', unitPrice: '29.90' },
];

/**
 * A realistic day of a shop, the same for the same chance: deadlines that lie behind, ahead and far off, orders of two lines,
 * lines of several units; and on each marketplace one order of every kind that must not simply be shipped.
 * @param now the moment that all dates are relative to
 */
export function sampleOrders(now: Instant, random: Random, count: { readonly amazon: number; readonly ebay: number } = { amazon: 12, ebay: 8 }): Orders {
  return { amazon: many(now, random, count.amazon, amazonOdd), ebay: many(now, random, count.ebay, ebayOdd) };
}

type Oddity = Pick<NewOrder, 'payment' | 'cancellation' | 'fulfilment' | 'site'>;

/** In this order, the last orders of the day: what the buyer wants cancelled, what is labelled by the marketplace, and so on. */
const amazonOdd: readonly Oddity[] = [
  { cancellation: 'requested' },
  { fulfilment: 'label' },
  { site: 'A1PA6795UKMFR9' },
  { payment: 'pending' },
  { cancellation: 'cancelled' },
  { fulfilment: 'marketplace' },
];

const ebayOdd: readonly Oddity[] = [{ cancellation: 'requested' }, { fulfilment: 'label' }, { cancellation: 'cancelled' }];

function many(now: Instant, random: Random, count: number, odd: readonly Oddity[]): NewOrder[] {
  // The plain ones outnumber the odd ones, however few there are.
  const plain = Math.max(Math.ceil(count / 2), count - odd.length);
  return Array.from({ length: count }, (_, i) => ({ ...ordinary(now, random, i), ...(i >= plain && odd[i - plain]) }));
}

function ordinary(now: Instant, random: Random, i: number): NewOrder {
  const placedAt = now - between(random, 3 * 60, 50 * 60) * minute;
  return {
    ownReference: `C-${20_900 + i}-${between(random, 100, 999)}`,
    placedAt,
    shipBy: shipBy(now, random, i),
    shippingCost: pick(random, ['0.00', '3.90', '4.90', '6.50']),
    lines: lines(random, i),
  };
}

/** The first is late, the second all but; then later today, tomorrow evening, and the days after. */
function shipBy(now: Instant, random: Random, i: number): Instant {
  if (i === 0) return now - between(random, 1, 10) * hour;
  if (i === 1) return now + between(random, 20, 90) * minute;
  if (i % 4 === 2) return now + between(random, 3, 9) * hour;
  return endOfDay(now + pick(random, [1, 1, 2, 3]) * day);
}

/** 23:59:59 in Paris, as marketplaces set their deadlines. */
function endOfDay(moment: Instant): Instant {
  const there = Temporal.Instant.fromEpochMilliseconds(Math.trunc(moment)).toZonedDateTimeISO('Europe/Paris');
  return there.with({ hour: 23, minute: 59, second: 59, millisecond: 0 }).epochMilliseconds;
}

function lines(random: Random, i: number): NewOrder['lines'] {
  const first = pick(random, catalogue);
  const quantity = i % 5 === 3 ? between(random, 2, 4) : 1;
  if (i % 3 !== 1) return [{ ...first, quantity }];
  const others = catalogue.filter((article) => article !== first);
  const [head = first, ...rest] = others;
  return [{ ...first, quantity }, { ...pick(random, [head, ...rest]), quantity: between(random, 1, 2) }];
}
