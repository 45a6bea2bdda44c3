import { capital } from '../../../language/speak.ts';
import type { Difference } from '../../../store/differences.ts';
import type { DifferenceGroup } from '../../../store/views/differences.ts';
import { page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { dueWords } from '../../parts/due.ts';
import { key, select } from '../../parts/forms.ts';
import { empty, head } from '../../parts/head.ts';
import { address, link } from '../../parts/link.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { remedies } from './remedies.ts';

/** So many of a kind are looked for, and put right at once. */
const most = 500;
/** So many of a kind are shown before somebody asks for the others. */
const shownFirst = 20;

/** GET /differences */
export async function differencesPage(visit: Visit): Promise<Answer> {
  const { say, ports, now, query } = visit;
  const account = ports.context.profiles.has(query.get('account') ?? '') ? query.get('account') : null;
  const seen = await ports.reader.view('differences', { account, limit: most, now });
  const groups = seen.groups.filter(({ rows }) => rows.length > 0);
  const only = groups.find(({ kind }) => kind === query.get('kind'));
  const body = groups.length === 0 ? empty(say(seen.read.length === 0 ? 'differences.noAccounts' : 'differences.none')) : only === undefined ? html`${summary(visit, groups, account)}${groups.map((group) => section(visit, group, account, shownFirst))}` : section(visit, only, account, most);
  return page(say('differences.title'), html`${head(say('differences.title'), { under: say('differences.lead'), ...(only === undefined ? {} : { above: { to: address('/differences', { account }), words: say('differences.all') } }) })}
${filter(visit, account)}<div class="stack">${body}</div>`);
}

function filter({ say, ports }: Visit, account: string | null): Html {
  const accounts = [...ports.context.profiles.keys()].toSorted();
  if (accounts.length < 2) return none;
  return html`<form class="filters" method="get" action="/differences"><div class="line-up">${select('account', say('differences.account'), [{ value: '', words: say('syncs.toAll') }, ...accounts.map((id) => ({ value: id, words: id }))], account ?? '')}<div class="keys">${key(say('frame.filter'), { main: true })}</div></div></form>`;
}

/** How many of each kind, and what is to be done with them. */
function summary(visit: Visit, groups: readonly DifferenceGroup[], account: string | null): Html {
  const { say } = visit;
  return html`<section><h2 class="unseen">${say('differences.summary')}</h2><ul class="ledger">${groups.map(
    ({ kind, rows, more }) => html`<li><span class="n">${more ? say('differences.more', { n: rows.length }) : rows.length}</span><div class="what"><h3>${say(`differences.${kind}`)}</h3><p>${say(`differences.remedy-${kind}`)}</p></div><a class="btn" href="${rows.length > shownFirst ? address('/differences', { kind, account }) : `#${kind}`}">${say('differences.see', { n: rows.length })}</a></li>`,
  )}</ul></section>`;
}

function section(visit: Visit, group: DifferenceGroup, account: string | null, limit: number): Html {
  const { say } = visit;
  const { kind, rows } = group;
  const shown = rows.slice(0, limit);
  const rest = rows.length - shown.length;
  const { form, all } = remedies(visit, group, address('/differences', { kind: limit === most ? kind : '', account }));
  return html`<section id="${kind}"><div class="title"><h2>${say(`differences.${kind}`)}</h2><span class="small quiet">${say('differences.soonest')}</span></div>${limit === most ? html`<p class="quiet">${say(`differences.remedy-${kind}`)}</p>` : none}
<div${limit === most ? html` class="apart"` : none}>${form(table(visit, group, shown))}</div>${rest === 0 ? none : html`<p class="keys apart"><a class="btn" href="${address('/differences', { kind, account })}">${say('differences.rest', { n: rest })}</a></p>`}${all}</section>`;
}

function table(visit: Visit, { kind }: DifferenceGroup, rows: readonly Difference[]): Html {
  const { say } = visit;
  const choose = kind === 'shipped-there-only' ? visit.may('get /orders/apply') : visit.may('post /syncs/preview');
  const pick = choose ? html`<th class="pick"><input type="checkbox" data-choose-all aria-label="${say('frame.chooseAll')}"></th>` : none;
  return html`<table class="rows"><caption class="unseen">${say(`differences.${kind}`)}</caption><thead><tr>${pick}<th scope="col" class="margin">${say('differences.shipBy')}</th><th scope="col">${say('differences.order')}</th><th scope="col">${say('differences.account')}</th><th scope="col">${say('differences.why')}</th>${kind === 'shipped-there-only' ? none : html`<th scope="col">${say('differences.sync')}</th>`}</tr></thead><tbody>${rows.map((row) => line(visit, row, choose))}</tbody></table>`;
}

function line(visit: Visit, { kind, account, order, orderId, sync, cause, shipBy }: Difference, choose: boolean): Html {
  const { say } = visit;
  const pick = choose ? html`<td class="pick"><input type="checkbox" name="${sync === null ? 'order' : 'sync'}" value="${sync ?? orderId}" aria-label="${say('frame.choose', { what: order })}"></td>` : none;
  const late = shipBy !== null && shipBy < visit.now && kind !== 'shipped-there-only';
  const due = shipBy === null ? html`<small>${say('frame.dueUnknown')}</small>` : kind === 'shipped-there-only' || kind === 'accepted-not-shown' ? at(visit, shipBy) : dueWords(visit, { kind: 'open', at: shipBy });
  return html`<tr>${pick}<td class="first margin nb due${late && kind !== 'accepted-not-shown' ? ' late' : ''}">${due}</td><th scope="row" class="wide nb">${link(`/orders/${orderId}`, order)}</th><td class="nb">${account}</td><td class="wide">${cause === null ? capital(say(`differences.why-${kind}`)) : sayCause(visit, cause).title}</td>${sync === null ? none : html`<td class="nb end">${link(`/syncs/${sync}`, `S-${sync}`)}</td>`}</tr>`;
}
