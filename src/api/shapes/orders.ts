import { z } from 'zod';
import type { OrderDraft } from '../../orders/order-draft.ts';
import { payments, publications } from '../../orders/order.ts';
import { instant, moment, money, name, quantity, text, whole } from '../fields.ts';
import { refusedShape } from './faults.ts';
import { syncShape } from './syncs.ts';

/** No order has more lines than this. */
const mostLines = 1_000;

const paymentShape = z.enum(payments);
const publicationShape = z.enum(publications);

/** An order, as PUT /orders takes it. */
export const orderDraftShape = z
  .strictObject({
    account: name(100).meta({ description: 'An account’s id, or "shop" for the merchant’s own shop' }),
    reference: name(100).meta({ description: 'The number under which it was sold there' }),
    ownReference: name(100).exactOptional().meta({ description: 'The shop’s own number: accepted wherever an order is named' }),
    placedAt: instant(),
    shipBy: instant().exactOptional(),
    payment: paymentShape.exactOptional(),
    publication: publicationShape.exactOptional().meta({ description: 'default: by the rule; yes, no: forced' }),
    currency: name(10).exactOptional().meta({ description: 'ISO 4217' }),
    total: money().exactOptional(),
    language: name(10).exactOptional().meta({ description: 'The customer’s, ISO 639-1' }),
    lines: z.array(z.strictObject({ lineId: name(100), sku: text(200), title: text(500), quantity: quantity(), unitPrice: money().exactOptional() })).max(mostLines),
  })
  .meta({ id: 'OrderToPut', description: 'An order. What is left out keeps what is known of it' }) satisfies z.ZodType<OrderDraft>;

/** What PUT /orders answers for each order. */
export const orderPutShape = z.union([
  z.object({ id: whole, account: z.string(), reference: z.string(), created: z.boolean(), customerUrl: z.string().meta({ description: 'The page that its customer may follow: for the confirmation mail' }) }).meta({ id: 'OrderPut' }),
  refusedShape,
]);

const parcelLineShape = z.object({ lineId: z.string(), quantity: whole });

const parcelShape = z
  .object({
    id: whole,
    reference: z.string(),
    carrier: z.string().exactOptional(),
    trackingNumber: z.string().exactOptional(),
    untracked: z.boolean(),
    shippedAt: moment,
    shipFrom: z.string().exactOptional(),
    lines: z.array(parcelLineShape).exactOptional().meta({ description: 'Left out while the order’s lines are not known: all that is left' }),
    origin: z.enum(['ours', 'marketplace']).meta({ description: 'marketplace: found there, told by somebody else' }),
    appliedState: whole.exactOptional(),
  })
  .meta({ id: 'Parcel' });

const appliedStateShape = z
  .object({
    id: whole,
    state: z.string(),
    appliedAt: moment,
    receivedAt: moment,
    source: z.string(),
    author: z.string(),
    comment: z.string(),
    sms: z.string(),
    publish: z.boolean(),
    notifyByMail: z.boolean(),
    notifyBySms: z.boolean(),
    generateInvoice: z.boolean(),
    cancelReason: z.string().exactOptional(),
    refund: z.unknown().exactOptional(),
    graceUntil: moment.exactOptional(),
    undoneAt: moment.exactOptional(),
    undoneBy: z.string().exactOptional(),
  })
  .meta({ id: 'AppliedState', description: 'A state that was applied, with the text and the flags it had then' });

/** One order with its story. */
export const orderShape = z
  .object({
    id: whole,
    account: z.string(),
    reference: z.string(),
    ownReference: z.string().exactOptional(),
    imported: z.boolean().meta({ description: 'False while a marketplace order is known only because a state named it' }),
    unknownThereAt: moment.exactOptional().meta({ description: 'When the marketplace said that it knows no such order' }),
    placedAt: moment,
    shipBy: moment.exactOptional(),
    payment: paymentShape,
    publication: publicationShape,
    published: z.boolean().meta({ description: 'What the publication comes to: may its customer see it?' }),
    customerUrl: z.string(),
    fulfilment: z.string(),
    cancellation: z.string(),
    currency: z.string().exactOptional(),
    total: z.string().exactOptional(),
    language: z.string(),
    state: z.string().exactOptional().meta({ description: 'The latest applied state' }),
    indicator: z.string().exactOptional(),
    lines: z.array(
      z.object({ lineId: z.string(), sku: z.string(), title: z.string(), quantity: whole, cancelled: whole, shippedElsewhere: whole, left: whole.meta({ description: 'Units that no parcel carries yet' }), unitPrice: z.string().exactOptional() }),
    ),
    states: z.array(appliedStateShape),
    parcels: z.array(parcelShape),
    syncs: z.array(syncShape).meta({ description: 'Newest first, five hundred at most; all are in the sync log' }),
  })
  .meta({ id: 'Order', description: 'An order with the states applied to it, its parcels and its syncs' });
