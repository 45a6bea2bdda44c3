import type { BulkRecord } from '../../store/views/records.ts';
import { missing, page, part } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { head } from '../parts/head.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { graceStrips, refusedNotes } from './apply-preview.ts';

/** GET /orders/bulk/:id: how far a state that was applied to many orders has come. */
export async function bulkPage(visit: Visit): Promise<Answer> {
  const record = await recordOf(visit);
  if (record === null) return missing;
  const { say } = visit;
  const title = say('apply.bulkTitle', { state: record.state, total: record.total });
  const source = record.source.startsWith('file/') ? record.source.slice(5) : record.source === 'console' ? say('apply.bulkConsole') : record.source;
  return page(title, html`${head(title, { above: { to: '/orders', words: say('orders.title') }, under: say('apply.bulkLead', { by: record.author, at: at(visit, record.at, 'moment'), source }) })}${await progress(visit, record)}`, { refresh: isRunning(visit, record) ? 3 : null });
}

/** GET /orders/bulk/:id/now */
export async function bulkNow(visit: Visit): Promise<Answer> {
  const record = await recordOf(visit);
  return record === null ? missing : part(await progress(visit, record));
}

async function recordOf({ part: given, ports }: Visit): Promise<BulkRecord | null> {
  return /^[1-9]\d{0,14}$/.test(given('id')) ? ports.reader.view('bulkRecord', { id: Number(given('id')) }) : null;
}

/** What is not reached after a stop of the daemon is never reached. */
function isRunning({ startedAt }: Visit, { applied, refused, total, at: begun }: BulkRecord): boolean {
  return applied + refused < total && begun >= startedAt;
}

async function progress(visit: Visit, record: BulkRecord): Promise<Html> {
  const { say, speech, ports, now } = visit;
  const { id, applied, refused, total, refusals, undoneAt } = record;
  const running = isRunning(visit, record);
  const done = applied + refused;
  const state = undoneAt !== null ? say('apply.bulkUndone', { at: at(visit, undoneAt, 'moment') }) : running ? say('apply.bulkRunning') : done < total ? say('apply.bulkCut') : say('apply.bulkEnded', { refused });
  const strips = running ? none : graceStrips(visit, (await ports.reader.view('recentBulks', { now })).filter((one) => one.id === id), '/orders');
  return html`<section class="stack tight"${running ? html` data-live hx-get="/orders/bulk/${id}/now" hx-trigger="suivi-changed from:body, every 2s" hx-swap="outerHTML"` : none}>${strips}
<div class="sheet stack tight"><p><progress max="${total}" value="${done}" aria-label="${say('apply.bulkProgress')}">${done} / ${total}</progress> <b>${say('apply.bulkDone', { done: applied, total })}</b></p><p role="status">${state}</p></div>
${refusedNotes(visit, refusals.map(({ order, faults }) => ({ order, why: faults.map((fault) => speech.mend(fault)).join(' ') })))}</section>`;
}
