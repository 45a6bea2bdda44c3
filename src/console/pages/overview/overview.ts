import { capital } from '../../../language/speak.ts';
import { page, part } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html } from '../../html.ts';
import type { Html } from '../../html.ts';
import { head } from '../../parts/head.ts';
import { at, dayStart } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { accounts } from './accounts.ts';
import { hoursChart, lengthsChart } from './charts.ts';
import { events } from './events.ts';
import { inTime, money } from './figures.ts';
import { firstSteps } from './first-steps.ts';
import { toDo } from './to-do.ts';

/** GET / */
export async function overviewPage(visit: Visit): Promise<Answer> {
  const { say, now } = visit;
  const live = html`<span class="sync accepted" role="status" data-live-state data-on="${say('frame.live')}" data-off="${say('frame.notLive')}"></span>`;
  return page(say('overview.title'), html`${head(say('overview.title'), { under: capital(at(visit, now, 'full')), right: live })}${await body(visit)}`);
}

/** GET /overview/now: the same without its head, for a page that is open. */
export async function overviewNow(visit: Visit): Promise<Answer> {
  return part(await body(visit));
}

async function body(visit: Visit): Promise<Html> {
  const { ports, now } = visit;
  const from = dayStart(visit, now);
  const seen = await ports.reader.view('overview', { now, from });
  return html`<div class="stack" data-live hx-get="/overview/now" hx-trigger="suivi-changed from:body" hx-swap="outerHTML">
${firstSteps(visit, seen)}<div class="split">${toDo(visit, seen)}<div class="stack">${accounts(visit, seen)}${inTime(visit, seen.day)}${money(visit, seen.money)}</div></div>
<div class="halves">${hoursChart(visit, seen.day, from)}${lengthsChart(visit, seen.day)}</div>
${events(visit, seen.events)}</div>`;
}
