import type { Market, Event, Trouble } from './plan.ts';
import { markets } from './plan.ts';
import { beginning } from './time.ts';
import type { World } from './world.ts';

/** What is wrong between us and the marketplaces. */
export class Troubles {
  readonly #world: World;
  readonly #unreachableUntil: Record<Market, number> = { amazon: 0, ebay: 0 };

  constructor(world: World) {
    this.#world = world;
  }

  begin(event: Event & Trouble): void {
    const { market } = event;
    const { time, markets: there } = this.#world;
    const { faults } = there[market];
    const lasting = 'lasts' in event ? ` for ${event.lasts / 1_000} s` : '';
    this.#world.tell(market, `${event.do === 'fault' ? JSON.stringify(event.rule) : event.do}${lasting}`);
    switch (event.do) {
      case 'fault': {
        const id = faults.add(event.rule);
        if (event.lasts !== undefined) time.after(event.lasts, () => faults.remove(id));
        return;
      }
      case 'unreachable':
        this.#unreachableUntil[market] = Math.max(this.#unreachableUntil[market], time.elapsed() + event.lasts);
        return this.#world.disturbs(market, event.lasts);
      case 'revoke': {
        const id = faults.add({ call: '*', fault: { kind: 'revoked' } });
        time.after(event.lasts, () => {
          faults.remove(id);
          faults.revoked = false;
        });
        return this.#world.disturbs(market, event.lasts);
      }
    }
  }

  unreachable(market: Market): boolean {
    return this.#world.time.elapsed() < this.#unreachableUntil[market];
  }

  /** Everything behaves from now on. */
  end(): void {
    for (const market of markets) {
      this.#world.markets[market].faults.repair();
      this.#unreachableUntil[market] = 0;
    }
  }
}

/** A moment of the truth, as the marketplaces' ledgers write it, in milliseconds since the beginning. */
export function sinceBeginning(moment: number): number {
  return moment - beginning;
}
