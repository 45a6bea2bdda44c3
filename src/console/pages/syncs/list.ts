import { capital } from '../../../language/speak.ts';
import type { VerbRecord } from '../../../store/views/records.ts';
import type { SyncPage } from '../../../store/views/sync-list.ts';
import { page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { hidden, key } from '../../parts/forms.ts';
import { empty, head } from '../../parts/head.ts';
import { address, link } from '../../parts/link.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { causes } from './causes.ts';
import { filters, isPlain, readQuery, searchOf, verbFilter } from './filter.ts';
import type { SyncQuery } from './filter.ts';
import { syncTable } from './table.ts';

const perPage = 50;

/** GET /syncs */
export async function syncsPage(visit: Visit): Promise<Answer> {
  const { say, ports } = visit;
  const query = readQuery(visit.query);
  const before = /^[1-9]\d{0,14}$/.test(visit.query.get('before') ?? '') ? Number(visit.query.get('before')) : null;
  const [counts, found, records] = await Promise.all([ports.reader.view('syncCounts'), ports.reader.view('syncList', { search: searchOf(visit, query), before, limit: perPage }), ports.reader.view('verbRecords', { limit: 5 })]);
  const withCauses = query.q === '' && query.cause === '' && query.operation === '' && (query.status === '' || query.status === 'attention') && before === null;
  const views = withCauses ? html`<nav class="keys" aria-label="${say('syncs.views')}"><a class="btn" href="#causes">${say('syncs.byCause')}</a><a class="btn" href="#list">${say('syncs.list')}</a></nav>` : none;
  const csv = html`<a class="btn" href="${address('/syncs.csv', { ...query })}" download><svg class="icon" aria-hidden="true"><use href="#i-down"/></svg>${say('syncs.export')}</a>`;
  return page(say('syncs.title'), html`${head(say('syncs.title'), { under: say('syncs.lead'), right: html`<div class="keys">${views}${csv}</div>` })}
${filters(visit, query, counts)}
<div class="stack">${withCauses ? causes(visit, counts.causes.filter(({ account }) => query.account === '' || account === query.account)) : none}${list(visit, query, before, found)}${recordList(visit, records)}</div>`);
}

function list(visit: Visit, query: SyncQuery, before: number | null, found: SyncPage): Html {
  const { say, csrf } = visit;
  const { rows, next, lookedUntil } = found;
  const may = visit.may('post /syncs/preview');
  const table = rows.length === 0 ? (lookedUntil === null ? empty(say(isPlain(query) ? 'syncs.noneYet' : 'syncs.none')) : none) : syncTable(visit, rows, may);
  const chosen = html`<div class="bulk"><b data-chosen data-one="${say('syncs.chosenOne')}" data-other="${say('syncs.chosenOther')}"></b><div class="keys">${verbKeys(visit)}</div></div>`;
  const further = html`<p class="keys apart">${lookedUntil === null ? none : html`<span class="quiet small">${say('syncs.lookedUntil', { at: at(visit, lookedUntil) })}</span>`}${before === null ? none : html`<a class="btn" href="${address('/syncs', { ...query })}#list">${say('frame.first')}</a>`}${next === null ? none : html`<a class="btn" href="${address('/syncs', { ...query, before: next })}#list">${say(lookedUntil === null ? 'frame.next' : 'syncs.further')}</a>`}</p>`;
  return html`<section id="list"><div class="title"><h2>${say('syncs.listTitle')}</h2><span class="small quiet">${say('syncs.newestFirst')}</span></div>
${may ? html`<form method="post" action="/syncs/preview">${csrf}${hidden('back', hereOf(visit))}${table}${rows.length === 0 ? none : chosen}</form>` : table}
${may && rows.length > 0 ? allOfThem(visit, query) : none}${further}</section>`;
}

/** The verbs that many syncs lend themselves to. */
function verbKeys({ speech }: Visit): Html {
  return html`${(['rerun', 'resolve', 'cancel'] as const).map((verb) => key(capital(speech.verb(verb)), { name: 'verb', value: verb, main: verb === 'rerun' }))}`;
}

/** What the filter finds as a whole, where that is what somebody may want to put right at once. */
function allOfThem(visit: Visit, query: SyncQuery): Html {
  if (verbFilter(visit, query) === null) return none;
  return html`<form method="post" action="/syncs/preview" class="bulk always rest">${visit.csrf}${hidden('back', hereOf(visit))}${Object.entries(query).map(([name, value]) => (value === '' ? none : hidden(name, value)))}<b>${visit.say('syncs.allOfThem')}</b><div class="keys">${verbKeys(visit)}</div></form>`;
}

/** What was asked of many at once: somebody who left it comes back to it here. */
function recordList(visit: Visit, records: readonly VerbRecord[]): Html {
  const { say, speech } = visit;
  if (records.length === 0) return none;
  return html`<section><h2>${say('syncs.recordsTitle')}</h2><ol class="line tight dated">${records.map(({ id, verb, done, total, author, at: moment }) => html`<li><time datetime="${new Date(moment).toISOString()}">${at(visit, moment)}</time><div>${link(`/syncs/records/${id}`, say('syncs.recordsLine', { verb: capital(speech.verb(verb)), done, total }))} <span class="quiet">${say('people.journalBy', { by: author })}</span></div></li>`)}</ol></section>`;
}

function hereOf({ path, query }: Visit): string {
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
