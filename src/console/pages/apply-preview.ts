import type { Operation } from '../../planning/operation.ts';
import type { OrderToApply } from '../../store/views/orders-to-apply.ts';
import type { Status } from '../../syncing/status.ts';
import { capital } from '../../language/speak.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { accountName } from '../parts/account.ts';
import { sayCause } from '../parts/cause.ts';
import { mark, syncStatus } from '../parts/sync.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import type { Preview } from './apply-form.ts';

/** So many orders are named in a sentence. */
const named = 5;

/** What would be sent, with everything that somebody should know before. */
export function previewSection(visit: Visit, orders: readonly OrderToApply[], preview: Preview): Html {
  const { say } = visit;
  const { late } = preview.foreseen;
  return html`<section id="preview"><h2>${say('apply.previewTitle')}</h2>
${warningNotes(visit, preview.wishes, preview.answers)}${late.length === 0 ? none : html`<div class="note warn"><b>${say('apply.late', { n: late.length })}</b> ${names(late.map(({ order }) => order))}</div>`}
<table class="rows"><caption class="unseen">${say('apply.previewTitle')}</caption><thead><tr><th scope="col">${say('orders.order')}</th><th scope="col">${say('apply.to')}</th><th scope="col">${say('apply.operation')}</th><th scope="col">${say('apply.leaves')}</th></tr></thead><tbody>${orders.map((order, index) => lines(visit, order, preview, index))}</tbody></table></section>`;
}

/** Warnings of one wording, once each, with the orders that they concern. */
export function warningNotes({ speech }: Visit, wishes: Preview['wishes'], answers: Preview['answers']): readonly Html[] {
  const all = answers.flatMap((answer, index) => ('id' in answer ? answer.warnings.map((warning) => ({ words: speech.warning(warning), order: wishes[index]?.order ?? '' })) : []));
  return [...Map.groupBy(all, ({ words }) => words)].map(([words, some]) => html`<div class="note warn"><b>${names(some.map(({ order }) => order))}</b> · ${words}</div>`);
}

/** So many refusals are shown. */
const shownRefusals = 50;

export function refusedNotes({ say }: Visit, refusals: readonly { readonly order: string; readonly why: string }[]): Html {
  if (refusals.length === 0) return none;
  return html`<div class="note warn"><b>${say('apply.refusals', { n: refusals.length })}</b><ul>${refusals.slice(0, shownRefusals).map(({ order, why }) => html`<li><b>${order}</b> · ${why}</li>`)}</ul></div>`;
}

function names(orders: readonly string[]): string {
  const all = [...new Set(orders)];
  return all.length > named ? `${all.slice(0, named).join(', ')} + ${all.length - named}` : all.join(', ');
}

function lines(visit: Visit, { reference, account }: OrderToApply, { answers }: Preview, index: number): Html {
  const { say, speech } = visit;
  const answer = answers[index];
  const line = (operation: string, status: Html, why: string): Html => html`<tr><th scope="row" class="first">${reference}</th><td>${accountName(visit, account)}</td><td class="wide">${operation}</td><td class="first end">${status} <small>${why}</small></td></tr>`;
  if (answer === undefined || 'faults' in answer) return line('—', mark('failed', say('apply.refused')), (answer?.faults ?? []).map((fault) => speech.mend(fault)).join(' '));
  if (answer.again) return line('—', mark('moot', say('apply.known')), '');
  if (answer.syncs.length === 0) return line('—', mark('moot', say('orders.nothingSent')), '');
  return html`${answer.syncs.map(({ operation, status, cause }) => line(operation === 'nothing' ? '—' : capital(speech.operation(operation as Operation)), syncStatus(visit, status as Status), cause === null ? '' : sayCause(visit, cause).title))}`;
}

/** Bulk applications that can still be undone, with what is left of their grace. */
export function graceStrips(visit: Visit, bulks: readonly { readonly id: number; readonly state: string; readonly author: string; readonly applied: number; readonly createdAt: number; readonly graceUntil: number }[], back: string): readonly Html[] {
  const { say, csrf, now } = visit;
  return bulks.map(({ id, state, author, applied, createdAt, graceUntil }) => html`<form method="post" action="/orders/bulk/${id}/undo" class="grace">${csrf}<input type="hidden" name="back" value="${back}"><p class="grow" role="status"><b>${say('apply.stripTitle', { state, n: applied })}</b> ${say('apply.strip', { by: author, at: at(visit, graceUntil, 'time') })}${visit.path === `/orders/bulk/${id}` ? none : html` <a href="/orders/bulk/${id}">${say('apply.bulkSee')}</a>`}</p><progress max="${graceUntil - createdAt}" value="${now - createdAt}" aria-label="${say('apply.grace')}"></progress>${visit.may('post /orders/bulk/:id/undo') ? html`<button class="btn">${say('apply.undo', { n: applied })}</button>` : none}</form>`);
}
