import type { Clock } from '../../src/runtime/clock.ts';
import type { Operation } from '../../src/planning/operation.ts';
import { normalTracking } from '../../src/orders/parcel.ts';
import { compare } from '../../src/syncing/compare.ts';
import type { Intent, Offer, Offered, Permit } from '../../src/syncing/destination.ts';
import type { SeenParcel } from '../../src/syncing/order-reader.ts';
import type { Evidence, Outcome } from '../../src/syncing/outcome.ts';
import { offersOf } from './offers.ts';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';
import { createReader } from './reader.ts';
import { refusal } from './script.ts';
import type { Effect, Kind, Met, Remote, RemoteOrder, Script } from './script.ts';

/** Opens a marketplace in memory; see {@link Remote}. */
export function createRemote(clock: Clock, kind: Kind, offers: Partial<Record<Operation, Offer>> = {}): Remote {
  const orders = new Map<string, RemoteOrder>();
  const effects: Effect[] = [];
  const met: Met[] = [];
  const scripts = new Map<string, Script[]>();
  const standing = new Map<string, Script>();
  const paces = new Map<string, Pace>();
  const pending: { readonly at: number; readonly intent: Intent }[] = [];
  const made = { parcels: 0 };

  const remote: Remote = {
    offers: { ...offersOf(kind), ...offers },
    reader: createReader(clock, kind, () => remote, answer),
    orders,
    effects,
    met,
    latency: 0,
    skew: 0,
    destination: (width = 8) => ({
      offers: remote.offers,
      width,
      send: async (intents, permit) => Promise.all(intents.map((intent) => send(intent, permit))),
      check: async (intents, permit) => Promise.all(intents.map((intent) => check(intent, permit))),
    }),
    script: (call, ...answers) => void scripts.set(call, [...(scripts.get(call) ?? []), ...answers]),
    always: (call, given) => void (given === null ? standing.delete(call) : standing.set(call, given)),
    drop: (call) => {
      scripts.delete(call);
      standing.delete(call);
    },
    pace: (call, rate, burst) => {
      const pace = createPace(clock, rate, burst);
      paces.set(call, pace);
      return pace;
    },
    order(reference) {
      const order = orders.get(reference);
      if (order === undefined) throw new Error(`no order ${reference} there`);
      return order;
    },
    shipByHand(reference, { trackingNumber, lines, reference: given }) {
      const order = remote.order(reference);
      const all = order.lines.map((line) => ({ lineId: line.lineId, quantity: line.quantity - line.cancelled }));
      order.parcels.push({ reference: given ?? `hand-${(made.parcels += 1)}`, trackingNumber, carrier: 'Colissimo', shippedAt: clock.now(), lines: lines ?? all });
      order.updatedAt = clock.now();
    },
    change(reference, facts) {
      Object.assign(remote.order(reference), facts, { updatedAt: clock.now() });
    },
    perform: effect,
    meet: answer,
    doneFor: (sync) => effects.filter((effect) => effect.sync === sync && !effect.edit),
  };
  return remote;

  /** What the other side does with one call, before anything of it is done. */
  function answer(call: string, order: string, syncs: readonly number[]): { readonly script: Script; readonly evidence: Evidence } {
    overdue();
    const pace = paces.get(call);
    const admitted = pace?.admits() ?? true;
    met.push({ call, at: clock.monotonic(), order, syncs, throttled: !admitted });
    const evidence: Evidence = { call, request: { method: 'POST', path: `/${order}`, body: null }, answer: { status: 200, body: null }, fault: null, requestId: `r-${met.length}`, date: remote.skew === null ? null : clock.now() + remote.skew, rate: pace?.rate ?? null };
    if (!admitted) return { script: { throttled: null }, evidence: { ...evidence, rate: null } };
    const next = scripts.get(call)?.shift() ?? scripts.get('*')?.shift();
    return { script: next ?? standing.get(call) ?? standing.get('*') ?? 'ok', evidence };
  }

  async function send(intent: Intent, permit: Permit): Promise<Outcome> {
    const call = (remote.offers[intent.operation] as Offered).send[0];
    if (remote.latency > 0) await clock.sleep(remote.latency, permit.signal);
    const { script, evidence } = answer(call, intent.payload.order, [intent.sync]);
    const silence = { ...evidence, answer: null, date: null };
    if (typeof script === 'object' && 'late' in script) {
      pending.push({ at: clock.monotonic() + script.late, intent });
      return { kind: 'unknown', cause: 'remote/no-answer', evidence: silence };
    }
    if (typeof script === 'object' && 'until' in script) {
      const done = effect(intent);
      await Promise.race([script.until, aborted(permit.signal)]);
      return permit.signal.aborted ? { kind: 'unknown', cause: 'remote/no-answer', evidence: silence } : { kind: 'accepted', reference: done, evidence };
    }
    const refused = refusal(script, evidence);
    if (refused !== null) return refused;
    if (script === 'silent-yes') return { kind: 'accepted', reference: kind === 'amazon' ? (intent.payload.parcel?.reference ?? null) : `silent-${met.length}`, evidence };
    if (script === 'ok') return { kind: 'accepted', reference: effect(intent), evidence };
    if (script === 'lost-after' || script === 'never-after') effect(intent);
    if (script === 'never' || script === 'never-after') await aborted(permit.signal);
    return { kind: 'unknown', cause: 'remote/no-answer', evidence: silence };
  }

  async function check(intent: Intent, permit: Permit): Promise<Outcome> {
    const call = (remote.offers[intent.operation] as Offered).check[0];
    if (remote.latency > 0) await clock.sleep(remote.latency, permit.signal);
    const { script, evidence } = answer(call, intent.payload.order, [intent.sync]);
    const refused = refusal(script, evidence);
    if (refused !== null) return refused;
    if (script === 'never') await aborted(permit.signal);
    if (script !== 'ok') return { kind: 'unknown', cause: 'remote/no-answer', evidence: { ...evidence, answer: null } };
    const order = orders.get(intent.payload.order);
    if (order === undefined) return { kind: 'rejected', cause: 'remote/order-unknown', evidence };
    const seen = order.parcels.map((parcel) => parcel.reference);
    if (intent.payload.parcel === null) return order.done.includes(intent.operation) ? { kind: 'present', reference: null, evidence } : { kind: 'absent', seen: [], evidence };
    const likeness = compare(intent, order.parcels, kind === 'amazon' ? 'ours' : 'its-own');
    if (likeness.kind === 'present') return { kind: 'present', reference: likeness.reference, evidence };
    return likeness.kind === 'absent' ? { kind: 'absent', seen, evidence } : { kind: 'different', cause: 'remote/parcel-different', evidence };
  }

  /** Effects that were promised for later, and whose moment has come. */
  function overdue(): void {
    for (const late of pending.filter((one) => one.at <= clock.monotonic())) {
      pending.splice(pending.indexOf(late), 1);
      effect(late.intent);
    }
  }

  function effect({ sync, operation, payload }: Intent): string {
    const order = remote.order(payload.order);
    order.updatedAt = clock.now();
    const { parcel } = payload;
    if (parcel === null) {
      order.done.push(operation);
      if (operation === 'cancel-order') order.cancellation = 'cancelled';
      effects.push({ at: clock.monotonic(), sync, operation, order: payload.order, reference: '', edit: false });
      return `${operation}-${order.done.length}`;
    }
    const told = { trackingNumber: parcel.trackingNumber, carrier: parcel.carrierCode, shippedAt: clock.now(), lines: payload.lines };
    const same = (p: SeenParcel): boolean => (kind === 'amazon' ? p.reference === parcel.reference : operation === 'correct-shipment' && JSON.stringify(p.lines) === JSON.stringify(payload.lines));
    const known = order.parcels.findIndex(same);
    const reference = known >= 0 ? (order.parcels[known]?.reference ?? '') : kind === 'amazon' ? parcel.reference : parcel.trackingNumber === null ? `made-${(made.parcels += 1)}` : `${normalTracking(parcel.trackingNumber)}-${(made.parcels += 1)}`;
    if (known >= 0) order.parcels[known] = { reference, ...told };
    else order.parcels.push({ reference, ...told });
    effects.push({ at: clock.monotonic(), sync, operation, order: payload.order, reference, edit: known >= 0 });
    return reference;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
