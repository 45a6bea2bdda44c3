import type { AppliedEntry } from '../../store/history.ts';
import type { OrderSeen } from '../../store/views/order-page.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { hidden, key } from '../parts/forms.ts';
import { stateChip, stateName } from '../parts/state.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';

/** The states that were applied, the latest first, each in its colour. */
export function historySection(visit: Visit, { history: { id, applied }, states }: OrderSeen): Html {
  const { say } = visit;
  if (applied.length === 0) return html`<section><h2>${say('order.history')}</h2><p class="quiet">${say('order.noHistory')}</p></section>`;
  return html`<section><h2>${say('order.history')}</h2><ol class="history">${applied.toReversed().map((one) => entry(visit, id, one, states))}</ol></section>`;
}

function entry(visit: Visit, order: number, one: AppliedEntry, states: OrderSeen['states']): Html {
  const { say, language, now, csrf } = visit;
  const state = states.get(one.state);
  const undoable = one.undoneAt === null && one.graceUntil !== null && one.graceUntil > now && visit.may('post /orders/:id/undo');
  const flags = [...(one.notifyByMail ? [say('order.byMail')] : []), ...(one.notifyBySms ? [say('order.bySms')] : []), ...(one.generateInvoice ? [say('order.withInvoice')] : [])];
  return html`<li${state === undefined ? none : html` class="e${state.id}"`}><time datetime="${new Date(one.appliedAt).toISOString()}">${at(visit, one.appliedAt)}</time><div>${state === undefined ? one.state : stateChip(state)} <b>${state === undefined ? none : stateName(state.texts, language)}</b>${one.comment === '' ? none : html`<p>${one.comment}</p>`}<p class="small quiet">${[say('order.by', { by: one.author, source: one.source }), ...flags].join(' · ')}</p>
${one.undoneAt === null ? none : html`<p class="small"><b>${say('order.undoneBy', { by: one.undoneBy ?? '', at: at(visit, one.undoneAt) })}</b></p>`}${undoable ? html`<form method="post" action="/orders/${order}/undo" class="keys">${csrf}${hidden('applied', one.id)}<span class="small">${say('order.undoUntil', { at: at(visit, one.graceUntil ?? now, 'time') })}</span>${key(say('order.undo'))}</form>` : none}</div><span class="small">${say(one.publish ? 'order.published' : 'order.internal')}</span></li>`;
}
