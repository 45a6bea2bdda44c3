import { capital } from '../../../language/speak.ts';
import type { VerbRecord } from '../../../store/views/records.ts';
import { missing, page, part } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { head } from '../../parts/head.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

/** GET /syncs/records/:id: how far it has come. */
export async function recordPage(visit: Visit): Promise<Answer> {
  const record = await recordOf(visit);
  if (record === null) return missing;
  const { say, speech } = visit;
  const title = say('syncs.recordTitle', { verb: capital(speech.verb(record.verb)), total: record.total });
  return page(title, html`${head(title, { above: { to: '/syncs', words: say('syncs.title') }, under: say('syncs.recordLead', { by: record.author, at: at(visit, record.at, 'moment'), reason: record.reason }) })}${progress(visit, record)}`, { refresh: isRunning(visit, record) ? 3 : null });
}

/** GET /syncs/records/:id/now */
export async function recordNow(visit: Visit): Promise<Answer> {
  const record = await recordOf(visit);
  return record === null ? missing : part(progress(visit, record));
}

async function recordOf({ part: given, ports }: Visit): Promise<VerbRecord | null> {
  return /^[1-9]\d{0,14}$/.test(given('id')) ? ports.reader.view('verbRecord', { id: Number(given('id')) }) : null;
}

/** Whoever did it was stopped if nothing has moved since the start of this process. */
function isRunning({ startedAt }: Visit, { endedAt, at: begun }: VerbRecord): boolean {
  return endedAt === null && begun >= startedAt;
}

function progress(visit: Visit, record: VerbRecord): Html {
  const { say, speech } = visit;
  const { id, done, total, leftOut, endedAt } = record;
  const looked = done + leftOut.reduce((all, { n }) => all + n, 0);
  const state = endedAt !== null ? say('syncs.recordEnded', { at: at(visit, endedAt, 'moment') }) : isRunning(visit, record) ? say('syncs.recordRunning') : say('syncs.recordCut');
  return html`<section class="sheet stack tight"${isRunning(visit, record) ? html` data-live hx-get="/syncs/records/${id}/now" hx-trigger="suivi-changed from:body, every 2s" hx-swap="outerHTML"` : none}>
<p><progress max="${total}" value="${looked}" aria-label="${say('syncs.recordProgress')}">${looked} / ${total}</progress> <b>${say('syncs.recordDone', { done, total })}</b></p><p role="status">${state}</p>
${leftOut.length === 0 ? none : html`<ul class="small">${leftOut.map(({ why, n }) => html`<li>${say('syncs.leftOut', { n, why: speech.leftOut(why) })}</li>`)}</ul>`}</section>`;
}
