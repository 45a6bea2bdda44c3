import type { Clock } from '../../runtime/clock.ts';
import type { Destination, Intent, Offered, Permit } from '../../syncing/destination.ts';
import type { Outcome } from '../../syncing/outcome.ts';
import { lookedOutcome, toldOutcome } from './answers.ts';
import type { CallName } from './calls.ts';
import { createShippingFulfillment, getShippingFulfillments, isOrderNumber } from './calls.ts';
import type { EbayCause } from './causes.ts';
import type { Client } from './client.ts';
import { confirmShipment } from './requests.ts';

/** No call of the Fulfillment API takes more than one parcel, and a second one with the same content is a second parcel. */
const confirming = { send: ['createShippingFulfillment'], check: ['getShippingFulfillments'], batch: 1, again: 'twice', untracked: 'look-first' } as const satisfies Offered;

const offers: Destination['offers'] = {
  'confirm-shipment': confirming,
  'acknowledge-order': 'not-offered',
  'correct-shipment': 'not-offered',
  'cancel-order': 'not-offered',
  'refund-order': 'not-offered',
  'update-pickup': 'not-offered',
  'upload-invoice': 'not-offered',
};

/** One eBay account, as the engine tells it things and looks at it. */
export function destination(client: Client, clock: Clock): Destination {
  return {
    offers,
    width: 8,
    send: (intents, permit) => eachPaid(confirming.send[0], intents, permit, (intent) => tell(client, clock, intent, permit)),
    check: (intents, permit) => eachPaid(confirming.check[0], intents, permit, (intent) => look(client, clock, intent, permit)),
  };
}

async function tell(client: Client, clock: Clock, { payload }: Intent, permit: Permit): Promise<Outcome> {
  if (!isOrderNumber(payload.order)) return rejected('ebay/order-unknown');
  const known = confirmShipment(payload, client.there());
  if (!known.ok) return rejected(known.cause);
  // The exchange of a token tells eBay's time, where nothing has yet: no date may lie in its future.
  const token = await client.ready(permit.signal);
  if (token.kind === 'no-token') return toldOutcome(token, clock.now());
  const prepared = confirmShipment(payload, client.there());
  if (!prepared.ok) return rejected(prepared.cause);
  const reply = await client.call(createShippingFulfillment(payload.order, prepared.body), permit.signal, (call) => permit.more(call));
  return toldOutcome(reply, clock.now());
}

async function look(client: Client, clock: Clock, intent: Intent, permit: Permit): Promise<Outcome> {
  if (!isOrderNumber(intent.payload.order)) return rejected('ebay/order-unknown');
  const reply = await client.call(getShippingFulfillments(intent.payload.order), permit.signal, (call) => permit.more(call));
  return lookedOutcome(intent, reply, clock.now());
}

/** One call per intent; the group has paid for the first. */
async function eachPaid(call: CallName, intents: readonly Intent[], permit: Permit, one: (intent: Intent) => Promise<Outcome>): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [position, intent] of intents.entries()) {
    if (intent.operation !== 'confirm-shipment') outcomes.push(rejected('ebay/not-offered'));
    else if (position > 0 && !(await permit.more(call))) outcomes.push({ kind: 'throttled', retryAfter: null, evidence: null });
    else outcomes.push(await one(intent));
  }
  return outcomes;
}

/** Refused here: eBay was not asked. */
function rejected(cause: EbayCause): Outcome {
  return { kind: 'rejected', cause, evidence: null };
}
