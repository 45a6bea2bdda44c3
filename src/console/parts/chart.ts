import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** One column: what it stands over, and its parts from the bottom up. */
export interface Column {
  /** Empty: nothing is written under it. */
  readonly under: string;
  /** Written over it; empty: nothing. */
  readonly over?: string;
  readonly parts: readonly { readonly kind: 'done' | 'wait' | 'fail'; readonly n: number }[];
}

const floor = 130;
const ceiling = 20;

/**
 * Columns as SVG without script: across in hundredths of the width, up in pixels, so that letters keep their size.
 * @param label says in a sentence what there is to see
 * @param scale whether lines and figures at the left say how much a column is
 */
export function columnChart(label: string, columns: readonly Column[], scale: boolean): Html {
  const sums = columns.map(({ parts }) => parts.reduce((all, { n }) => all + n, 0));
  const top = scale ? roundUp(Math.max(1, ...sums)) : Math.max(1, ...sums);
  const height = (n: number): number => ((floor - ceiling) * n) / top;
  const left = scale ? 5 : 1;
  const step = (100 - left) / Math.max(1, columns.length);
  const width = step * (scale ? 0.66 : 0.8);
  const lines = scale ? [0, top / 2, top].map((n) => html`<line x1="5%" x2="100%" y1="${round(floor - height(n))}" y2="${round(floor - height(n))}"/><text x="4%" y="${round(floor - height(n) + 4)}" text-anchor="end">${n}</text>`) : [html`<line x1="0" x2="100%" y1="${floor}" y2="${floor}"/>`];
  const bars = columns.map(({ under, over = '', parts }, index) => {
    const x = left + index * step;
    let y = floor;
    const rects = parts.filter(({ n }) => n > 0).map(({ kind, n }) => {
      y -= height(n);
      return html`<rect class="${kind}" x="${round(x)}%" width="${round(width)}%" y="${round(y)}" height="${round(height(n))}"/>`;
    });
    const middle = round(x + width / 2);
    return html`${rects}${over === '' ? '' : html`<text x="${middle}%" y="${round(y - 5)}" text-anchor="middle">${over}</text>`}${under === '' ? '' : html`<text x="${middle}%" y="148" text-anchor="middle">${under}</text>`}`;
  });
  return html`<svg role="img" aria-label="${label}">${lines}${bars}</svg>`;
}

/** A share of a whole as a bar, with a mark to be reached. */
export function shareBar(label: string, share: number, mark: number): Html {
  return html`<svg class="bar" width="100%" height="20" role="img" aria-label="${label}"><rect class="rest" width="100%" height="10"/><rect class="done" width="${round(share)}%" height="10"/><line class="mark" x1="${mark}%" x2="${mark}%" y1="11" y2="19"/></svg>`;
}

/** A square of a chart's colour, for its legend. */
export function swatch(kind: 'done' | 'wait' | 'fail'): Html {
  return html`<svg width="11" height="11" aria-hidden="true"><rect class="${kind}" x=".5" y=".5" width="10" height="10"/></svg>`;
}

/** An even number that is easily halved and read. */
function roundUp(n: number): number {
  const size = 10 ** Math.floor(Math.log10(n));
  const step = [2, 4, 6, 8, 10].find((one) => one * size >= n) ?? 10;
  return Math.max(2, step * size);
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
