import { capital } from '../../language/speak.ts';
import type { OrderChoices } from '../../store/views/order-list.ts';
import type { OrderRow, RowSync } from '../../store/views/order-rows.ts';
import { page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { accountName } from '../parts/account.ts';
import { sayCause } from '../parts/cause.ts';
import { dueWords, nearness } from '../parts/due.ts';
import { field, hidden, key, select } from '../parts/forms.ts';
import { empty, head } from '../parts/head.ts';
import { link } from '../parts/link.ts';
import { stateChip, stateName } from '../parts/state.ts';
import { syncStatus } from '../parts/sync.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { graceStrips } from './apply-preview.ts';
import { addressOf, dues, filterOf, readAsked } from './order-filter.ts';
import type { Asked } from './order-filter.ts';

/** Rows of a page. */
const limit = 50;

/** GET /orders */
export async function ordersPage(visit: Visit): Promise<Answer> {
  const { say, ports, query, now } = visit;
  const asked = readAsked(query);
  const choices = await ports.reader.view('orderChoices');
  const { rows, next } = await ports.reader.view('orderList', { filter: filterOf(asked, choices, ports.timeZone, now), after: asked.after, limit, now });
  const bulks = await ports.reader.view('recentBulks', { now });
  const body = html`${head(say('orders.title'), { under: say(asked.due === 'all' ? 'orders.latestFirst' : 'orders.dueFirst'), right: visit.may('get /orders/file') ? html`<div class="keys"><a class="btn" href="/orders/file">${say('apply.fileTitle')}</a></div>` : none })}
${graceStrips(visit, bulks, addressOf(asked, asked.after))}${filters(visit, asked, choices)}
${rows.length === 0 ? await nothing(visit, asked, choices) : list(visit, asked, rows)}
<p class="keys apart no-print">${next === null ? none : html`<a class="btn" rel="next" href="${addressOf(asked, next)}">${say('frame.next')}</a>`}${asked.after === null ? none : html`<a class="btn plain" href="${addressOf(asked)}">${say('frame.first')}</a>`}</p>`;
  return page(say('orders.title'), body);
}

/** Why none is shown: there is none at all yet, all have left, or none is like what was asked for. */
async function nothing({ say, ports, now, may }: Visit, asked: Asked, choices: OrderChoices): Promise<Html> {
  const all = readAsked(new URLSearchParams({ due: 'all' }));
  const { rows } = await ports.reader.view('orderList', { filter: filterOf(all, choices, ports.timeZone, now), after: null, limit: 1, now });
  if (rows.length === 0) return empty(say('orders.noneYet'), may('get /accounts') ? link('/accounts', say('accounts.title')) : none);
  return empty(say(addressOf(asked) === '/orders?due=open' ? 'orders.nothingOpen' : 'orders.nothingFound'), link('/orders?due=all', say('frame.showAll')));
}

function filters(visit: Visit, asked: Asked, { states, accounts, indicators }: OrderChoices): Html {
  const { say, speech } = visit;
  const chips = states.map(({ id, mnemonic }) => html`<label class="chip e${id}"><input type="checkbox" name="state" value="${mnemonic}"${asked.states.includes(mnemonic) ? html` checked` : none}>${mnemonic} <b aria-hidden="true"></b></label>`);
  const marketplaces = [...Map.groupBy(accounts, ({ marketplace }) => marketplace)].filter(([marketplace, all]) => marketplace !== null && all.length > 1).map(([marketplace]) => marketplace ?? '');
  const offered = [{ value: '', words: say('orders.allAccounts') }, ...marketplaces.map((one) => ({ value: `@${one}`, words: say('orders.wholeMarketplace', { marketplace: speech.channel(one) }) })), ...accounts.map(({ id }) => ({ value: id, words: accountName(visit, id) }))];
  return html`<form class="filters" method="get" action="/orders" role="search" aria-label="${say('orders.filterLabel')}">
${states.length === 0 ? none : html`<fieldset><legend class="unseen">${say('orders.state')}</legend><div class="chips" tabindex="-1">${chips}</div></fieldset>`}
<div class="line-up">
${field('q', say('frame.search'), { type: 'search', value: asked.text, placeholder: say('orders.searchHint'), longest: 100 })}
${select('due', say('orders.due'), dues.map((value) => ({ value, words: say(`orders.due_${value}`) })), asked.due)}
${select('indicator', say('orders.indicator'), [{ value: '', words: say('orders.allIndicators') }, ...indicators.map((value) => ({ value, words: capital(speech.indicator(value)) }))], asked.indicator)}
${select('account', say('orders.account'), offered, asked.account)}
${field('from', say('orders.from'), { type: 'date', value: asked.from })}
${field('to', say('orders.to'), { type: 'date', value: asked.to })}
<div class="keys">${key(say('frame.filter'), { main: true })}<a class="btn plain" href="/orders?due=all">${say('frame.showAll')}</a></div>
</div></form>`;
}

function list(visit: Visit, asked: Asked, rows: readonly OrderRow[]): Html {
  const { say } = visit;
  const may = visit.may('get /orders/apply');
  const table = html`<table class="rows"><caption class="unseen">${say('orders.caption')}</caption><thead><tr>${may ? html`<th class="pick"><input type="checkbox" data-choose-all aria-label="${say('frame.chooseAll')}"></th>` : none}<th scope="col">${say('orders.order')}</th><th scope="col">${say('orders.accountDate')}</th><th scope="col">${say('orders.state')}</th><th scope="col">${say('orders.indicator')}</th><th scope="col">${say('orders.shipBy')}</th><th scope="col">${say('orders.sync')}</th></tr></thead>
<tbody>${rows.map((row) => line(visit, row, may))}</tbody></table>`;
  if (!may) return table;
  return html`<form method="get" action="/orders/apply">${hidden('back', addressOf(asked, asked.after))}${table}
<div class="bulk"><b class="grow" data-chosen data-one="${say('orders.chosenOne')}" data-other="${say('orders.chosenOther')}" role="status">${say('orders.chosen')}</b><div class="keys">${key(say('orders.applyTo'), { main: true })}${key(say('orders.applyToAll'), { name: 'all', value: 'yes' })}</div></div></form>`;
}

function line(visit: Visit, { id, account, reference, ownReference, placedAt, state, indicator, cancellation, due, sync }: OrderRow, may: boolean): Html {
  const { say, speech, language } = visit;
  return html`<tr id="o${id}">${may ? html`<td class="pick"><input type="checkbox" name="order" value="${id}" aria-label="${say('frame.choose', { what: reference })}"></td>` : none}<th scope="row" class="first nb">${link(`/orders/${id}`, reference)}${ownReference === null || ownReference === reference ? none : html`<small>${ownReference}</small>`}</th>
<td class="wide nb">${accountName(visit, account)}<small>${placedAt === null ? say('orders.notImported') : at(visit, placedAt)}</small></td>
<td class="wide">${state === null ? html`<span class="quiet">${say('orders.noState')}</span>` : html`${stateChip(state)} <span class="quiet">${stateName(state.texts, language)}</span>`}${cancellation === 'none' ? none : html`<small>${say(cancellation === 'requested' ? 'orders.cancelRequested' : 'orders.cancelled')}</small>`}</td>
<td class="quiet nb">${indicator === null ? none : capital(speech.indicator(indicator))}</td>
<td class="due ${nearness(visit, due)} first end">${dueWords(visit, due)}</td>
<td class="end">${sync === null || (sync.status === 'skipped' && due.kind === 'open') ? html`<span class="quiet">${say('orders.nothingSent')}</span>` : html`${syncStatus(visit, sync.status, sync.cause)} <small>${underStatus(visit, sync)}</small>`}</td></tr>`;
}

/** Why it stands there; or since when. */
function underStatus(visit: Visit, { status, cause, at: moment }: RowSync): string {
  if (cause !== null && !['ready', 'delayed', 'blocked', 'accepted', 'confirmed', 'cancelled'].includes(status)) return sayCause(visit, cause).title;
  return moment === null ? '' : at(visit, moment);
}
