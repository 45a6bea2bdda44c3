import { second } from '../../src/runtime/clock.ts';
import type { Event, Upheaval } from './plan.ts';
import { Worker } from './worker.ts';
import type { World } from './world.ts';

/** Our processes: each place is held by one after another, whose names differ. */
export class Workers {
  readonly all: Worker[] = [];
  readonly #world: World;
  readonly #places: (Worker | null)[];
  readonly #born: number[];
  #over = false;

  constructor(world: World) {
    this.#world = world;
    this.#places = Array.from({ length: world.plan.workers }, () => null);
    this.#born = this.#places.map(() => 0);
  }

  /** Everybody begins. */
  startAll(): void {
    for (const place of this.#places.keys()) this.#start(place);
  }

  /** From now on the first place alone is held, and nobody comes to any other. */
  leaveOne(): void {
    this.#start(0);
    for (const [place, worker] of this.#places.entries()) if (place > 0) worker?.stop();
    this.#places.length = 1;
  }

  upset(event: Event & Upheaval): void {
    const worker = this.#places[event.worker];
    if (worker == null || !worker.alive()) return;
    switch (event.do) {
      case 'crash':
        this.#back.set(worker, event.back);
        return worker.doom({ port: event.port, when: event.when, left: event.after });
      case 'stop':
      case 'cut':
        this.#world.tell(worker.name, event.do === 'stop' ? 'is asked to stop' : 'is cut off');
        if (event.do === 'stop') worker.stop();
        else worker.cut();
        this.#world.time.after(event.back, () => this.#replace(event.worker));
    }
  }
  readonly #back = new Map<Worker, number>();

  ring(accounts: readonly string[]): void {
    for (const worker of this.#places) worker?.ring(accounts);
  }

  async stopAll(): Promise<void> {
    this.#over = true;
    for (const worker of this.#places) worker?.stop();
    await this.#world.time.pass(this.#world.time.elapsed() + 95 * second);
    for (const worker of this.#places) if (worker?.alive() === true) this.#world.blame('stop', `${worker.name} has not ended 95 s after it was asked to`);
  }

  #start(place: number): void {
    if (this.#over || place >= this.#places.length || this.#places[place]?.alive() === true) return;
    this.#born[place] = (this.#born[place] ?? 0) + 1;
    const worker = new Worker(this.#world, `w${place + 1}.${this.#born[place]}`, () => this.#world.time.after(this.#back.get(worker) ?? second, () => this.#replace(place)));
    this.#places[place] = worker;
    this.all.push(worker);
    this.#world.tell(worker.name, 'starts');
    worker.start();
  }

  /** A process that is still at its last work when its successor is to come holds the place until it has gone. */
  #replace(place: number): void {
    const worker = this.#places[place];
    if (worker?.alive() === true) this.#world.time.after(second, () => this.#replace(place));
    else this.#start(place);
  }
}
