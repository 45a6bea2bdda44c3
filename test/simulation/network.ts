import { NoAnswer } from '../../src/runtime/http.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../src/runtime/http.ts';
import { withoutSockets } from '../../src/marketplaces/simulator/transport.ts';
import type { Chance } from './chance.ts';
import { marketNamed } from './plan.ts';
import type { Market } from './plan.ts';
import type { Worker } from './worker.ts';
import type { World } from './world.ts';

/**
 * The way between a worker and the marketplaces. A request that has left arrives, whatever becomes of its sender; an
 * answer finds nobody where its caller has gone. Most of them take a fraction of a second.
 */
export class Network {
  readonly #world: World;
  readonly #chance: Chance;

  constructor(world: World) {
    this.#world = world;
    this.#chance = world.chance('network');
  }

  /** A worker's way to one marketplace. */
  to(marketplace: string, worker: Worker): Transport {
    const market = marketNamed(marketplace);
    return async (request, signal) => {
      if (signal.aborted) throw new NoAnswer('ABORTED', false);
      if (this.#world.troubles.unreachable(market)) throw new NoAnswer('ECONNREFUSED', false);
      const departure = await this.#world.watch.departs(market, request, worker);
      const answer = await this.#carried(market, request, signal);
      if (worker.alive()) this.#world.watch.hears(departure, answer);
      return answer;
    };
  }

  #carried(market: Market, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { time, truth } = this.#world;
    const there = withoutSockets(this.#world.markets[market], truth);
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(new NoAnswer('ABORTED', true));
      signal.addEventListener('abort', leave, { once: true });
      time.after(this.#travel(), () => {
        // Whether its sender still waits is nothing that the other side could know.
        void there(request, new AbortController().signal).then(
          (answer) => time.after(this.#travel(), () => end(() => resolve(answer))),
          (error: unknown) => time.after(this.#travel(), () => end(() => reject(error))),
        );
      });
      function end(settle: () => void): void {
        signal.removeEventListener('abort', leave);
        settle();
      }
    });
  }

  #travel(): number {
    return this.#chance.happens(0.01) ? this.#chance.between(500, 6_000) : this.#chance.between(15, 250);
  }
}
