import { capital } from '../../language/speak.ts';
import { leftToShip } from '../../orders/order.ts';
import { claimantName } from '../../store/claims.ts';
import { setParcel } from '../../store/parcels.ts';
import { undoApplied } from '../../store/undo.ts';
import type { OrderSeen } from '../../store/views/order-page.ts';
import { go, missing, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { accountName } from '../parts/account.ts';
import { dueWords, nearness } from '../parts/due.ts';
import { head } from '../parts/head.ts';
import { address } from '../parts/link.ts';
import { stateChip, stateName } from '../parts/state.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { historySection } from './order-history.ts';
import { idOf } from './order-id.ts';
import { parcelsSection, sealOf } from './order-parcels.ts';
import type { Wrong } from './order-parcels.ts';
import { publicationSheets } from './order-publication.ts';
import { syncsSection } from './order-syncs.ts';

/** GET /orders/:id */
export async function orderPage(visit: Visit): Promise<Answer> {
  return shown(visit, null);
}

/** @param wrong what is wrong with the parcel that was to be changed */
async function shown(visit: Visit, wrong: Wrong | null): Promise<Answer> {
  const { say, speech, ports } = visit;
  const id = idOf(visit);
  const seen = id === null ? null : await ports.reader.view('orderPage', { id });
  if (id === null || seen === null) return missing;
  const { history } = seen;
  const { order } = history;
  const heading = html`${say('order.heading')} <span class="nb">${order.reference}</span>`;
  const under = [order.ownReference, accountName(visit, order.account), order.imported ? at(visit, order.placedAt, 'moment') : say(history.unknownAt === null ? 'order.notImported' : 'order.unknownThere'), order.total === null ? null : speech.formatMoney(order.total, order.currency)].filter((one) => one !== null && one !== '').join(' · ');
  const apply = (query: Readonly<Record<string, string>>): string => address('/orders/apply', { order: id, back: `/orders/${id}`, ...query });
  const keys = visit.may('get /orders/apply') ? html`<div class="keys"><a class="btn main" href="${apply({})}">${say('orders.applyTo')}</a></div>` : none;
  const body = html`${head(heading, { above: { to: '/orders', words: say('orders.title') }, under, right: keys })}
<div class="split"><div class="stack">
${linesSection(visit, seen)}
${parcelsSection(visit, seen, wrong)}
${historySection(visit, seen)}
${syncsSection(visit, seen)}
</div><div class="stack">
${currentSheet(visit, seen)}
${publicationSheets(visit, seen)}
</div></div>`;
  return page(say('order.title', { order: order.reference }), body, { status: wrong === null ? 200 : 422 });
}

function linesSection(visit: Visit, { history: { order, parcels }, due }: OrderSeen): Html {
  const { say } = visit;
  const left = leftToShip(order.lines, parcels);
  const deadline = due.kind === 'none' ? none : html`<span class="due ${nearness(visit, due)}">${dueWords(visit, due)}</span>`;
  if (order.lines.length === 0) return html`<section><div class="title"><h2>${say('order.lines')}</h2>${deadline}</div><p class="quiet">${say('order.noLines')}</p></section>`;
  return html`<section><div class="title"><h2>${say('order.lines')}</h2>${deadline}</div>
<table class="rows lines"><caption class="unseen">${say('order.lines')}</caption><thead><tr><th scope="col">${say('order.article')}</th><th scope="col" class="num">${say('order.ordered')}</th><th scope="col" class="num">${say('order.gone')}</th><th scope="col" class="num">${say('order.left')}</th></tr></thead><tbody>${order.lines.map(({ lineId, sku, title, quantity, cancelled }) => {
    const rest = left.get(lineId) ?? 0;
    return html`<tr><th scope="row" class="wide">${title === '' ? sku : title}<small>${sku}${cancelled > 0 ? ` · ${say('order.linesCancelled', { n: cancelled })}` : ''}</small></th><td class="num" data-of="${say('order.ordered')}">${quantity}</td><td class="num" data-of="${say('order.gone')}">${quantity - cancelled - rest}</td><td class="num end" data-of="${say('order.left')}">${rest > 0 ? html`<b>${rest}</b>` : rest}</td></tr>`;
  })}</tbody></table></section>`;
}

function currentSheet(visit: Visit, { history: { order, state, indicator }, states }: OrderSeen): Html {
  const { say, speech, language } = visit;
  const current = state === null ? undefined : states.get(state);
  const facts: readonly (readonly [string, string])[] = [
    [say('orders.indicator'), indicator === null ? '' : capital(speech.indicator(indicator))],
    [say('order.payment'), capital(speech.payment(order.payment))],
    [say('order.fulfilment'), order.fulfilment === 'merchant' ? '' : speech.fulfilment(order.fulfilment)],
    [say('order.cancellation'), order.cancellation === 'none' ? '' : speech.cancellation(order.cancellation)],
  ];
  return html`<section class="sheet"><h2>${say('order.current')}</h2>${current === undefined ? html`<p class="quiet">${say('orders.noState')}</p>` : html`<p>${stateChip(current)}</p><p>${stateName(current.texts, language)}</p>`}
<dl class="facts small apart">${facts.filter(([, value]) => value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}

/** POST /orders/:id/parcels: completes or corrects one. */
export async function completeParcel(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const id = idOf(visit);
  const parcel = Number(form.text('parcel'));
  const seen = id === null ? null : await ports.reader.view('orderPage', { id });
  const before = seen?.history.parcels.find((one) => one.id === parcel);
  if (id === null || before === undefined) return missing;
  if (form.has('seal') && form.text('seal') !== sealOf(before)) return shown(visit, { parcel, faults: [], changed: true });
  const set = await setParcel(ports.context, parcel, { carrier: form.text('carrier'), ...(form.text('untracked') === 'yes' ? { untracked: true } : { trackingNumber: form.text('tracking') }) }, person.name, now);
  if ('faults' in set) return shown(visit, { parcel, faults: set.faults, changed: false });
  ports.notify([set.account]);
  return go(`/orders/${id}`, { key: 'order.parcelSaved', values: { n: set.syncs.length } });
}

/** POST /orders/:id/undo: one application, as long as nothing has left. */
export async function undoOne(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const id = idOf(visit);
  const applied = Number(form.text('applied'));
  const seen = id === null ? null : await ports.reader.view('orderPage', { id });
  if (id === null || seen === null || !seen.history.applied.some((one) => one.id === applied)) return missing;
  const undone = await undoApplied(ports.context, applied, person.name, now);
  ports.notify([seen.history.order.account]);
  if (undone === null) return go(`/orders/${id}`, { key: 'order.undoneBefore', tone: 'warn' });
  if (undone.standsFor.length > 0) return go(`/orders/${id}`, { key: 'order.undoneStands', values: { names: undone.standsFor.map(claimantName).join(', ') }, tone: 'warn' });
  if (undone.whole && undone.doubtful.length > 0) return go(`/orders/${id}`, { key: 'order.undoneDoubtful', tone: 'warn' });
  return undone.whole ? go(`/orders/${id}`, { key: 'order.undone' }) : go(`/orders/${id}`, { key: 'order.undoneLate', tone: 'warn' });
}
