import type { Instant } from '../../../runtime/clock.ts';
import { hour, minute } from '../../../runtime/clock.ts';
import type { DayFigures } from '../../../store/views/day.ts';
import { html } from '../../html.ts';
import type { Html } from '../../html.ts';
import { columnChart, swatch } from '../../parts/chart.ts';
import type { Visit } from '../../visit.ts';

const hoursOfDay = 24;

/** What was planned in each hour of the day, and how it stands. */
export function hoursChart({ say, ports }: Visit, { hours }: DayFigures, from: Instant): Html {
  const title = html`<h2>${say('overview.hours')}</h2>`;
  if (hours.length === 0) return html`<figure class="chart"><figcaption>${title}</figcaption><p class="quiet">${say('overview.chartNone')}</p></figure>`;
  const total = (kind: 'done' | 'wait' | 'fail'): number => hours.reduce((all, one) => all + one[kind], 0);
  const [done, wait, fail] = [total('done'), total('wait'), total('fail')];
  const worst = hours.reduce((a, b) => (b.fail > a.fail ? b : a));
  // By the clock on the wall: a day may have 23 hours, or 25.
  const onTheWall = (index: number): number => Temporal.Instant.fromEpochMilliseconds(from + index * hour).toZonedDateTimeISO(ports.timeZone).hour;
  const columns = Array.from({ length: Math.max(hoursOfDay, ...hours.map((one) => one.hour + 1)) }, (_, index) => {
    const one = hours.find((each) => each.hour === index);
    return { under: index % 4 === 0 ? say('overview.hour', { hour: onTheWall(index) }) : '', parts: [{ kind: 'done', n: one?.done ?? 0 }, { kind: 'wait', n: one?.wait ?? 0 }, { kind: 'fail', n: one?.fail ?? 0 }] as const };
  });
  const legend = (['done', 'wait', 'fail'] as const).map((kind) => html`<span class="nb">${swatch(kind)} ${say(`overview.${kind}`)}</span> `);
  return html`<figure class="chart"><figcaption>${title}<p class="small quiet legend">${legend}</p></figcaption>
${columnChart(say('overview.hoursLabel', { done, wait, fail }), columns, true)}<p class="small quiet">${say('overview.hoursPeak', { fail, hour: onTheWall(worst.hour) })}</p></figure>`;
}

const bounds = [2, 5, 10, 20, 40, 60] as const;

/** How long today's confirmations took, in minutes. */
export function lengthsChart({ say, speech }: Visit, { lengths }: DayFigures): Html {
  const title = html`<h2>${say('overview.lengths')}</h2>`;
  if (lengths.length === 0) return html`<figure class="chart"><figcaption>${title}</figcaption><p class="quiet">${say('overview.chartNone')}</p></figure>`;
  const at = (share: number): number => lengths[Math.min(lengths.length - 1, Math.floor(share * lengths.length))] ?? 0;
  const groups = [0, ...bounds].map((low, index) => {
    const high = bounds[index] ?? Infinity;
    return { low, high, n: lengths.filter((length) => length >= low * minute && length < high * minute).length };
  });
  const columns = groups.map(({ low, high, n }) => ({ under: low === 0 ? `< ${high}` : high === Infinity ? `> ${low}` : `${low}–${high}`, over: String(n), parts: [{ kind: 'done', n }] as const }));
  const list = groups.map(({ low, high, n }) => (low === 0 ? say('overview.lengthsFirst', { n, to: high }) : high === Infinity ? say('overview.lengthsLast', { n, from: low }) : say('overview.lengthsItem', { n, from: low, to: high }))).join(', ');
  return html`<figure class="chart"><figcaption>${title}<p class="small quiet">${say('overview.lengthsLead', { half: speech.formatDuration(at(0.5)), most: speech.formatDuration(at(0.9)) })}</p></figcaption>
${columnChart(say('overview.lengthsLabel', { list }), columns, false)}<p class="small quiet">${say('overview.lengthsNote', { n: lengths.length })}</p></figure>`;
}
