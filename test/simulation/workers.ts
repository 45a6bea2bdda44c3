import { second } from '../../src/runtime/clock.ts';
import { markets } from './plan.ts';
import type { Event, Upheaval } from './plan.ts';
import { Worker } from './worker.ts';
import type { World } from './world.ts';

/** Places at which a process can be: the daemon's, and two that others hold for a while. */
const places = 3;

/** Our processes: each place is held by one after another, whose names differ. */
export class Workers {
  readonly all: Worker[] = [];
  readonly #world: World;
  readonly #places: (Worker | null)[] = Array.from({ length: places }, () => null);
  /** Which places are to be held; one that dies is followed by another. */
  readonly #open = new Set<number>();
  readonly #back = new Map<Worker, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The daemon is at work from now on, and follows itself wherever it dies. */
  open(place = 0): void {
    this.#open.add(place);
    this.#start(place);
  }

  upset(event: Event & Extract<Upheaval, { readonly place: number }>): void {
    const { place } = event;
    if (event.do === 'join') {
      this.open(place);
      this.#world.time.after(event.lasts, () => this.#close(place));
      return;
    }
    const worker = this.#places[place];
    if (worker == null || !worker.alive()) return;
    switch (event.do) {
      case 'crash':
        this.#back.set(worker, event.back);
        return worker.doom({ port: event.port, when: event.when, left: event.after });
      case 'suspend':
        this.#world.tell(worker.name, `is suspended for ${event.lasts / second} s`);
        for (const market of markets) this.#world.disturbs(market, event.lasts);
        worker.suspend(this.#world.time.elapsed() + event.lasts);
        this.#world.time.after(event.lasts, () => void worker.heedClock());
        return;
      case 'stop':
      case 'cut':
        this.#world.tell(worker.name, event.do === 'stop' ? 'is asked to stop' : 'is cut off');
        if (event.do === 'stop') worker.stop();
        else worker.cut();
        this.#world.time.after(event.back, () => this.#follow(place));
    }
  }

  ring(accounts: readonly string[]): void {
    for (const worker of this.#places) worker?.ring(accounts);
  }

  async heedClock(): Promise<void> {
    for (const worker of this.#places) await worker?.heedClock();
  }

  /** Only the daemon goes on. */
  leaveOne(): void {
    for (const place of this.#places.keys()) if (place > 0) this.#close(place);
    this.open(0);
  }

  /** Everybody is asked to stop, and has to have ended in the time that stopping may take. */
  async stopAll(): Promise<void> {
    for (const place of this.#places.keys()) this.#close(place);
    await this.#world.time.pass(this.#world.time.elapsed() + 95 * second);
    for (const worker of this.#places) if (worker?.alive() === true) this.#world.blame('stop', `${worker.name} has not ended 95 s after it was asked to`);
  }

  /** Nobody is left, at once. */
  killAll(): void {
    for (const [place, worker] of this.#places.entries()) {
      this.#open.delete(place);
      worker?.kill();
    }
  }

  /** Somebody has come or gone. */
  count(): void {
    this.#world.attended(this.#places.some((worker) => worker?.alive() === true));
  }

  #close(place: number): void {
    this.#open.delete(place);
    this.#places[place]?.stop();
  }

  #start(place: number): void {
    if (!this.#open.has(place) || this.#places[place]?.alive() === true) return;
    const name = `w${place}.${this.all.filter((one) => one.name.startsWith(`w${place}.`)).length + 1}`;
    const worker = new Worker(this.#world, name, () => this.#world.time.after(this.#back.get(worker) ?? second, () => this.#follow(place)));
    this.#places[place] = worker;
    this.all.push(worker);
    this.#world.tell(name, 'starts');
    worker.start();
    this.count();
  }

  /** A process that is still at its last work when its successor is to come holds the place until it has gone. */
  #follow(place: number): void {
    if (this.#places[place]?.alive() === true) this.#world.time.after(second, () => this.#follow(place));
    else this.#start(place);
  }
}
