import type { Clock, Duration, Instant } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import { Ledger } from './ledger.ts';
import type { Units } from './ledger.ts';
import { makeOrder, newOrder, unitsLeft } from './order.ts';
import type { Customs, NewOrder, Order, Parcel } from './order.ts';

/** A parcel that is to come about, or what is to become of one. */
export interface ParcelWish {
  readonly reference: string;
  readonly carrier: string | null;
  readonly service: string | null;
  readonly tracking: string | null;
  readonly shippedAt: Instant;
  readonly lines: readonly Units[];
}

/** What the merchant enters by hand. What is left out is: no carrier, no tracking number, everything that is left. */
export interface HandParcel {
  readonly carrier?: string | undefined;
  readonly tracking?: string | undefined;
  readonly lines?: readonly Units[] | undefined;
}

interface Due {
  readonly at: Instant;
  readonly happen: () => void;
}

/**
 * What one simulated marketplace holds: orders and their parcels, and what is still to happen there.
 * What was put off happens at its own moment, even when nobody looks until later.
 */
export class World {
  readonly ledger: Ledger;
  /** How far the marketplace's clock is ahead of ours (ms). */
  skew: Duration = 0;
  readonly #orders = new Map<string, Order>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #customs: Customs;
  #due: Due[] = [];
  #happening: Instant | null = null;

  constructor(clock: Clock, random: Random, customs: Customs) {
    this.#clock = clock;
    this.#random = random;
    this.#customs = customs;
    this.ledger = new Ledger(() => this.settle());
  }

  /** The moment that is being lived through: now, or that of a late effect taking place. */
  now(): Instant {
    return this.#happening ?? this.#clock.now();
  }

  /** What the marketplace's own clock shows. */
  there(): Instant {
    return this.now() + this.skew;
  }

  /** Lets everything happen that is due by now, each thing at its own moment. */
  settle(): void {
    if (this.#happening !== null) return;
    for (let next = this.#nextDue(); next !== undefined; next = this.#nextDue()) {
      this.#due = this.#due.filter((due) => due !== next);
      this.#at(next.at, next.happen);
    }
  }

  /** Puts something off. The function returned lets it happen at once, at its own moment, unless it has happened. */
  later(after: Duration, happen: () => void): () => void {
    const due: Due = { at: this.now() + after, happen };
    this.#due.push(due);
    return () => {
      this.settle();
      if (!this.#due.includes(due)) return;
      this.#due = this.#due.filter((other) => other !== due);
      this.#at(due.at, happen);
    };
  }

  orders(): readonly Order[] {
    this.settle();
    return [...this.#orders.values()];
  }

  order(id: string): Order | null {
    this.settle();
    return this.#orders.get(id) ?? null;
  }

  /** A new order arrives. Throws where the wish is malformed or its number is taken. */
  add(wish: NewOrder): Order {
    const order = makeOrder(newOrder.parse(wish), this.#customs, this.#random, this.there(), (id) => this.#orders.has(id));
    this.#orders.set(order.id, order);
    return order;
  }

  /** The payment of a pending order comes through. */
  pay(id: string): void {
    this.#change(id, (order) => {
      order.payment = 'paid';
    });
  }

  /** The buyer asks to cancel. */
  requestCancel(id: string): void {
    this.#change(id, (order) => {
      if (order.cancellation !== 'none') return;
      order.cancellation = 'requested';
      order.cancelRequestedAt = this.there();
    });
  }

  /** The order is cancelled, whoever wished it. */
  cancel(id: string): void {
    this.#change(id, (order) => {
      order.cancellation = 'cancelled';
      order.cancelledAt = this.there();
    });
  }

  /**
   * The merchant ships in the marketplace's own pages.
   * @throws where that much is not left to ship
   */
  shipByHand(id: string, wish: HandParcel = {}): Parcel {
    return this.#change(id, (order) => {
      const tracking = wish.tracking ?? null;
      const left = unitsLeft(order);
      const lines = wish.lines ?? [...left].filter(([, quantity]) => quantity > 0).map(([lineId, quantity]) => ({ lineId, quantity }));
      if (lines.length === 0) throw new Error(`nothing of order ${id} is left to ship`);
      const over = lines.find(({ lineId, quantity }) => quantity < 1 || quantity > (left.get(lineId) ?? 0));
      if (over !== undefined) throw new Error(`order ${id} has not ${over.quantity} of line ${over.lineId} left to ship`);
      const reference = this.#customs.handReference(order, tracking);
      return this.create(order, { reference, carrier: wish.carrier ?? null, service: null, tracking, shippedAt: this.there(), lines }, null);
    });
  }

  /** A parcel comes about. @param request the request that did it, null for the merchant's own hand */
  create(order: Order, wish: ParcelWish, request: number | null): Parcel {
    const parcel: Parcel = { ...wish, lines: wish.lines.map((line) => ({ ...line })), createdAt: this.there() };
    order.parcels.push(parcel);
    this.#record('created', order, wish, request);
    return parcel;
  }

  /** A parcel becomes what `wish` says. */
  edit(order: Order, parcel: Parcel, wish: ParcelWish, request: number): void {
    const { carrier, service, tracking, shippedAt, lines } = wish;
    Object.assign(parcel, { carrier, service, tracking, shippedAt, lines });
    this.#record('edited', order, wish, request);
  }

  #record(kind: 'created' | 'edited', order: Order, wish: ParcelWish, request: number | null): void {
    const { reference, carrier, tracking, lines } = wish;
    const by = request === null ? 'hand' : 'api';
    this.ledger.addEffect({ moment: this.now(), order: order.id, reference, kind, by, request, carrier, tracking, lines: lines.map((line) => ({ ...line })) });
  }

  #change<T>(id: string, change: (order: Order) => T): T {
    const order = this.order(id);
    if (order === null) throw new Error(`the simulator holds no order ${id}`);
    const result = change(order);
    order.updatedAt = this.there();
    return result;
  }

  #nextDue(): Due | undefined {
    const now = this.#clock.now();
    return this.#due.filter((due) => due.at <= now).reduce<Due | undefined>((first, due) => (first === undefined || due.at < first.at ? due : first), undefined);
  }

  #at(moment: Instant, happen: () => void): void {
    const outer = this.#happening;
    this.#happening = moment;
    try {
      happen();
    } finally {
      this.#happening = outer;
    }
  }
}
