import { capital } from '../../language/speak.ts';
import type { Operation } from '../../planning/operation.ts';
import type { OrderSeen, SyncSeen } from '../../store/views/order-page.ts';
import type { OutcomeKind } from '../../syncing/outcome.ts';
import type { Verb } from '../../syncing/rerun.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { accountName } from '../parts/account.ts';
import { sayCause } from '../parts/cause.ts';
import { link } from '../parts/link.ts';
import { mark, syncStatus } from '../parts/sync.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { placeOf } from './syncs/causes.ts';

/** What was to be told of the order, the latest first, each on a time line with its attempts. */
export function syncsSection(visit: Visit, { history: { id, parcels }, syncs }: OrderSeen): Html {
  const { say } = visit;
  const told = syncs.filter(({ operation, entries }) => operation !== 'nothing' || entries.some(({ kind }) => kind === 'intent'));
  const quiet = syncs.filter((sync) => !told.includes(sync));
  // Forms stay as somebody fills them in: beside this section, only the words for how far each parcel has come are renewed.
  const beside = parcels.map((parcel) => `#p${parcel.id}-status`).join(',');
  return html`<section id="syncs" data-live hx-get="/orders/${id}" hx-trigger="suivi-changed from:body" hx-select="#syncs" hx-swap="outerHTML"${beside === '' ? none : html` hx-select-oob="${beside}"`}><h2>${say('orders.sync')}</h2>${told.length === 0 ? html`<p class="quiet">${say('order.noSyncs')}</p>` : told.toReversed().map((sync) => one(visit, id, sync, parcels.findIndex(({ id }) => id === sync.parcel_id)))}
${quiet.length === 0 ? none : html`<details class="apart"><summary class="small">${say('order.pointless', { n: quiet.length })}</summary><ul class="small">${quiet.map((sync) => html`<li>${at(visit, sync.ended_at ?? 0)} · ${sync.cause === null ? '' : sayCause(visit, sync.cause).title}</li>`)}</ul></details>`}</section>`;
}

function one(visit: Visit, order: number, sync: SyncSeen, parcel: number): Html {
  const { say, speech } = visit;
  const what = say('order.toDestination', { operation: speech.operation(sync.operation as Operation), account: accountName(visit, sync.account) });
  const title = parcel < 0 ? capital(what) : say('order.parcelTells', { n: parcel + 1, what });
  return html`<div class="title apart"><h3>${title}</h3>${visit.may('get /syncs/:id') ? html`<span class="small">${link(`/syncs/${sync.id}`, say('order.detail'))}</span>` : none}</div>
<ol class="line dated"><li><span class="at">${say('order.now')}</span><div>${syncStatus(visit, sync.status, sync.cause)}${standing(visit, sync, order)}</div></li>${shortened(visit, attempts(visit, sync))}</ol>`;
}

/** In these it waits for somebody. */
const wanting: ReadonlySet<string> = new Set(['held', 'rejected', 'exhausted', 'in-doubt']);

/** Why it stands there and what to do, or when it is its turn. */
function standing(visit: Visit, { status, cause, parcel_id, due_at, grace_until, attempts: tries }: SyncSeen, order: number): Html {
  const { say, speech, now } = visit;
  const waits = status === 'ready' || status === 'delayed' || status === 'blocked';
  if (cause !== null && status !== 'accepted' && status !== 'confirmed') {
    const { title, what, remedy, button } = sayCause(visit, cause);
    const put = button === null || !wanting.has(status) ? null : placeOf(visit, button, { order_id: order, parcel_id });
    return html`<p>${title}. ${what} ${remedy}</p>${put === null || button === null ? none : html`<p class="keys apart"><a class="btn" href="${put}">${capital(speech.button(button))}</a></p>`}`;
  }
  const turn = Math.max(due_at ?? 0, grace_until ?? 0);
  return waits && turn > now ? html`<p>${say(tries === 0 ? 'order.leavesAt' : 'order.againAt', { at: at(visit, turn, 'time') })}</p>` : none;
}

const marks: Readonly<Partial<Record<OutcomeKind, string>>> = { accepted: 'accepted', present: 'confirmed', submitted: 'sending', rejected: 'failed', unknown: 'doubt', different: 'doubt', interrupted: 'doubt' };

/** The latest first. An attempt without an outcome is under way. */
function attempts(visit: Visit, { entries }: SyncSeen): readonly Html[] {
  const { say, speech } = visit;
  const ended = new Set(entries.filter(({ kind }) => kind === 'outcome' || kind === 'late').map(({ attempt }) => attempt));
  return entries.toReversed().flatMap(({ at: moment, kind, attempt, what, cause, telling, word }): Html[] => {
    const numbered = telling === null ? say('order.look') : say('order.attempt', { n: telling });
    const row = (status: Html, words: string): Html[] => [html`<li><span class="at"><time datetime="${new Date(moment).toISOString()}">${at(visit, moment)}</time></span><div>${status}<p>${words}</p></div></li>`];
    if (kind === 'intent') return ended.has(attempt) ? [] : row(mark('sending', say('order.underWay')), numbered);
    if (word !== null) return row(mark('wait', capital(speech.verb(kind as Verb))), word.by === '' ? '' : say('order.wordOf', word));
    if (kind !== 'outcome' && kind !== 'late') return [];
    const outcome = (what ?? '') as OutcomeKind;
    return row(mark(marks[outcome] ?? 'wait', capital(speech.outcome(outcome))), [numbered, cause === null ? '' : `${sayCause(visit, cause).title}.`].join(' '));
  });
}

/** The latest ones and the first; what lies between them says the same over and over. */
function shortened({ say }: Visit, rows: readonly Html[]): readonly Html[] {
  if (rows.length <= 9) return rows;
  return [...rows.slice(0, 5), html`<li><span class="at">…</span><div><p>${say('order.between', { n: rows.length - 7 })}</p></div></li>`, ...rows.slice(-2)];
}
