import { capital } from '../../../language/speak.ts';
import type { CauseCount } from '../../../store/log.ts';
import { html } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { empty } from '../../parts/head.ts';
import { address } from '../../parts/link.ts';
import type { Visit } from '../../visit.ts';
import type { Button } from '../../../syncing/diagnosis.ts';

/** What is held, failed or in doubt, gathered by its cause: one remedy for all of it. */
export function causes(visit: Visit, counts: readonly CauseCount[]): Html {
  const { say } = visit;
  const groups = [...Map.groupBy(counts, ({ cause }) => cause)].map(([cause, rows]) => ({ cause, rows, n: rows.reduce((all, row) => all + row.n, 0) })).toSorted((a, b) => b.n - a.n);
  return html`<section id="causes"><h2>${say('syncs.causesTitle')}</h2>${groups.length === 0 ? empty(say('syncs.causesNone')) : html`<ul class="ledger">${groups.map(({ cause, rows, n }) => line(visit, cause, n, [...new Set(rows.map(({ account }) => account))]))}</ul>`}</section>`;
}

function line(visit: Visit, cause: string, n: number, accounts: readonly string[]): Html {
  const { say } = visit;
  const { title, what, remedy, button } = sayCause(visit, cause);
  const all = address('/syncs', { status: 'attention', cause });
  const put = button === null ? null : placeOf(visit, button);
  return html`<li><span class="n">${n}</span><div class="what cause"><div><h3><a href="${all}">${title}</a></h3><p><span class="id">${cause}</span><br>${accounts.join(', ')}</p></div><div>${what === '' ? '' : html`<p>${what}</p>`}<p><b>${say('syncs.toDo')}</b> ${remedy}</p></div></div>${put === null || button === null ? html`<a class="btn" href="${all}">${say('overview.seeSyncs', { n })}</a>` : html`<a class="btn" href="${put}">${capital(visit.speech.button(button))}</a>`}</li>`;
}

/** Where a remedy is pressed that belongs to another page; null: here, on the syncs themselves, or nowhere that this reader may go. A parcel is completed on its order's page, where it is known which one. */
export function placeOf(visit: Visit, button: Button, one: { readonly order_id: number; readonly parcel_id: number | null } | null = null): string | null {
  switch (button) {
    case 'map-carrier':
      return visit.may('get /carriers') ? '/carriers' : null;
    case 'reconnect':
    case 'resume':
      return visit.may('get /accounts') ? '/accounts' : null;
    case 'complete-parcel':
      return one !== null && one.parcel_id !== null && visit.may('post /orders/:id/parcels') ? `/orders/${one.order_id}#p${one.parcel_id}` : null;
    case 'import':
    case 'rerun':
    case 'resend':
    case 'resolve':
    case 'cancel':
      return null;
  }
}
