import type { Wish } from '../../orders/applied-state.ts';
import type { Fault } from '../../orders/fault.ts';
import type { OrderState } from '../../orders/order-state.ts';
import { parcelsWanted } from '../../orders/parcel-wish.ts';
import type { Answer as Applied } from '../../store/intake.ts';
import type { OrderToApply } from '../../store/views/orders-to-apply.ts';
import { capital } from '../../language/speak.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { accountName } from '../parts/account.ts';
import { sayCause } from '../parts/cause.ts';
import { area, field, hidden, key, select, tick } from '../parts/forms.ts';
import { stateChip, stateName } from '../parts/state.ts';
import type { ConsolePorts } from '../ports.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { previewSection } from './apply-preview.ts';
import { cellsOf, commentOf, consequencesOf, flags, sealOf } from './apply-wishes.ts';

/** What would come of what stands in the form. */
export interface Preview {
  readonly wishes: readonly Wish[];
  readonly answers: readonly Applied[];
  readonly foreseen: Awaited<ReturnType<ConsolePorts['foresee']>>;
  /** It was asked to apply what differs from what had been shown. */
  readonly changed: boolean;
}

interface Filled {
  readonly orders: readonly OrderToApply[];
  readonly back: string;
  readonly states: readonly OrderState[];
  readonly state: OrderState | null;
  readonly preview: Preview | null;
}

/** The form: a state; its text, ticks and parcels; what would be sent; and the key that applies it. */
export function applyForm(visit: Visit, filled: Filled): Html {
  const { say, csrf, language } = visit;
  const { orders, back, states, state, preview } = filled;
  const choose = html`<div class="line-up narrow">${select('state', say('orders.state'), [...(state === null ? [{ value: '', words: say('apply.chooseState') }] : []), ...states.map(({ mnemonic, texts }) => ({ value: mnemonic, words: `${mnemonic} · ${stateName(texts, language)}` }))], state?.mnemonic ?? '')}<div class="keys">${key(say(state === null ? 'apply.go' : 'apply.otherState'), { main: state === null, name: 'do', value: 'state' })}</div></div>`;
  const first = state === null ? none : html`<button class="unseen" name="do" value="preview" tabindex="-1" aria-hidden="true"></button>`;
  return html`<form method="post" action="/orders/apply" class="sheet stack">${csrf}${first}${hidden('back', back)}${orders.map(({ id }) => hidden('order', id))}${choose}
${state === null ? none : html`${hidden('of', state.mnemonic)}${texts(visit, filled, state)}${parcelsWanted(state.type) ? grid(visit, filled) : none}
${preview === null ? html`<p class="keys">${key(say('apply.preview'), { main: true, name: 'do', value: 'preview' })}</p>` : html`${previewSection(visit, orders, preview)}${bar(visit, filled, preview)}`}`}</form>`;
}

function texts(visit: Visit, { orders, preview }: Filled, state: OrderState): Html {
  const { say, speech, form } = visit;
  const typed = form.text('of') === state.mnemonic;
  const fault = firstFault(visit, preview, (name) => name === 'comment');
  return html`<div class="halves"><div><p>${stateChip(state)} <span class="small">${say('apply.type', { type: speech.type(state.type) })}</span></p>${asks(visit, orders, state)}${area('comment', say('apply.comment'), { value: typed ? form.exact('comment') : commentOf(state, orders), fault, longest: 4_000 })}</div>
<fieldset class="f"><legend>${say('apply.atOnce')}</legend>${flags.map(([name, member]) => tick(name, say(`apply.${name}`), typed ? form.has(name) : state.actions[member]))}</fieldset></div>`;
}

/** What the state's Type asks of each marketplace that one of the orders is from. */
function asks(visit: Visit, orders: readonly OrderToApply[], { type }: OrderState): Html {
  const { speech, ports: { context } } = visit;
  const marketplaces = [...new Set(orders.flatMap(({ account }) => context.profiles.get(account)?.marketplace ?? []))];
  const told = marketplaces.flatMap((marketplace) => {
    const asked = context.tables.stateTypes[type][marketplace];
    return asked === undefined ? [] : [html`<dt>${speech.channel(marketplace)}</dt><dd>${'nothing' in asked ? sayCause(visit, asked.nothing).title : capital(speech.operation(asked.operation))}</dd>`];
  });
  return told.length === 0 ? none : html`<dl class="facts small">${told}</dl>`;
}

function grid(visit: Visit, { orders, preview }: Filled): Html {
  const { say, form } = visit;
  const rows = orders.map((order, index) => row(visit, order, index, preview));
  return html`<section><div class="title"><h2>${say('order.parcels')}</h2><span class="small quiet">${say('apply.gridHint')}</span></div>
<div class="line-up">${field('carrier', say('apply.carrierForAll'), { value: form.text('carrier'), longest: 80, autocomplete: 'off' })}</div>
<table class="rows apart"><caption class="unseen">${say('apply.grid')}</caption><thead><tr><th scope="col">${say('orders.order')}</th><th scope="col">${say('order.carrier')}</th><th scope="col">${say('order.tracking')}</th><th scope="col">${say('order.content')}</th></tr></thead><tbody>${rows}</tbody></table>
${orders.length === 1 ? none : html`<details class="apart"><summary class="small">${say('apply.paste')}</summary>${area('column', say('apply.pasteLabel'), { hint: say('apply.pasteHint') })}</details>`}
${tick('untracked', say('apply.untracked'), form.has('untracked'))}</section>`;
}

function row(visit: Visit, order: OrderToApply, index: number, preview: Preview | null): Html {
  const { say, form } = visit;
  const { id, reference, ownReference, account, lines } = order;
  const { carrier, tracking } = cellsOf(form, order, index);
  const faults = faultsAt(preview, index);
  const cell = (name: 'carrier' | 'tracking', label: string, value: string, fault: string | null): Html => html`<td class="wide"><label><span class="small quiet">${label}</span><input class="field" name="${name}-${id}" value="${value}" autocomplete="off" maxlength="80" aria-label="${say('apply.of', { what: label, order: reference })}"${name === 'tracking' ? html` data-column` : none}${fault === null ? none : html` aria-invalid="true" aria-describedby="fault-${name}-${id}"`}></label>${fault === null ? none : html`<span class="fault" id="fault-${name}-${id}">${fault}</span>`}</td>`;
  const mended = (is: (field: string) => boolean): string | null => said(visit, faults.filter((one) => is(one.field)));
  const isCarrier = (name: string): boolean => name.endsWith('.carrier');
  const isContent = (name: string): boolean => name === 'parcels' || name.includes('lines');
  const isTracking = (name: string): boolean => name.startsWith('parcels') && !isCarrier(name) && !isContent(name);
  const open = lines.filter(({ left }) => left > 0);
  const contentFault = mended(isContent);
  const rowFault = mended((name) => !name.startsWith('parcels') && name !== 'comment');
  const content = html`<details${contentFault !== null || lines.some((_, n) => form.text(`line-${id}-${n}`) !== '') ? html` open` : none}><summary>${say('apply.allLeft', { n: open.reduce((all, { left }) => all + left, 0) })}</summary>${lines.map(({ title, left }, n) => (left === 0 ? none : html`<label class="f" for="line-${id}-${n}">${title}<input class="field" id="line-${id}-${n}" name="line-${id}-${n}" value="${form.text(`line-${id}-${n}`)}" inputmode="numeric" placeholder="0 / ${left}" maxlength="6"></label>`))}</details>`;
  return html`<tr><th scope="row" class="wide">${reference}<small>${[ownReference, accountName(visit, account)].filter((one) => one !== null).join(' · ')}</small>${rowFault === null ? none : html`<span class="fault">${rowFault}</span>`}</th>${cell('carrier', say('order.carrier'), carrier, mended(isCarrier))}${cell('tracking', say('order.tracking'), tracking, mended(isTracking))}<td class="wide">${content}${contentFault === null ? none : html`<span class="fault">${contentFault}</span>`}</td></tr>`;
}

function bar(visit: Visit, { back }: Filled, { wishes, answers, foreseen, changed }: Preview): Html {
  const { say } = visit;
  const good = answers.filter((answer) => 'id' in answer).length;
  const { lastAt } = foreseen;
  return html`${hidden('seen', sealOf(wishes, consequencesOf(answers)))}<div class="bulk always"><p class="grow">${changed ? html`<b>${say('apply.changed')}</b> ` : none}${lastAt === null ? say('apply.nothingLeaves') : say('apply.lastLeaves', { at: at(visit, lastAt) })}</p><div class="keys">${key(say('apply.seeAgain'), { name: 'do', value: 'preview' })}${good === 0 ? none : key(say('apply.do', { n: good }), { main: true, name: 'do', value: 'apply' })}<a class="btn" href="${back}">${say('apply.close')}</a></div></div>`;
}

function faultsAt(preview: Preview | null, index: number): readonly Fault[] {
  const answer = preview?.answers[index];
  return answer !== undefined && 'faults' in answer ? answer.faults : [];
}

/** The first order's fault of a field that stands once for all. */
function firstFault(visit: Visit, preview: Preview | null, is: (field: string) => boolean): string | null {
  const found = preview?.answers.flatMap((answer) => ('faults' in answer ? answer.faults.filter((fault) => is(fault.field)) : [])) ?? [];
  return said(visit, found.slice(0, 1));
}

function said({ speech }: Visit, faults: readonly Fault[]): string | null {
  return faults.length === 0 ? null : faults.map((fault) => speech.mend(fault)).join(' ');
}
