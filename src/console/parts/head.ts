import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { link } from './link.ts';

/** A page's head: its heading, a line under it, and at the right what can be done with the page. */
export function head(heading: string | Html, more: { readonly under?: string | Html; readonly right?: Html; readonly above?: { readonly to: string; readonly words: string } } = {}): Html {
  return html`<div class="head"><div>${more.above === undefined ? none : html`<p class="no-print">${link(more.above.to, more.above.words)}</p>`}<h1>${heading}</h1>${more.under === undefined ? none : html`<p>${more.under}</p>`}</div>${more.right ?? none}</div>`;
}

/** Where there is nothing yet: what that means, and what to do next. */
export function empty(words: string, next: Html = none): Html {
  return html`<div class="sheet empty"><p>${words}</p>${next}</div>`;
}
