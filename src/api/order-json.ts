import type { z } from 'zod';
import { leftToShip } from '../orders/order.ts';
import { isPublished } from '../orders/publication.ts';
import type { AppliedEntry, OrderHistory } from '../store/history.ts';
import type { LogRow } from '../store/log.ts';
import type { StoredParcel } from '../store/situations.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';
import { iso, withValues } from './fields.ts';
import type { orderShape } from './shapes/orders.ts';
import { syncJson } from './sync-json.ts';

/** An order with its whole story, as the API shows it, and the command line. @param syncs those of this order */
export function orderJson({ id, order, unknownAt, state, indicator, applied, parcels }: OrderHistory, syncs: readonly LogRow[], customerUrl: string, diagnoses: Diagnoses, language: Language): z.output<typeof orderShape> {
  const left = leftToShip(order.lines, parcels);
  return {
    id,
    account: order.account,
    reference: order.reference,
    ...withValues({ ownReference: order.ownReference }),
    imported: order.imported,
    ...(unknownAt === null ? {} : { unknownThereAt: iso(unknownAt) }),
    placedAt: iso(order.placedAt),
    ...(order.shipBy === null ? {} : { shipBy: iso(order.shipBy) }),
    payment: order.payment,
    publication: order.publication,
    published: isPublished(order),
    customerUrl,
    fulfilment: order.fulfilment,
    cancellation: order.cancellation,
    ...withValues({ currency: order.currency, total: order.total }),
    language: order.language,
    ...withValues({ state, indicator }),
    lines: order.lines.map(({ unitPrice, ...line }) => ({ ...line, left: left.get(line.lineId) ?? 0, ...withValues({ unitPrice }) })),
    states: applied.map(appliedJson),
    parcels: parcels.map(parcelJson),
    syncs: syncs.map((row) => syncJson(row, diagnoses, language)),
  };
}

function appliedJson({ appliedAt, receivedAt, cancelReason, refund, graceUntil, undoneAt, undoneBy, ...applied }: AppliedEntry) {
  return {
    ...applied,
    appliedAt: iso(appliedAt),
    receivedAt: iso(receivedAt),
    ...withValues({ cancelReason, undoneBy }),
    ...(refund === null ? {} : { refund }),
    ...(graceUntil === null ? {} : { graceUntil: iso(graceUntil) }),
    ...(undoneAt === null ? {} : { undoneAt: iso(undoneAt) }),
  };
}

function parcelJson({ carrier, trackingNumber, shippedAt, shipFrom, lines, appliedState, ...parcel }: StoredParcel) {
  return { ...parcel, ...withValues({ carrier, trackingNumber, shipFrom, appliedState }), shippedAt: iso(shippedAt), ...(lines === null ? {} : { lines: [...lines] }) };
}
