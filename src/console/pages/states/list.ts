import type { Fault } from '../../../orders/fault.ts';
import type { OrderState } from '../../../orders/order-state.ts';
import type { Letterhead } from '../../../store/letterhead.ts';
import { editState } from '../../../store/states.ts';
import { mostCounted } from '../../../store/views/states.ts';
import { capital } from '../../../language/speak.ts';
import { go, missing, page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { empty, head } from '../../parts/head.ts';
import { address } from '../../parts/link.ts';
import { stateChip, stateName } from '../../parts/state.ts';
import type { Visit } from '../../visit.ts';
import { ticks } from './draft.ts';
import { letterheadSheet } from './letterhead-sheet.ts';

interface Wrong {
  readonly letterhead: Letterhead;
  readonly faults: readonly Fault[];
}

/** GET /states: the definitions in the merchant's order; archived ones folded. */
export async function statesPage(visit: Visit): Promise<Answer> {
  return statesWith(visit, null);
}

/** @param wrong what was to be written around the customer's page, and what is wrong with it */
export async function statesWith(visit: Visit, wrong: Wrong | null): Promise<Answer> {
  const { say, ports } = visit;
  const all = await ports.reader.view('states');
  const uses = await ports.reader.view('stateUses');
  const [used, archived] = [all.filter(({ archivedAt }) => archivedAt === null), all.filter(({ archivedAt }) => archivedAt !== null)];
  const may = visit.may('post /states/place');
  const add = visit.may('get /states/models') ? html`<div class="keys"><a class="btn main" href="/states/models">${say('states.fromModel')}</a><a class="btn" href="/states/new">${say('states.blank')}</a></div>` : none;
  const body = html`${head(say('states.title'), { under: say('states.lead'), right: used.length === 0 ? none : add })}
${used.length === 0 ? empty(say('states.empty'), add) : list(visit, used, uses, may)}
${archived.length === 0 ? none : folded(visit, archived, uses, may)}
${letterheadSheet(visit, wrong?.letterhead ?? (await ports.reader.view('letterhead')), wrong?.faults ?? [])}`;
  return page(say('states.title'), body, { status: wrong === null ? 200 : 422 });
}

function list(visit: Visit, used: readonly OrderState[], uses: ReadonlyMap<number, number>, may: boolean): Html {
  const { say, csrf } = visit;
  const table = html`<table class="rows states"><caption class="unseen">${say('states.title')}</caption><thead><tr>${may ? html`<th scope="col">${say('states.place')}</th>` : none}<th scope="col">${say('states.state')}</th><th scope="col">${say('states.type')}</th><th scope="col">${say('states.indicator')}</th><th scope="col">${say('states.actions')}</th><th scope="col" class="num">${say('states.uses')}</th></tr></thead><tbody${may ? html` data-places` : none}>${used.map((state, index) => row(visit, state, uses, may ? placeCell(visit, state, index + 1, used.length) : none))}</tbody></table>`;
  return may ? html`<form method="post" action="/states/place" id="places">${csrf}<input type="hidden" name="dragged" value="">${table}</form>` : table;
}

/** The keys work without script; with it the row is dragged by its handle. After a move the focus is back on the key. */
function placeCell({ say, query }: Visit, { id, mnemonic }: OrderState, place: number, last: number): Html {
  const moved = query.get('moved');
  const toFocus = moved === `up-${id}` ? (place === 1 ? 'down' : 'up') : moved === `down-${id}` ? (place === last ? 'up' : 'down') : null;
  const one = (way: 'up' | 'down', words: string, sign: string, isEnd: boolean): Html => html`<button class="btn step" name="move" value="${way}-${id}" aria-label="${words}" title="${words}"${isEnd ? html` disabled` : none}${toFocus === way ? html` autofocus` : none}>${sign}</button>`;
  return html`<td class="place nb"><span class="grip" data-grip="${id}" aria-hidden="true" hidden></span>${one('up', say('states.up', { state: mnemonic }), '↑', place === 1)}${one('down', say('states.down', { state: mnemonic }), '↓', place === last)}</td>`;
}

function row(visit: Visit, state: OrderState, uses: ReadonlyMap<number, number>, cell: Html): Html {
  const { say, speech, language } = visit;
  const { id, type, indicator, actions, texts, graceS } = state;
  const n = uses.get(id) ?? 0;
  const count = n > mostCounted ? say('states.moreThan', { n: mostCounted }) : speech.formatNumber(n);
  const does = ticks.flatMap(([name, member]) => (actions[member] ? [say(`states.short_${name}`)] : []));
  return html`<tr id="s${id}">${cell}<th scope="row" class="first wide"><a href="/states/${id}" class="bare-link">${stateChip(state)}</a> <span class="quiet">${stateName(texts, language)}</span></th><td class="wide">${speech.type(type)}${graceS === 0 || type === 'none' ? none : html`<small>${say('states.graceShort', { length: speech.formatDuration(graceS * 1_000) })}</small>`}</td><td class="quiet nb">${indicator === null ? none : capital(speech.indicator(indicator))}</td><td class="quiet wide">${does.length === 0 ? say('states.noActions') : capital(does.join(', '))}</td><td class="num end" data-of="${say('states.usesPhone')}">${count}</td></tr>`;
}

function folded(visit: Visit, archived: readonly OrderState[], uses: ReadonlyMap<number, number>, may: boolean): Html {
  const { say, csrf } = visit;
  const table = html`<table class="rows"><caption class="unseen">${say('states.archivedTitle')}</caption><tbody>${archived.map((state) => row(visit, state, uses, may ? html`<td class="place"><button class="btn" formaction="/states/${state.id}/archive" name="archived" value="no">${say('states.restore')}</button></td>` : none))}</tbody></table>`;
  return html`<details class="apart"><summary>${say('states.archived', { n: archived.length })}</summary>${may ? html`<form method="post" action="/states/place">${csrf}${table}</form>` : table}</details>`;
}

/** POST /states/place: one step by a key, or dragged to a place. */
export async function placeState(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const used = (await ports.reader.view('states')).filter(({ archivedAt }) => archivedAt === null);
  const [, way = 'to', id = '', to = ''] = /^(up|down)-(\d+)$/.exec(form.text('move')) ?? /^(to)-(\d+)-(\d{1,4})$/.exec(form.text('dragged')) ?? [];
  const index = used.findIndex((state) => String(state.id) === id);
  const state = used[index];
  if (state === undefined) return missing;
  const place = Math.max(1, Math.min(used.length, way === 'to' ? Number(to) : way === 'up' ? index : index + 2));
  const edited = await editState(ports.context, state.mnemonic, { place }, person.name, now);
  if ('faults' in edited) return go('/states', { key: 'states.saidNotMoved', values: { state: state.mnemonic }, tone: 'warn' });
  return go(address('/states', { moved: way === 'to' ? null : `${way}-${id}` }), { key: 'states.saidMoved', values: { state: state.mnemonic, place } });
}

/** POST /states/:id/archive: away from what is offered, or back among it. Nothing that was applied under it changes. */
export async function archiveState(visit: Visit): Promise<Answer> {
  const { form, part, ports, person, now } = visit;
  const state = (await ports.reader.view('states')).find(({ id }) => String(id) === part('id'));
  const archived = form.text('archived');
  if (state === undefined || (archived !== 'yes' && archived !== 'no')) return missing;
  const edited = await editState(ports.context, state.mnemonic, { archived: archived === 'yes' }, person.name, now);
  if ('faults' in edited) return go(`/states/${state.id}`, { key: 'states.saidNotMoved', values: { state: state.mnemonic }, tone: 'warn' });
  return go('/states', { key: archived === 'yes' ? 'states.saidArchived' : 'states.saidRestored', values: { state: state.mnemonic } });
}
