import type { Variable } from '../../orders/texts.ts';
import type { Instant } from '../../runtime/clock.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { at } from '../visit.ts';
import type { OpenVisit } from '../visit.ts';

/** A parcel as a customer is told of it. */
export interface ShownParcel {
  readonly carrier: string | null;
  readonly tracking: string | null;
  /** The carrier's own page. */
  readonly link: string | null;
}

/** A text with its variables filled in. */
export interface Written {
  readonly text: string;
  /** The language that it is written in, where it is not the page's. */
  readonly language: string | null;
}

/** A published state as a customer reads it. */
export interface Told {
  readonly at: Instant;
  readonly name: Written;
  readonly comment: Written;
}

/** What a state's texts are filled in with. Of several parcels, all of them. */
export function valuesOf(order: string, parcels: readonly ShownParcel[]): Readonly<Partial<Record<Variable, string>>> {
  const all = (of: (parcel: ShownParcel) => string | null, between: string): string => [...new Set(parcels.flatMap((parcel) => of(parcel) ?? []))].join(between);
  return { order, carrier: all(({ carrier }) => carrier, ', '), tracking: all(({ tracking }) => tracking, ', '), trackingLink: all(({ link }) => link, ' ') };
}

/** Where an order stands, and how its parcels are followed. @param heading the element: a page has one of the first rank */
export function customerLead(visit: OpenVisit, { name, comment }: Pick<Told, 'name' | 'comment'>, parcels: readonly ShownParcel[], heading: 'h1' | 'p'): Html {
  const title = heading === 'h1' ? html`<h1${inLanguage(name)}>${name.text}</h1>` : html`<p class="headline"${inLanguage(name)}>${name.text}</p>`;
  return html`${title}${prose(comment, parcels)}${parcels.map((parcel) => followed(visit, parcel, parcels.length > 1))}`;
}

function followed({ say }: OpenVisit, { carrier, tracking, link }: ShownParcel, several: boolean): Html {
  if (tracking === null) return none;
  const number = html`<p class="small quiet">${say('customer.parcel', { carrier: carrier ?? '' })} <span class="id">${tracking}</span></p>`;
  if (link === null) return html`<div class="apart">${number}</div>`;
  return html`<div class="apart"><p class="keys"><a class="btn main" href="${link}" rel="noopener noreferrer">${say(several ? 'customer.followOne' : 'customer.follow', { carrier: carrier ?? '', tracking })} <svg class="icon" aria-hidden="true"><use href="#i-out"/></svg></a></p>${several ? none : number}</div>`;
}

/** The published states, the latest first. What the page begins with is not said again. */
export function customerLine(visit: OpenVisit, all: readonly Told[], parcels: readonly ShownParcel[]): Html {
  return html`<ol class="line apart">${all.toReversed().map(({ at: moment, name, comment }, index) => html`<li><time datetime="${new Date(moment).toISOString()}">${at(visit, moment, 'date')}</time><div><b${inLanguage(name)}>${name.text}</b>${index === 0 ? none : prose(comment, parcels)}</div></li>`)}</ol>`;
}

function prose(written: Written, parcels: readonly ShownParcel[]): Html {
  return written.text === '' ? none : html`<p class="prose"${inLanguage(written)}>${withLinks(written.text, parcels)}</p>`;
}

function inLanguage({ language }: Written): Html {
  return language === null ? none : html` lang="${language}"`;
}

/** Only addresses that we put there ourselves can be followed; each is shown by its host. */
function withLinks(text: string, parcels: readonly ShownParcel[]): readonly Html[] {
  // The longest first: one may begin as another does.
  const links = [...new Set(parcels.flatMap(({ link }) => link ?? []))].toSorted((a, b) => b.length - a.length);
  const [first, ...rest] = links.length === 0 ? [] : links;
  if (first === undefined) return [html`${text}`];
  const others = parcels.filter(({ link }) => link !== null && rest.includes(link));
  return text.split(first).flatMap((part, index) => [...(index === 0 ? [] : [html`<a href="${first}" rel="noopener noreferrer">${new URL(first).host}</a>`]), ...withLinks(part, others)]);
}
