import { capital } from '../../../language/speak.ts';
import { operations } from '../../../planning/operation.ts';
import type { Operation } from '../../../planning/operation.ts';
import { page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html } from '../../html.ts';
import type { Html } from '../../html.ts';
import { key, select } from '../../parts/forms.ts';
import { empty, head } from '../../parts/head.ts';
import { address } from '../../parts/link.ts';
import type { Visit } from '../../visit.ts';
import { monthOf, monthsSince } from './months.ts';
import type { Month } from './months.ts';
import type { ExportCount } from '../../../store/views/exports.ts';

/** GET /exports: what each marketplace accepted in a month, and the file of it. */
export async function exportsPage(visit: Visit): Promise<Answer> {
  const { say, ports, query } = visit;
  const month = monthOf(visit, query.get('month'));
  const { counts, first } = await ports.reader.view('exportMonth', { from: month.from, to: month.to });
  const months = monthsSince(visit, first);
  const choices = (months.some(({ name }) => name === month.name) ? months : [month, ...months]).map((one) => ({ value: one.name, words: monthWords(visit, one) }));
  const body = counts.length === 0 ? empty(say(first === null ? 'exports.nothingEver' : 'exports.nothing')) : table(visit, month, counts);
  return page(say('exports.title'), html`${head(say('exports.title'), { under: say('exports.lead') })}
<form class="filters" method="get" action="/exports"><div class="line-up">${select('month', say('exports.month'), choices, month.name)}<div class="keys">${key(say('exports.show'))}</div></div></form>
<div class="stack"><section><h2>${monthWords(visit, month)}</h2>${body}</section></div>`);
}

/** By account and operation; each figure is a file, and so is each line and each column. */
function table(visit: Visit, month: Month, counts: readonly ExportCount[]): Html {
  const { say, speech } = visit;
  const told = operations.filter((operation) => counts.some((one) => one.operation === operation));
  const accounts = [...new Set(counts.map(({ account }) => account))].toSorted();
  const sum = (account: string | null, operation: Operation | null): number => counts.filter((one) => (account === null || one.account === account) && (operation === null || one.operation === operation)).reduce((all, { n }) => all + n, 0);
  const cell = (account: string | null, operation: Operation | null): Html => {
    const n = sum(account, operation);
    const label = say('exports.file', { what: operation === null ? say('exports.everything') : speech.operation(operation), account: account ?? say('exports.allAccounts') });
    return html`<td class="num end" data-of="${operation === null ? say('exports.total') : capital(speech.operation(operation))}">${n === 0 ? html`<span class="quiet">0</span>` : html`<a href="${address('/exports.csv', { month: month.name, account, operation })}" download>${speech.formatNumber(n)}<span class="unseen">, ${label}</span></a>`}</td>`;
  };
  return html`<table class="rows"><caption class="unseen">${say('exports.table')}</caption><thead><tr><th scope="col" class="margin">${say('exports.account')}</th>${told.map((operation) => html`<th scope="col" class="num">${capital(speech.operation(operation))}</th>`)}<th scope="col" class="num">${say('exports.total')}</th></tr></thead>
<tbody>${accounts.map((account) => html`<tr><th scope="row" class="first margin wide">${account}</th>${told.map((operation) => cell(account, operation))}${cell(account, null)}</tr>`)}</tbody>
<tfoot><tr><th scope="row" class="first margin wide">${say('exports.allAccounts')}</th>${told.map((operation) => cell(null, operation))}${cell(null, null)}</tr></tfoot></table>
<p class="keys apart"><a class="btn main" href="${address('/exports.csv', { month: month.name })}" download><svg class="icon" aria-hidden="true"><use href="#i-down"/></svg>${say('exports.whole', { n: sum(null, null) })}</a></p>`;
}

/** « novembre 2026 » */
function monthWords({ speech, ports }: Visit, { from }: Month): string {
  return capital(new Intl.DateTimeFormat(speech.language === 'fr' ? 'fr-FR' : 'en-GB', { month: 'long', year: 'numeric', timeZone: ports.timeZone }).format(from));
}
