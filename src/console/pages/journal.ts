import type { JournalEntry } from '../../store/views/journal.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { address, link } from '../parts/link.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { dictionaries } from '../words.ts';
import type { Key } from '../words.ts';

const perPage = 30;

/** What people did: the journal, a page at a time. */
export async function journalSection(visit: Visit): Promise<Html> {
  const { say, query, ports } = visit;
  const before = /^\d{1,15}$/.test(query.get('before') ?? '') ? Number(query.get('before')) : null;
  const { entries, next } = await ports.reader.view('journal', { before, limit: perPage });
  return html`<section id="journal"><div class="title"><h2>${say('people.journalTitle')}</h2><span class="small quiet">${say('people.journalLead')}</span></div>
${entries.length === 0 ? html`<p class="quiet">${say('people.journalEmpty')}</p>` : html`<ol class="line tight dated">${entries.map((entry) => line(visit, entry))}</ol>`}
<p class="keys">${before === null ? none : html`<a class="btn" href="/people#journal">${say('frame.first')}</a>`}${next === null ? none : html`<a class="btn" href="${address('/people', { before: next })}#journal">${say('frame.next')}</a>`}</p></section>`;
}

/** What an entry tells, in words; a verb that has none yet is shown as it is. */
export function entryWords({ say }: Visit, { kind, what }: Pick<JournalEntry, 'kind' | 'what'>): string {
  return Object.hasOwn(dictionaries.fr['journal'] ?? {}, kind) ? say(`journal.${kind}` as Key, { what: what ?? '' }) : kind;
}

function line(visit: Visit, { at: moment, kind, what, sync, by, reason }: JournalEntry): Html {
  const { say } = visit;
  return html`<li><time datetime="${new Date(moment).toISOString()}">${at(visit, moment)}</time><div><span>${entryWords(visit, { kind, what })}</span>${sync === null ? none : html` ${link(`/syncs/${sync}`, `S-${sync}`)}`}${by === null || by === what ? none : html` <span class="quiet">${say('people.journalBy', { by })}</span>`}${reason === null ? none : html`<p>${say('people.journalReason', { reason })}</p>`}</div></li>`;
}
