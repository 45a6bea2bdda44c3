import { beginning } from './time.ts';
import { markets } from './plan.ts';
import type { Event, Market, Trouble } from './plan.ts';
import type { World } from './world.ts';

/** Something was wrong between two moments (milliseconds since the beginning): whatever it touched is judged with that in mind. */
export interface Span {
  readonly from: number;
  to: number;
  readonly market: Market;
  readonly what: string;
}

/** What is wrong between us and the marketplaces, and when it was. */
export class Troubles {
  readonly spans: Span[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  begin(event: Event & Trouble): void {
    const { market, rule, lasts } = event;
    const { faults } = this.#world.markets[market];
    const id = faults.add(rule);
    this.#world.tell(market, `${JSON.stringify(rule)}${lasts === undefined ? '' : ` for ${lasts / 1000} s`}`);
    const span: Span = { from: this.#world.time.elapsed(), to: Infinity, market, what: rule.fault.kind };
    this.spans.push(span);
    if (lasts === undefined) return;
    this.#world.time.after(lasts, () => {
      faults.remove(id);
      span.to = this.#world.time.elapsed();
    });
  }

  /** Everything behaves from now on. */
  end(): void {
    for (const market of markets) this.#world.markets[market].faults.repair();
    const now = this.#world.time.elapsed();
    for (const span of this.spans) span.to = Math.min(span.to, now);
  }
}

/** A moment of the truth, as the marketplaces' ledgers write it, in milliseconds since the beginning. */
export function sinceBeginning(moment: number): number {
  return moment - beginning;
}
