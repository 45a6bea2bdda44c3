import type { Clock, Duration, Instant } from '../../src/runtime/clock.ts';
import { afterAll } from './real-time.ts';

/** When every run begins: a Monday morning in Paris. */
export const beginning: Instant = Date.parse('2026-11-23T07:00:00Z');

interface Timer {
  readonly at: number;
  readonly turn: number;
  /** Null once it was cancelled. */
  happen: (() => void) | null;
}

/**
 * The time that passes in a run. It stands still while anything has still to be done, and then goes at once to the next
 * moment that somebody waits for. What is due at one moment happens in the order in which it was asked for.
 */
export class Time {
  #elapsed = 0;
  #turns = 0;
  readonly #heap: Timer[] = [];

  /** Milliseconds since the run began. */
  elapsed(): number {
    return this.#elapsed;
  }

  /** Moments that were lived through. */
  turns(): number {
    return this.#turns;
  }

  /** Lets `then` happen in `ms`; like the machine's own timers, not before the next millisecond. */
  after(ms: Duration, then: () => void): () => void {
    this.#turns += 1;
    const timer: Timer = { at: this.#elapsed + Math.max(1, Math.ceil(ms)), turn: this.#turns, happen: then };
    this.#push(timer);
    return () => {
      timer.happen = null;
    };
  }

  /** Lives through everything up to a moment (milliseconds since the beginning), which is then now. */
  async pass(until: number): Promise<void> {
    await afterAll();
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      if (next.happen === null) continue;
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.happen();
      await afterAll();
    }
    this.#elapsed = Math.max(this.#elapsed, until);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above];
      if (other === undefined || !isSooner(timer, other)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const below = right !== undefined && isSooner(right, left) ? 2 * at + 2 : 2 * at + 1;
      const other = heap[below];
      if (other === undefined || !isSooner(other, last)) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = last;
  }
}

function isSooner(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.turn < b.turn);
}

/** Whose clock it is: one that is dead hears of nothing any more, one that is suspended hears of it later. */
export interface Sleeper {
  dead(): boolean;
  /** Until when (milliseconds since the beginning) nothing of it runs; in the past: it runs. */
  suspendedUntil(): number;
}

/**
 * A clock that shows the run's time.
 * @param offset how far the wall clock is ahead of the truth
 */
export function clockOf(time: Time, offset: () => Duration, sleeper: Sleeper): Clock {
  function after(ms: Duration, then: () => void): () => void {
    let cancel = time.after(ms, wake);
    function wake(): void {
      if (sleeper.dead()) return;
      const rest = sleeper.suspendedUntil() - time.elapsed();
      if (rest > 0) cancel = time.after(rest, wake);
      else then();
    }
    return () => cancel();
  }
  return {
    now: () => beginning + time.elapsed() + offset(),
    // As the machine's: it knows parts of a millisecond, where the wall clock does not.
    monotonic: () => time.elapsed() + ((time.elapsed() * 0.618) % 1),
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          cancel();
          signal?.removeEventListener('abort', end);
          if (!sleeper.dead()) resolve();
        };
        const cancel = after(ms, end);
        if (signal?.aborted === true) end();
        else signal?.addEventListener('abort', end, { once: true });
      }),
  };
}

/** The truth: a clock that is never wrong, and whose owner never dies. */
export function trueClock(time: Time): Clock {
  return clockOf(time, () => 0, { dead: () => false, suspendedUntil: () => 0 });
}
