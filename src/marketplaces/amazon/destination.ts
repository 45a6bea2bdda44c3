import { units } from '../../orders/parcel.ts';
import type { Payload } from '../../planning/operation.ts';
import { compare } from '../../syncing/compare.ts';
import type { Destination, Intent, Offered, Permit } from '../../syncing/destination.ts';
import type { SeenOrder } from '../../syncing/order-reader.ts';
import type { Outcome } from '../../syncing/outcome.ts';
import { evidenceOf, judge, toldOutcome, withoutAnswer } from './answers.ts';
import type { AmazonCause } from './causes.ts';
import type { Client } from './client.ts';
import { singleOrder } from './orders.ts';
import type { Answered } from './reply.ts';
import { confirmation, isOrderNumber, orderRead } from './requests.ts';
import type { CallName } from './requests.ts';
import { cancelledParcels, seenOrder } from './seen-order.ts';
import type { RawOrder } from './seen-order.ts';
import type { AmazonSettings } from './settings.ts';

/** Told again under the same `packageReferenceId`, Amazon edits the package. The tracking number is required by its model. */
const confirmShipment: Offered = { send: ['confirmShipment'], check: ['getOrder'], batch: 1, again: 'edit', untracked: 'refused' };

/** One seller account on one site, as the engine tells it things. */
export function amazonDestination(client: Client, account: AmazonSettings): Destination {
  return {
    offers: {
      'confirm-shipment': confirmShipment,
      'acknowledge-order': 'not-offered',
      'correct-shipment': 'not-offered',
      'cancel-order': 'not-offered',
      'refund-order': 'not-offered',
      'update-pickup': 'not-offered',
      'upload-invoice': 'not-offered',
    },
    width: 8,
    send: (intents, permit) => each(intents, permit, 'confirmShipment', (intent) => tell(client, account, intent, permit)),
    check: (intents, permit) => each(intents, permit, 'getOrder', (intent) => look(client, account, intent, permit)),
  };
}

/** One after the other, each paid for: the first is already. */
async function each(intents: readonly Intent[], permit: Permit, call: CallName, serve: (intent: Intent) => Promise<Outcome>): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const intent of intents) {
    const paid = outcomes.length === 0 || (await permit.more(call));
    outcomes.push(paid ? await serve(intent) : { kind: 'throttled', retryAfter: null, evidence: null });
  }
  return outcomes;
}

async function tell(client: Client, account: AmazonSettings, intent: Intent, permit: Permit): Promise<Outcome> {
  if (intent.operation !== 'confirm-shipment') return neverSent('amazon/not-offered');
  const known = confirmation(account.marketplaceId, intent.payload, client.there());
  if (!known.ok) return neverSent(known.cause);
  // The exchange of a token tells Amazon's time, where nothing has yet: no date may lie in its future.
  const token = await client.token(permit.signal);
  if (token.kind === 'none') return toldOutcome(token.reply, known.reference, client.now());
  const confirm = confirmation(account.marketplaceId, intent.payload, client.there());
  if (!confirm.ok) return neverSent(confirm.cause);
  const reply = await client.call(confirm.call, permit.signal, () => permit.more('confirmShipment'));
  return toldOutcome(reply, confirm.reference, client.now());
}

async function look(client: Client, account: AmazonSettings, intent: Intent, permit: Permit): Promise<Outcome> {
  if (intent.operation !== 'confirm-shipment') return neverSent('amazon/not-offered');
  const number = intent.payload.order;
  if (!isOrderNumber(number)) return neverSent('amazon/order-number-invalid');
  const reply = await client.call(orderRead(number), permit.signal, () => permit.more('getOrder'));
  const verdict = judge(reply, client.now());
  const evidence = evidenceOf(reply);
  if (verdict.kind !== 'answer') return withoutAnswer(verdict, evidence);
  const { answer } = verdict;
  if (answer.status === 404) return { kind: 'rejected', cause: 'amazon/order-unknown', evidence };
  // The parcel may be there all the same: a refused read is no word on it.
  if (answer.status >= 400) return { kind: 'different', cause: 'amazon/read-refused', evidence };
  const order = answer.status === 200 ? singleOrder(answer, number) : null;
  if (order === null) return { kind: 'unknown', cause: 'amazon/unreadable-answer', evidence };
  return found(intent, order, account.id, answer);
}

/** What the order that Amazon shows says of the parcel that `intent` tells of. */
function found(intent: Intent, raw: RawOrder, account: string, answer: Answered): Outcome {
  const evidence = evidenceOf(answer, { order: raw });
  const order = seenOrder(raw, account);
  const parcels = order.parcels ?? [];
  const likeness = compare(intent, parcels, 'ours');
  if (likeness.kind === 'present') return { kind: 'present', reference: likeness.reference || null, evidence };
  if (likeness.kind === 'different') return { kind: 'different', cause: 'amazon/package-different', evidence };
  // Not there, and no longer possible: nothing is in doubt, and nothing is left to tell.
  if (order.status === 'cancelled') return { kind: 'rejected', cause: 'amazon/order-cancelled', evidence };
  if (compare(intent, cancelledParcels(raw), 'ours').kind !== 'absent') return { kind: 'different', cause: 'amazon/package-cancelled', evidence };
  const room = roomFor(intent.payload, order);
  if (room === 'cancelled') return { kind: 'rejected', cause: 'amazon/line-cancelled', evidence };
  if (room === 'taken') return { kind: 'different', cause: 'amazon/already-shipped', evidence };
  if (room === 'hidden') return { kind: 'unknown', cause: 'amazon/package-not-visible', evidence };
  return { kind: 'absent', seen: parcels.map((parcel) => parcel.reference), evidence };
}

/**
 * Whether the parcel's units are still to ship. `cancelled`: some of them no longer are wanted. `taken`: other parcels
 * hold them, so that telling again would be refused. `hidden`: Amazon counts them as shipped and shows no parcel that holds them; ours may be that one.
 */
function roomFor(payload: Payload, order: SeenOrder): 'left' | 'cancelled' | 'taken' | 'hidden' {
  const shown = units((order.parcels ?? []).flatMap((parcel) => parcel.lines));
  let room: 'left' | 'hidden' = 'left';
  for (const [lineId, wanted] of units(payload.lines)) {
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    if (line === undefined) continue;
    const ordered = line.quantity - line.cancelled;
    if (line.cancelled > 0 && wanted > ordered) return 'cancelled';
    if (wanted + (shown.get(lineId) ?? 0) > ordered) return 'taken';
    if (wanted + (line.shipped ?? 0) > ordered) room = 'hidden';
  }
  return room;
}

function neverSent(cause: AmazonCause): Outcome {
  return { kind: 'rejected', cause, evidence: null };
}
