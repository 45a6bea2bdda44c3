import { capital } from '../../../language/speak.ts';
import type { Operation } from '../../../planning/operation.ts';
import { day } from '../../../runtime/clock.ts';
import type { LogRow } from '../../../store/log.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { link } from '../../parts/link.ts';
import { syncStatus } from '../../parts/sync.ts';
import { at, dayStart } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

/** Rows of the sync log. @param choose whether they can be chosen */
export function syncTable(visit: Visit, rows: readonly LogRow[], choose: boolean): Html {
  const { say } = visit;
  const pick = choose ? html`<th class="pick"><input type="checkbox" data-choose-all aria-label="${say('frame.chooseAll')}"></th>` : none;
  return html`<table class="rows"><caption class="unseen">${say('syncs.title')}</caption><thead><tr>${pick}<th scope="col" class="margin">${say('syncs.time')}</th><th scope="col">${say('syncs.order')}</th><th scope="col">${say('syncs.operation')}</th><th scope="col">${say('syncs.to')}</th><th scope="col">${say('syncs.status')}</th><th scope="col" class="num">${say('syncs.attempts')}</th></tr></thead>
<tbody>${rows.map((row) => tableRow(visit, row, choose))}</tbody></table>`;
}

function tableRow(visit: Visit, row: LogRow, choose: boolean): Html {
  const { say, speech } = visit;
  const pick = choose ? html`<td class="pick"><input type="checkbox" name="sync" value="${row.id}" aria-label="${say('frame.choose', { what: `S-${row.id}` })}"></td>` : none;
  const under = parcelOf(row) ?? row.own_reference ?? '';
  const more = moreOf(visit, row);
  return html`<tr>${pick}<td class="first margin nb">${link(`/syncs/${row.id}`, timeOf(visit, row.created_at))}</td><th scope="row" class="wide">${visit.may('get /orders/:id') ? link(`/orders/${row.order_id}`, row.order) : row.order}<small>${under}</small></th><td class="wide">${capital(speech.operation(row.operation as Operation | 'nothing'))}</td><td class="nb">${row.account === 'shop' ? say('frame.shop') : row.account}</td><td class="first end">${syncStatus(visit, row.status, row.cause)}${more === '' ? none : html` <small>${more}</small>`}</td><td class="num end" data-of="${say('syncs.attempts')}">${row.attempts}</td></tr>`;
}

/** The hour today; the day as well before that. */
function timeOf(visit: Visit, moment: number): string {
  const today = dayStart(visit, visit.now);
  return at(visit, moment, moment >= today && moment < today + day ? 'time' : 'short');
}

function parcelOf({ payload }: LogRow): string | null {
  const { parcel } = JSON.parse(payload) as { parcel?: { carrier?: string | null; trackingNumber?: string | null } | null };
  if (parcel == null) return null;
  const words = [parcel.carrier, parcel.trackingNumber].filter((one) => one != null && one !== '').join(' ');
  return words === '' ? null : words;
}

/** Why, or until when. */
function moreOf(visit: Visit, { cause, due_at, status }: LogRow): string {
  if (cause !== null) return sayCause(visit, cause).title;
  return due_at !== null && due_at > visit.now && status !== 'ready' ? visit.say(status === 'accepted' ? 'syncs.readBackAt' : 'syncs.dueAt', { at: timeOf(visit, due_at) }) : '';
}
