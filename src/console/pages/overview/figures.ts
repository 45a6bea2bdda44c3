import { sum } from '../../../store/views/money.ts';
import type { WaitingMoney } from '../../../store/views/money.ts';
import type { DayFigures } from '../../../store/views/day.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { shareBar } from '../../parts/chart.ts';
import type { Visit } from '../../visit.ts';

/** The share of on-time confirmations that Amazon asks of its sellers (late shipment rate under 4 %). */
const threshold = 96;

/** How many of today's confirmations were in time. */
export function inTime({ say, speech }: Visit, { told, inTime: good }: DayFigures): Html {
  if (told === 0) return html`<section><h2>${say('overview.inTime')}</h2><p class="quiet">${say('overview.inTimeNone')}</p></section>`;
  const share = (100 * good) / told;
  const said = speech.formatNumber(share / 100, { style: 'percent', maximumFractionDigits: 1 });
  return html`<section><h2>${say('overview.inTime')}</h2><p><span class="big">${said}</span> <span class="quiet small">${say('overview.inTimeOf', { inTime: good, told })}</span></p>
${shareBar(say('overview.inTimeLabel', { share: said }), share, threshold)}<p class="small quiet">${say('overview.inTimeMark')}</p></section>`;
}

/** What a marketplace gives once it has been told, by account. */
export function money({ say, speech }: Visit, rows: readonly WaitingMoney[]): Html {
  if (rows.length === 0) return html`<section><h2>${say('overview.money')}</h2><p class="quiet">${say('overview.moneyNone')}</p></section>`;
  const amount = (total: string, currency: string): string => speech.formatMoney(total, currency === '' ? null : currency);
  const totals = [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, group]) => amount(sum(group.map(({ total }) => total)), currency));
  const n = rows.reduce((all, { orders }) => all + orders, 0);
  return html`<section><h2>${say('overview.money')}</h2><table class="sum"><tbody>${rows.map(({ account, total, currency }) => html`<tr><th scope="row">${account}</th><td class="num">${amount(total, currency)}</td></tr>`)}</tbody><tfoot><tr><th scope="row">${say('overview.moneyOrders', { n })}</th><td class="num">${totals.join(' + ')}</td></tr></tfoot></table>${rows.some(({ ofGoods }) => ofGoods) ? html`<p class="small quiet">${say('overview.moneyGoods')}</p>` : none}</section>`;
}
