import type { Instant } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { capacity, refill } from './quota.ts';
import type { Bucket } from './quota.ts';

/** A call that waits for its turn. */
export interface Queued {
  /** Whoever asks knows it again by this. */
  readonly key: string;
  readonly shipBy: Instant;
  /** The end of its grace; a moment that has passed where it may go at once. */
  readonly notBefore: Instant;
}

export interface Leaving {
  readonly key: string;
  readonly shipBy: Instant;
  readonly at: Instant;
}

/**
 * When each call of one budget leaves, if nothing else comes and none fails: deadline first, as the budget allows.
 * In the order in which they leave.
 */
export function forecast(queue: readonly Queued[], bucket: Bucket, now: Instant): readonly Leaving[] {
  const coming = queue.toSorted((a, b) => a.notBefore - b.notBefore);
  const waiting = new Soonest();
  const full = refill(bucket, now);
  const leaving: Leaving[] = [];
  let at = Math.max(now, full.closedUntil);
  let tokens = full.closedUntil > now ? Math.min(capacity(full), full.tokens + ((full.closedUntil - now) / second) * full.rate) : full.tokens;
  let next = 0;
  while (leaving.length < queue.length) {
    for (let one = coming[next]; one !== undefined && one.notBefore <= at; one = coming[next]) {
      waiting.add(one);
      next += 1;
    }
    // Nobody may go yet: the budget fills meanwhile.
    const pause = waiting.size === 0 ? Math.max(0, (coming[next]?.notBefore ?? at) - at) : tokens >= 1 ? 0 : ((1 - tokens) / full.rate) * second;
    if (pause > 0) {
      tokens = Math.min(capacity(full), tokens + (pause / second) * full.rate);
      at += pause;
      // A sum of fractions falls short of a whole call by a hair.
      if (waiting.size > 0) tokens = Math.max(tokens, 1);
      continue;
    }
    const one = waiting.take();
    tokens -= 1;
    leaving.push({ key: one.key, shipBy: one.shipBy, at: Math.round(at) });
  }
  return leaving;
}

/** A heap: the earliest deadline is on top. */
class Soonest {
  private readonly heap: Queued[] = [];

  get size(): number {
    return this.heap.length;
  }

  add(one: Queued): void {
    const { heap } = this;
    let at = heap.push(one) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above];
      if (other === undefined || other.shipBy <= one.shipBy) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = one;
  }

  take(): Queued {
    const { heap } = this;
    const [top] = heap;
    const last = heap.pop();
    if (top === undefined || last === undefined) throw new RangeError('nothing waits');
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const below = this.sooner(2 * at + 1, 2 * at + 2);
      const other = heap[below];
      if (other === undefined || other.shipBy >= last.shipBy) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = last;
    return top;
  }

  private sooner(a: number, b: number): number {
    return (this.heap[b]?.shipBy ?? Infinity) < (this.heap[a]?.shipBy ?? Infinity) ? b : a;
  }
}
