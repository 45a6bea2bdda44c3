import { capital } from '../../../language/speak.ts';
import type { DifferenceKind } from '../../../store/differences.ts';
import type { DifferenceGroup } from '../../../store/views/differences.ts';
import type { Verb } from '../../../syncing/rerun.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { hidden, key } from '../../parts/forms.ts';
import type { Visit } from '../../visit.ts';

/** What puts a difference right; the first is what most want. Of what is only not shown yet, sending again is the last resort. */
const verbs: Readonly<Record<Exclude<DifferenceKind, 'shipped-there-only'>, readonly Verb[]>> = {
  'in-doubt': ['rerun', 'resolve'],
  'not-told': ['rerun', 'resolve', 'cancel'],
  'held-past-deadline': ['resolve', 'cancel'],
  'accepted-not-shown': ['resend'],
};

interface Remedies {
  /** The form around the rows, with its keys for those that are chosen. */
  readonly form: (rows: Html) => Html;
  /** The same for all of the kind. */
  readonly all: Html;
}

/**
 * The keys of one kind: each leads over the preview that says what will be done and what not, and asks for the reason.
 * @param back where somebody comes back to
 */
export function remedies(visit: Visit, { kind, rows, more }: DifferenceGroup, back: string): Remedies {
  const { say, speech, csrf } = visit;
  const chosen = (keys: Html): Html => html`<div class="bulk"><b data-chosen data-one="${say('differences.chosenOne')}" data-other="${say('differences.chosenOther')}"></b><div class="keys">${keys}</div></div>`;
  const allWords = more ? say('differences.allFirst', { n: rows.length }) : say('differences.allOf', { n: rows.length });
  if (kind === 'shipped-there-only') {
    if (!visit.may('get /orders/apply')) return { form: (table) => table, all: none };
    const doIt = key(say('differences.applyState'), { main: true });
    return {
      form: (table) => html`<form method="get" action="/orders/apply">${hidden('back', back)}${table}${chosen(doIt)}</form>`,
      // An address holds a few hundred numbers, not thousands.
      all: html`<form method="get" action="/orders/apply" class="bulk always rest">${hidden('back', back)}${rows.slice(0, 200).map(({ orderId }) => hidden('order', orderId))}<b>${rows.length > 200 ? say('differences.allFirst', { n: 200 }) : allWords}</b><div class="keys">${doIt}</div></form>`,
    };
  }
  if (!visit.may('post /syncs/preview')) return { form: (table) => table, all: none };
  const keys = html`${verbs[kind].map((verb) => key(capital(speech.verb(verb)), { name: 'verb', value: verb, main: verb === 'rerun' }))}`;
  return {
    form: (table) => html`<form method="post" action="/syncs/preview">${csrf}${hidden('back', back)}${table}${chosen(keys)}</form>`,
    all: html`<form method="post" action="/syncs/preview" class="bulk always rest">${csrf}${hidden('back', back)}${rows.map(({ sync }) => (sync === null ? none : hidden('sync', sync)))}<b>${allWords}</b><div class="keys">${keys}</div></form>`,
  };
}
