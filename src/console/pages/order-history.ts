import { fill } from '../../orders/texts.ts';
import type { AppliedEntry } from '../../store/history.ts';
import type { OrderSeen } from '../../store/views/order-page.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { hidden, key } from '../parts/forms.ts';
import { valuesOf } from '../parts/customer.ts';
import { link } from '../parts/link.ts';
import { shownParcel } from './customer.ts';
import { stateChip, stateName } from '../parts/state.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';

/** The states that were applied, the latest first, each in its colour. */
export function historySection(visit: Visit, { history: { id, order, parcels, applied }, states }: OrderSeen): Html {
  const { say } = visit;
  if (applied.length === 0) return html`<section><h2>${say('order.history')}</h2><p class="quiet">${say('order.noHistory')}</p></section>`;
  return html`<section><h2>${say('order.history')}</h2><ol class="history">${applied.toReversed().map((one) => entry(visit, id, one, states, valuesFor(visit, order, parcels, one)))}</ol></section>`;
}

/** What the customer reads in place of the variables: of the parcels that came with the state, else of all. */
function valuesFor(visit: Visit, { reference }: { readonly reference: string }, parcels: OrderSeen['history']['parcels'], { id }: AppliedEntry): ReturnType<typeof valuesOf> {
  const own = parcels.filter(({ appliedState }) => appliedState === id);
  return valuesOf(reference, (own.length === 0 ? parcels : own).map(({ carrier, trackingNumber }) => shownParcel(visit, { carrier, tracking: trackingNumber })));
}

function entry(visit: Visit, order: number, one: AppliedEntry, states: OrderSeen['states'], values: ReturnType<typeof valuesOf>): Html {
  const { say, language, now, csrf } = visit;
  const state = states.get(one.state);
  const undoable = one.undoneAt === null && one.graceUntil !== null && one.graceUntil > now && visit.may('post /orders/:id/undo');
  const flags = [...(one.notifyByMail ? [say('order.byMail')] : []), ...(one.notifyBySms ? [say('order.bySms')] : []), ...(one.generateInvoice ? [say('order.withInvoice')] : [])];
  return html`<li${state === undefined ? none : html` class="e${state.id}"`}><time datetime="${new Date(one.appliedAt).toISOString()}">${at(visit, one.appliedAt)}</time><div>${state === undefined ? one.state : stateChip(state)} <b>${state === undefined ? none : stateName(state.texts, language)}</b>${one.comment === '' ? none : html`<p class="prose">${fill(one.comment, values)}</p>`}<p class="small quiet">${origin(visit, one)}${flags.map((flag) => ` · ${flag}`)}</p>
${one.undoneAt === null ? none : html`<p class="small"><b>${say('order.undoneBy', { by: one.undoneBy ?? '', at: at(visit, one.undoneAt) })}</b></p>`}${undoable ? html`<form method="post" action="/orders/${order}/undo" class="keys">${csrf}${hidden('applied', one.id)}<span class="small">${say('order.undoUntil', { at: at(visit, one.graceUntil ?? now, 'time') })}</span>${key(say('order.undo'))}</form>` : none}</div>${publishing(visit, order, one)}</li>`;
}

/** Who applied it, and from where; what was applied to many leads to all of them. */
function origin({ say, may }: Visit, { author, source }: AppliedEntry): Html {
  const bulk = /^bulk\/([1-9]\d{0,14})$/.exec(source)?.[1];
  if (bulk !== undefined) return html`${author}, ${may('get /orders/bulk/:id') ? link(`/orders/bulk/${bulk}`, say('order.withOthers')) : say('order.withOthers')}`;
  return html`${source === 'console' ? say('order.byConsole', { by: author }) : say('order.by', { by: author, source })}`;
}

/** Whether the customer sees it, and the key that says otherwise. */
function publishing({ say, csrf, may }: Visit, order: number, { id, publish, undoneAt, state }: AppliedEntry): Html {
  const words = html`<span class="small">${say(publish ? 'order.published' : 'order.internal')}</span>`;
  if (undoneAt !== null || !may('post /orders/:id/applied')) return words;
  return html`<div>${words}<form method="post" action="/orders/${order}/applied">${csrf}${hidden('applied', id)}<button class="as-link small" name="publish" value="${publish ? 'no' : 'yes'}" aria-label="${say(publish ? 'order.keepInternalOf' : 'order.publishOf', { state })}">${say(publish ? 'order.keepInternal' : 'order.publishIt')}</button></form></div>`;
}
