import { capital } from '../../../language/speak.ts';
import type { Happened } from '../../../store/views/events.ts';
import type { OutcomeKind } from '../../../syncing/outcome.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { empty } from '../../parts/head.ts';
import { link } from '../../parts/link.ts';
import { mark, outcomeMark } from '../../parts/sync.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { entryWords } from '../journal.ts';

/** The latest of what happened, newest first. */
export function events(visit: Visit, happened: readonly Happened[]): Html {
  const { say } = visit;
  const list = happened.length === 0 ? empty(say('overview.noEvents')) : html`<ol class="line tight">${happened.map((one) => line(visit, one))}</ol>`;
  return html`<section><div class="title"><h2>${say('overview.events')}</h2>${link('/syncs', say('overview.allEvents'))}</div>${list}</section>`;
}

function line(visit: Visit, one: Happened): Html {
  const time = html`<time datetime="${new Date(one.at).toISOString()}">${at(visit, one.at, 'time')}</time>`;
  if (one.kind === 'person') return html`<li>${time}<div>${mark('wait', capital(entryWords(visit, one.entry)))}${one.entry.by === null || one.entry.by === one.entry.what ? none : html` <span class="small quiet">${visit.say('people.journalBy', { by: one.entry.by })}</span>`}</div></li>`;
  const { outcome, order, account, sync, cause, reference } = one;
  const words = cause === null ? (outcome === 'accepted' && reference !== null ? visit.say('overview.eventReference', { reference }) : '') : sayCause(visit, cause).title;
  return html`<li>${time}<div>${mark(outcomeMark(outcome as OutcomeKind), capital(visit.speech.outcome(outcome as OutcomeKind)))} <span class="small"><a class="nb" href="/syncs/${sync}">${order}</a> ${account}${words === '' ? none : `, ${words}`}</span></div></li>`;
}
