import { hash } from 'node:crypto';
import type { Fault } from '../../orders/fault.ts';
import { trackingLink } from '../../planning/carriers.ts';
import type { StoredParcel } from '../../store/situations.ts';
import type { OrderSeen } from '../../store/views/order-page.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { hidden, key } from '../parts/forms.ts';
import { syncStatus } from '../parts/sync.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';

/** What is wrong with a parcel that was to be changed. */
export interface Wrong {
  readonly parcel: number;
  readonly faults: readonly Fault[];
  /** Somebody else changed it since the page was made. */
  readonly changed: boolean;
}

/** Stands for a parcel as the form was made of it: what somebody else completed meanwhile is not undone. */
export function sealOf({ carrier, trackingNumber, untracked }: Pick<StoredParcel, 'carrier' | 'trackingNumber' | 'untracked'>): string {
  return hash('sha256', JSON.stringify([carrier, trackingNumber, untracked]), 'base64url').slice(0, 22);
}

/** The parcels of an order, each with what it holds and how far its telling has come. */
export function parcelsSection(visit: Visit, seen: OrderSeen, wrong: Wrong | null): Html {
  const { say } = visit;
  const { parcels } = seen.history;
  if (parcels.length === 0) return html`<section><h2>${say('order.parcels')}</h2><p class="quiet">${say('order.noParcels')}</p></section>`;
  return html`<section><h2>${say('order.parcels')}</h2><div class="halves">${parcels.map((parcel, index) => sheet(visit, seen, parcel, index + 1, wrong?.parcel === parcel.id ? wrong : null))}</div></section>`;
}

function sheet(visit: Visit, { history: { id, order }, syncs }: OrderSeen, parcel: StoredParcel, n: number, wrong: Wrong | null): Html {
  const { say } = visit;
  const latest = syncs.findLast((sync) => sync.parcel_id === parcel.id);
  const titles = new Map(order.lines.map(({ lineId, title, sku }) => [lineId, title === '' ? sku : title]));
  const content = parcel.lines === null ? say('order.allLeft') : parcel.lines.map(({ lineId, quantity }) => `${quantity} × ${titles.get(lineId) ?? lineId}`).join(', ');
  const facts: readonly (readonly [string, string | Html])[] = [
    [say('order.carrier'), parcel.carrier ?? '—'],
    [say('order.tracking'), parcel.untracked ? say('order.untracked') : parcel.trackingNumber === null ? html`<b>${say('order.awaited')}</b>` : tracked(visit, parcel.carrier, parcel.trackingNumber)],
    [say('order.leftOn'), at(visit, parcel.shippedAt)],
    [say('order.content'), content],
    ...(parcel.origin === 'marketplace' ? [[say('order.origin'), say('order.seenThere')] as const] : []),
  ];
  const open = wrong !== null || (parcel.trackingNumber === null && !parcel.untracked);
  const change = visit.may('post /orders/:id/parcels') && parcel.origin === 'ours' ? html`<details class="apart"${open ? html` open` : none}><summary class="small">${say(parcel.trackingNumber === null && !parcel.untracked ? 'order.complete' : 'order.correct')}</summary>${form(visit, id, parcel, wrong)}</details>` : none;
  return html`<div class="sheet" id="p${parcel.id}"><div class="title"><h3>${say('order.parcelN', { n })}</h3><span id="p${parcel.id}-status">${latest === undefined ? none : syncStatus(visit, latest.status, latest.cause)}</span></div><dl class="facts small">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${change}</div>`;
}

/** A tracking number, with the way to the carrier's own page where it is known. */
function tracked({ ports }: Visit, carrier: string | null, tracking: string): Html {
  const link = carrier === null ? null : trackingLink(ports.carriers.known, carrier, tracking);
  return link === null ? html`<span class="id">${tracking}</span>` : html`<a class="id" href="${link}" rel="noopener noreferrer">${tracking}</a>`;
}

function form(visit: Visit, order: number, parcel: StoredParcel, wrong: Wrong | null): Html {
  const { say, speech, csrf, form: given } = visit;
  const { id, carrier, trackingNumber, untracked } = parcel;
  const faults = wrong?.faults ?? [];
  const typed = wrong !== null;
  const fault = (name: string): string | null => {
    const found = faults.filter(({ field }) => field === name);
    return found.length === 0 ? null : found.map((one) => speech.mend(one)).join(' ');
  };
  return html`<form method="post" action="/orders/${order}/parcels#p${id}" class="stack tight">${csrf}${hidden('parcel', id)}${hidden('seal', sealOf(parcel))}${wrong?.changed === true ? html`<p class="note warn" role="alert">${say('order.parcelChanged')}</p>` : none}
${input(`carrier-${id}`, 'carrier', say('order.carrier'), typed ? given.text('carrier') : (carrier ?? ''), fault('carrier'))}
${input(`tracking-${id}`, 'tracking', say('order.tracking'), typed ? given.text('tracking') : (trackingNumber ?? ''), fault('trackingNumber'))}
<label class="tick"><input type="checkbox" name="untracked" value="yes"${(typed ? given.text('untracked') === 'yes' : untracked) ? html` checked` : none}><span>${say('order.noTracking')}</span></label>${fault('untracked') === null ? none : html`<span class="fault">${fault('untracked') ?? ''}</span>`}
<p class="keys">${key(say('frame.save'))}</p></form>`;
}

/** A field whose name stands on the page several times. */
function input(id: string, name: string, label: string, value: string, fault: string | null): Html {
  return html`<label class="f" for="${id}">${label}<input class="field" id="${id}" name="${name}" value="${value}" autocomplete="off" maxlength="80"${fault === null ? none : html` aria-invalid="true" aria-describedby="${id}-fault"`}>${fault === null ? none : html`<span class="fault" id="${id}-fault">${fault}</span>`}</label>`;
}
