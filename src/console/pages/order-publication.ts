import { publications } from '../../orders/order.ts';
import { isPublished, visible } from '../../orders/publication.ts';
import { capital } from '../../language/speak.ts';
import { renewLink } from '../../store/customer-links.ts';
import { publishOrder } from '../../store/orders.ts';
import { publishApplied } from '../../store/publication.ts';
import type { OrderSeen } from '../../store/views/order-page.ts';
import { go, missing } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { field, key, tick } from '../parts/forms.ts';
import type { Visit } from '../visit.ts';
import { idOf } from './order-id.ts';

/** Whether the customer sees this order, and the link under which they do. */
export function publicationSheets(visit: Visit, { history, marketplace }: OrderSeen): Html {
  const { say, speech, csrf, now, ports } = visit;
  const { order, id } = history;
  const byRule = say(isPublished({ ...order, publication: 'default' }) ? 'order.ruleYes' : marketplace === null ? 'order.ruleUnpaid' : 'order.ruleMarketplace', { marketplace: speech.channel(marketplace) });
  const words = { default: html`${capital(speech.publication('default'))} <span class="quiet">(${byRule})</span>`, yes: capital(speech.publication('yes')), no: capital(speech.publication('no')) };
  const form = visit.may('post /orders/:id/publication')
    ? html`<form method="post" action="/orders/${id}/publication">${csrf}<fieldset class="f"><legend>${say('order.customerSees')}</legend>${publications.map((one) => tick('publication', words[one], order.publication === one, one, 'radio'))}</fieldset><p class="apart">${key(say('frame.save'))}</p></form>`
    : html`<p>${words[order.publication]}</p>`;
  const url = ports.links.url(history);
  const count = visible(order, history.applied, now).length;
  const renew = visit.may('post /orders/:id/link') ? html`<details class="apart small"><summary>${say('order.renewLink')}</summary><form method="post" action="/orders/${id}/link">${csrf}<p>${say('order.renewLead')}</p><p class="keys apart">${key(say('order.renewDo'))}</p></form></details>` : none;
  const sharing = isPublished(order)
    ? html`${field('link', say('order.linkShows', { n: count }), { value: url, readonly: true })}<p class="keys apart"><button class="btn" type="button" data-copy="f-link" data-copied="${say('order.copied')}" hidden>${say('order.copy')}</button><a class="btn plain" href="${url}">${say('order.seePage')}</a></p>`
    : html`<p class="quiet">${say('order.notPublished')}</p>`;
  return html`<section class="sheet"><h2>${say('order.publication')}</h2>${form}</section><section class="sheet"><h2>${say('order.link')}</h2>${sharing}${renew}</section>`;
}

/** POST /orders/:id/publication */
export async function publish(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const id = await knownOrder(visit);
  const wanted = publications.find((one) => one === form.text('publication'));
  if (id === null || wanted === undefined) return missing;
  await publishOrder(ports.context, id, wanted, person.name, now);
  return go(`/orders/${id}`, { key: 'order.publicationSaved' });
}

/** POST /orders/:id/link: the link that was given out is dead from now on, and there is another one. */
export async function renewCustomerLink(visit: Visit): Promise<Answer> {
  const { ports, person, now } = visit;
  const id = await knownOrder(visit);
  if (id === null) return missing;
  await renewLink(ports.context, id, person.name, now);
  return go(`/orders/${id}`, { key: 'order.linkRenewed' });
}

/** POST /orders/:id/applied: one applied state is shown to the customer, or kept internal. */
export async function publishOne(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const id = await knownOrder(visit);
  const [applied, publish] = [form.text('applied'), form.text('publish')];
  if (id === null || !/^\d{1,15}$/.test(applied) || (publish !== 'yes' && publish !== 'no')) return missing;
  if (!(await publishApplied(ports.context, id, Number(applied), publish === 'yes', person.name, now))) return missing;
  return go(`/orders/${id}`, { key: publish === 'yes' ? 'order.appliedPublished' : 'order.appliedInternal' });
}

async function knownOrder(visit: Visit): Promise<number | null> {
  const id = idOf(visit);
  return id === null || (await visit.ports.reader.view('orderPage', { id })) === null ? null : id;
}
