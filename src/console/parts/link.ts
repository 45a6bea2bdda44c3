import { html } from '../html.ts';
import type { Html } from '../html.ts';

export function link(to: string, words: string | Html): Html {
  return html`<a href="${to}">${words}</a>`;
}

/** A path with its query; what is empty is left out. */
export function address(path: string, query: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]): [string, string] => [name, String(value)]);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
