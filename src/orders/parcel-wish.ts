import type { Fault } from './fault.ts';
import { leftToShip } from './order.ts';
import type { Instant, Order } from './order.ts';
import type { StateType } from './order-state.ts';
import { isMalformed, normalTracking, sameLines, units } from './parcel.ts';
import type { Parcel, ParcelLine } from './parcel.ts';

/** A parcel as a caller gives it. */
export interface ParcelWish {
  readonly carrier?: string;
  readonly trackingNumber?: string;
  /** There will be no tracking number. */
  readonly untracked?: boolean;
  /** A moment, or a day (`2026-11-23`) in the merchant's time zone. */
  readonly shippedAt?: string;
  readonly shipFrom?: string;
  /** Omitted: all that is left of the order. */
  readonly lines?: readonly ParcelLine[];
}

/** A parcel to be stored. Its reference is given when it is. */
export type NewParcel = Omit<Parcel, 'id' | 'reference' | 'origin'>;

/** A parcel that was waiting for its tracking number, with what it was given. */
export type CompletedParcel = Pick<Parcel, 'id' | 'carrier' | 'lines'> & { readonly trackingNumber: string };

/** What the parcels of one wish come to. */
export interface ReadParcels {
  readonly fresh: readonly NewParcel[];
  /** Existing parcels that were waiting for their tracking number, and what they are from now on. */
  readonly completed: readonly CompletedParcel[];
  /** Existing parcels that were told of again. */
  readonly known: readonly number[];
  readonly faults: readonly Fault[];
}

/** Types whose application tells of parcels. */
export function parcelsWanted(type: StateType): boolean {
  return type === 'order-shipped' || type === 'order-partially-shipped';
}

const tolerance = 5 * 60 * 1000;
const longestTracking = 50;
const longestCarrier = 80;

/**
 * Reads the parcels of a wish against what the order has and what other parcels already carry.
 * The same order and normalised tracking number is the same parcel, in whatever file it comes again.
 */
export function readParcels(
  wishes: readonly ParcelWish[],
  type: StateType,
  order: Order,
  existing: readonly Parcel[],
  appliedAt: Instant,
  now: Instant,
  timeZone: string,
): ReadParcels {
  const none: ReadParcels = { fresh: [], completed: [], known: [], faults: [] };
  if (!parcelsWanted(type)) return none;
  const partial = type === 'order-partially-shipped';
  if (wishes.length === 0 && partial) return { ...none, faults: [{ code: 'lines-needed', field: 'parcels' }] };

  const faults: Fault[] = [];
  const gathered = gather(wishes.length === 0 ? [{}] : wishes);
  const isKnown = ({ wish }: Gathered): Parcel | undefined => (wish.trackingNumber === undefined ? undefined : existing.find((p) => isTracked(p, wish.trackingNumber ?? '')));
  // Those that are known take nothing: a cumulative file tells of them again and again.
  if (gathered.filter((one) => one.wish.lines === undefined && isKnown(one) === undefined).length > 1) faults.push({ code: 'lines-omitted-twice', field: 'parcels' });

  const left = leftToShip(order.lines, existing);
  const fresh: NewParcel[] = [];
  const completed: CompletedParcel[] = [];
  const known: number[] = [];
  const waiting = existing.filter((p) => p.origin === 'ours' && p.trackingNumber === null && !p.untracked);

  // Parcels that name their lines first: the one that omits them takes what the others leave.
  const inOrder = gathered.toSorted((a, b) => Number(a.wish.lines === undefined) - Number(b.wish.lines === undefined));
  for (const one of inOrder) {
    const { wish, field } = one;
    const found = isKnown(one);
    if (found !== undefined) {
      known.push(found.id);
      // What it holds was told already: other lines under the same number are a slip of one of the two.
      if (wish.lines !== undefined && found.lines !== null && !sameLines(wish.lines, found.lines)) faults.push({ code: 'parcel-holds-other', field: `${field}.lines`, found: wish.trackingNumber ?? '', expected: holds(found) });
      continue;
    }
    faults.push(...wishFaults(one));
    const shippedAt = readShippedAt(wish.shippedAt, `${field}.shippedAt`, order, appliedAt, now, timeZone, faults);
    const completes = completedBy(wish, waiting, left, completed);
    if (completes !== undefined && wish.trackingNumber !== undefined) {
      // One that stood for all that is left holds what it is now said to hold.
      const lines = completes.lines ?? (wish.lines === undefined ? null : gatheredLines(wish.lines));
      completed.push({ id: completes.id, carrier: wish.carrier?.trim() || completes.carrier, trackingNumber: wish.trackingNumber.trim(), lines });
      continue;
    }
    const lines = takeLines(one, order, left, partial && gathered.length === 1, faults);
    if (lines !== null && lines.length === 0) {
      // Beside others that carry all there was, a parcel with a number of its own would vanish without a word.
      if (wish.lines === undefined && gathered.length > 1 && hasTracking(wish)) faults.push({ code: 'lines-needed', field: `${field}.lines` });
      continue;
    }
    fresh.push({
      carrier: wish.carrier?.trim() || null,
      trackingNumber: wish.trackingNumber?.trim() || null,
      untracked: wish.untracked ?? false,
      shippedAt,
      shipFrom: wish.shipFrom ?? null,
      lines,
    });
  }
  return { fresh, completed, known, faults };
}

function holds(parcel: Parcel): string {
  return (parcel.lines ?? []).map(({ lineId, quantity }) => `${quantity} × ${lineId}`).join(', ');
}

/** One parcel as it was wished for, with where each part of it was written. */
interface Gathered {
  readonly wish: ParcelWish;
  readonly field: string;
  readonly lineFields: readonly string[];
}

/** Rows of one parcel are gathered: the same tracking number twice in one wish is one parcel with both rows' lines. */
function gather(wishes: readonly ParcelWish[]): Gathered[] {
  const places = new Map<string, number>();
  const gathered: Gathered[] = [];
  for (const [index, wish] of wishes.entries()) {
    const field = `parcels[${index}]`;
    const one = { wish, field, lineFields: (wish.lines ?? []).map((_, n) => `${field}.lines[${n}]`) };
    const key = normalTracking(wish.trackingNumber ?? '');
    const place = key === '' ? undefined : places.get(key);
    const same = place === undefined ? undefined : gathered[place];
    if (place === undefined || same === undefined) {
      if (key !== '') places.set(key, gathered.length);
      gathered.push(one);
    } else {
      gathered[place] = joined(same, one);
    }
  }
  return gathered;
}

/** Two rows of one parcel: what the first leaves out the second may say; a row without lines means all that is left. */
function joined(first: Gathered, second: Gathered): Gathered {
  const { lines, ...facts } = first.wish;
  const { lines: more, ...otherFacts } = second.wish;
  const both = lines === undefined || more === undefined ? {} : { lines: [...lines, ...more] };
  return { wish: { ...otherFacts, ...facts, ...both }, field: first.field, lineFields: [...first.lineFields, ...second.lineFields] };
}

/** The parcel without a number that this wish completes: the one with the same lines, or the only one when nothing else is left. */
function completedBy(wish: ParcelWish, waiting: readonly Parcel[], left: ReadonlyMap<string, number>, taken: readonly { id: number }[]): Parcel | undefined {
  if (!hasTracking(wish)) return undefined;
  const free = waiting.filter((p) => !taken.some((t) => t.id === p.id));
  const { lines } = wish;
  if (lines !== undefined) {
    const fits = lines.every((line) => line.quantity <= (left.get(line.lineId) ?? 0));
    return fits ? undefined : free.find((p) => p.lines === null || sameLines(p.lines, lines));
  }
  const nothingLeft = [...left.values()].every((quantity) => quantity === 0);
  return nothingLeft && free.length === 1 ? free[0] : undefined;
}

/** The lines of one new parcel, taken from what is left; null while the order's lines are not known. */
function takeLines({ wish, field, lineFields }: Gathered, order: Order, left: Map<string, number>, mustName: boolean, faults: Fault[]): ParcelLine[] | null {
  if (wish.lines === undefined) {
    if (mustName) faults.push({ code: 'lines-needed', field: `${field}.lines` });
    if (!order.imported) return null;
    const all = [...left].filter(([, quantity]) => quantity > 0).map(([lineId, quantity]) => ({ lineId, quantity }));
    for (const { lineId } of all) left.set(lineId, 0);
    return all;
  }
  if (wish.lines.length === 0) faults.push({ code: 'required', field: `${field}.lines` });
  const lines = gatheredLines(wish.lines);
  if (!order.imported) return lines;
  for (const { lineId, quantity } of lines) {
    const where = lineFields[wish.lines.findIndex((line) => line.lineId === lineId)];
    const remaining = left.get(lineId);
    if (remaining === undefined) {
      faults.push({ code: 'unknown-line', field: `${where}.lineId`, found: lineId, expected: order.lines.map((line) => line.lineId).join(', ') });
    } else if (quantity > remaining) {
      faults.push({ code: 'quantity-over-left', field: `${where}.quantity`, found: String(quantity), limit: remaining });
    } else {
      left.set(lineId, remaining - quantity);
    }
  }
  return lines;
}

/** Each line once. */
function gatheredLines(lines: readonly ParcelLine[]): ParcelLine[] {
  return [...units(lines)].map(([lineId, quantity]) => ({ lineId, quantity }));
}

function wishFaults({ wish, field, lineFields }: Gathered): Fault[] {
  const faults: Fault[] = [];
  for (const [index, line] of (wish.lines ?? []).entries()) {
    if (!Number.isSafeInteger(line.quantity) || line.quantity < 1) {
      faults.push({ code: 'quantity-not-whole', field: `${lineFields[index]}.quantity`, found: String(line.quantity) });
    }
  }
  const tracking = wish.trackingNumber?.trim() ?? '';
  if (tracking !== '' && wish.untracked === true) faults.push({ code: 'tracking-and-untracked', field: `${field}.untracked` });
  if (tracking.length > longestTracking) faults.push({ code: 'too-long', field: `${field}.trackingNumber`, limit: longestTracking });
  if (tracking !== '' && isMalformed(tracking)) {
    faults.push({ code: 'tracking-malformed', field: `${field}.trackingNumber`, found: tracking });
  }
  if ((wish.carrier ?? '').length > longestCarrier) faults.push({ code: 'too-long', field: `${field}.carrier`, limit: longestCarrier });
  return faults;
}

function hasTracking(wish: ParcelWish): boolean {
  return wish.trackingNumber !== undefined && wish.trackingNumber.trim() !== '';
}

function isTracked(parcel: Parcel, trackingNumber: string): boolean {
  const wanted = normalTracking(trackingNumber);
  return wanted !== '' && parcel.trackingNumber !== null && normalTracking(parcel.trackingNumber) === wanted;
}

/** A moment between the order and now. A day without a time is clamped between the two. */
function readShippedAt(given: string | undefined, field: string, order: Order, appliedAt: Instant, now: Instant, timeZone: string, faults: Fault[]): Instant {
  const earliest = order.imported ? order.placedAt : 0;
  if (given === undefined) return Math.min(now, Math.max(earliest, appliedAt));
  if (/^\d{4}-\d{2}-\d{2}$/.test(given)) {
    const day = attempt(() => Temporal.PlainDate.from(given));
    if (day === null) return fault({ code: 'date-malformed', field, found: given });
    const today = dayOf(now, timeZone);
    if (Temporal.PlainDate.compare(day, today) > 0) return fault({ code: 'date-in-future', field, found: given });
    if (Temporal.PlainDate.compare(day, dayOf(earliest, timeZone)) < 0) return fault({ code: 'date-before-order', field, found: given, expected: dayOf(earliest, timeZone).toString() });
    const noon = day.toZonedDateTime({ timeZone, plainTime: '12:00' }).epochMilliseconds;
    return Math.min(now, Math.max(earliest, noon));
  }
  const at = attempt(() => Temporal.Instant.from(given).epochMilliseconds);
  if (at === null) return fault({ code: 'date-malformed', field, found: given });
  if (at > now + tolerance) return fault({ code: 'date-in-future', field, found: given });
  if (at < earliest - tolerance) return fault({ code: 'date-before-order', field, found: given, expected: Temporal.Instant.fromEpochMilliseconds(earliest).toString() });
  return Math.min(now, Math.max(earliest, at));

  function fault(f: Fault): Instant {
    faults.push(f);
    return appliedAt;
  }
}

function dayOf(at: Instant, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
