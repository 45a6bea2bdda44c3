import { iso, withValues } from '../api/fields.ts';
import { sayCause } from '../api/said.ts';
import { syncJson } from '../api/sync-json.ts';
import type { OrderState } from '../orders/order-state.ts';
import { leftToShip } from '../orders/order.ts';
import { isPublished } from '../orders/publication.ts';
import type { AccountView } from '../store/account-views.ts';
import type { AppliedEntry, OrderHistory } from '../store/history.ts';
import type { LogRow } from '../store/log.ts';
import type { StoredParcel } from '../store/situations.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';

/** What --json prints has the members of the HTTP API's answers: a test compares them. */

export function stateJson({ mnemonic, type, texts, colour, indicator, actions, graceS, archivedAt }: OrderState) {
  return { mnemonic, type, texts, colour, ...withValues({ indicator }), actions, graceS, ...(archivedAt === null ? {} : { archivedAt: iso(archivedAt) }) };
}

export function accountJson({ liveFrom, pausedAt, observeSince, observeWhy, pausedBy, sweptUntil, refusals, quotas, ...view }: AccountView, diagnoses: Diagnoses, language: Language) {
  return {
    ...view,
    liveFrom: iso(liveFrom),
    paused: pausedAt !== null,
    ...(pausedAt === null ? {} : { pausedAt: iso(pausedAt) }),
    ...withValues({ pausedBy, observeWhy }),
    ...(observeSince === null ? {} : { observeSince: iso(observeSince) }),
    refusals: refusals.map(({ call, cause, since, probeAt }) => ({ call, cause, since: iso(since), probeAt: iso(probeAt), diagnosis: sayCause(diagnoses, cause, language) })),
    quotas: quotas.map(({ closedUntil, ...quota }) => ({ ...quota, ...(closedUntil === null ? {} : { closedUntil: iso(closedUntil) }) })),
    ...(sweptUntil === null ? {} : { sweptUntil: iso(sweptUntil) }),
  };
}

export function orderJson({ id, order, unknownAt, state, indicator, applied, parcels }: OrderHistory, syncs: readonly LogRow[], customerUrl: string, diagnoses: Diagnoses, language: Language) {
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
  return { ...parcel, ...withValues({ carrier, trackingNumber, shipFrom, appliedState }), shippedAt: iso(shippedAt), ...(lines === null ? {} : { lines }) };
}
