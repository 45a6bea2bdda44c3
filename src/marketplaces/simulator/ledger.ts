import type { Instant } from '../../runtime/clock.ts';

/** Units of one order line. */
export interface Units {
  readonly lineId: string;
  readonly quantity: number;
}

/** Something that really happened to an order's parcels, whoever asked and whatever was answered. */
export interface Effect {
  readonly moment: Instant;
  readonly order: string;
  /** Amazon: `packageReferenceId`; eBay: `fulfillmentId`. */
  readonly reference: string;
  readonly kind: 'created' | 'edited';
  /** `api`: a request did it; `hand`: the merchant, in the marketplace's own pages. */
  readonly by: 'api' | 'hand';
  /** The request that did it, as {@link RequestEntry.number} counts; null for `hand`. */
  readonly request: number | null;
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly lines: readonly Units[];
}

/** A package as it stands. Two packages of one order may bear one reference: the simulated eBay's worst case. */
export interface Package {
  readonly order: string;
  readonly reference: string;
  readonly by: 'api' | 'hand';
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly lines: readonly Units[];
  readonly createdAt: Instant;
  /** How many times it was changed after it was created. */
  readonly edits: number;
}

/** One request that arrived. No header, body or token is kept. */
export interface RequestEntry {
  /** Counts from 1. */
  readonly number: number;
  readonly moment: Instant;
  /** The API call by the marketplace's own name, `token`, or `unknown`. */
  readonly call: string;
  readonly order: string | null;
  /** The status that was answered; null where no answer left, or has not left yet. */
  readonly status: number | null;
  /** Answered 429, whatever the reason. */
  readonly throttled: boolean;
  /** The misbehaviour that struck it, by its kind. */
  readonly fault: string | null;
}

/** What happened at one marketplace. Tests judge by it: packages are counted, not calls. Nothing is ever dropped from it. */
export class Ledger {
  readonly #effects: Effect[] = [];
  readonly #requests: RequestEntry[] = [];
  readonly #settle: () => void;

  /** @param settle makes everything that is due take place, so that a reading is never behind the clock */
  constructor(settle: () => void) {
    this.#settle = settle;
  }

  /** Every effect, in the order in which they took place. */
  effects(): readonly Effect[] {
    this.#settle();
    return [...this.#effects];
  }

  /** The packages that all effects together have left. */
  packages(): readonly Package[] {
    const packages: Package[] = [];
    const places = new Map<string, number>();
    for (const { order, reference, carrier, tracking, lines, by, moment, kind } of this.effects()) {
      const name = JSON.stringify([order, reference]);
      const place = kind === 'edited' ? places.get(name) : undefined;
      const edited = place === undefined ? undefined : packages[place];
      if (place !== undefined && edited !== undefined) {
        packages[place] = { ...edited, carrier, tracking, lines, edits: edited.edits + 1 };
        continue;
      }
      places.set(name, packages.length);
      packages.push({ order, reference, by, carrier, tracking, lines, createdAt: moment, edits: 0 });
    }
    return packages;
  }

  /** Every request, in the order of arrival. */
  requests(): readonly RequestEntry[] {
    this.#settle();
    return [...this.#requests];
  }

  addEffect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** A request arrived. Returns its number. */
  addRequest(moment: Instant, call: string, order: string | null): number {
    const number = this.#requests.length + 1;
    this.#requests.push({ number, moment, call, order, status: null, throttled: false, fault: null });
    return number;
  }

  /** What became of request `number`. */
  note(number: number, more: { readonly status?: number; readonly fault?: string }): void {
    const entry = this.#requests[number - 1];
    if (entry !== undefined) this.#requests[number - 1] = { ...entry, ...more, throttled: entry.throttled || more.status === 429 };
  }
}
