import { z } from 'zod';
import type { Wish } from '../../orders/applied-state.ts';
import { instant, line as oneLine, money, name, quantity, text } from '../fields.ts';

/** So many parcels in one application, and lines in one parcel, are told of by no merchant. */
const mostParcels = 100;
const mostLines = 500;

const line = z.strictObject({ lineId: name(100), quantity: quantity() });

const parcel = z
  .strictObject({
    carrier: oneLine(200).exactOptional().meta({ description: 'The carrier as you call it; its code at the marketplace is looked up' }),
    trackingNumber: oneLine(200).exactOptional(),
    untracked: z.boolean().exactOptional().meta({ description: 'There will be no tracking number' }),
    shippedAt: text(64).exactOptional().meta({ description: 'A moment (2026-11-23T09:00:00Z), or a day (2026-11-23) in the merchant’s time zone' }),
    shipFrom: name(100).exactOptional().meta({ description: 'The marketplace’s id of the place it ships from' }),
    lines: z.array(line).max(mostLines).exactOptional().meta({ description: 'What it holds; left out by at most one parcel: all that is left of the order' }),
  })
  .meta({ id: 'ParcelToApply' });

const refund = z
  .strictObject({
    reason: name(100),
    lines: z.array(z.strictObject({ lineId: name(100), quantity: quantity(), amount: money().exactOptional() })).max(mostLines).exactOptional(),
    shipping: money().exactOptional(),
    amount: money().exactOptional(),
  })
  .meta({ id: 'RefundToApply' });

/** A state to be applied, as POST /applied-states takes it. */
export const wishShape = z
  .strictObject({
    account: name(100).meta({ description: 'An account’s id, or "shop" for the merchant’s own shop' }),
    order: name(100).meta({ description: 'The order’s number there, or the shop’s own' }),
    state: name(64).meta({ description: 'Mnemonic name of the state' }),
    appliedAt: instant().exactOptional().meta({ description: 'When it was applied; now where it is left out' }),
    sourceRef: name(200).exactOptional().meta({ description: 'Your own key for this application: sent again with the same content, the first answer is given again' }),
    parcels: z.array(parcel).max(mostParcels).exactOptional(),
    comment: text(20_000).exactOptional().meta({ description: 'Overrides the state’s' }),
    sms: text(20_000).exactOptional().meta({ description: 'Overrides the state’s' }),
    publish: z.boolean().exactOptional().meta({ description: 'Overrides the state’s' }),
    notifyByMail: z.boolean().exactOptional().meta({ description: 'Overrides the state’s' }),
    notifyBySms: z.boolean().exactOptional().meta({ description: 'Overrides the state’s' }),
    generateInvoice: z.boolean().exactOptional().meta({ description: 'Overrides the state’s' }),
    cancelReason: name(200).exactOptional().meta({ description: 'For states that cancel' }),
    refund: refund.exactOptional().meta({ description: 'For states that refund' }),
  })
  .meta({ id: 'StateToApply' }) satisfies z.ZodType<Wish>;
