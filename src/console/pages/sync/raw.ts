import type { StoryEntry } from '../../../store/log.ts';
import type { SyncStory } from '../../../store/views/sync-story.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import type { Visit } from '../../visit.ts';
import { numbered } from './story.ts';
import { evidenceOf, memberOf, textOf } from './evidence.ts';

/** Requests and answers as they went over the wire, folded away. Tokens and personal data never came this far. */
export function rawExchange(visit: Visit, { story }: SyncStory): Html {
  const { say } = visit;
  const outcomes = story.filter(({ kind }) => kind === 'outcome' || kind === 'late').toReversed();
  return html`<section><h2>${say('syncs.raw')}</h2>${outcomes.length === 0 ? html`<p class="quiet">${say('syncs.rawNone')}</p>` : outcomes.map((entry) => exchange(visit, story, entry))}</section>`;
}

function exchange(visit: Visit, story: readonly StoryEntry[], entry: StoryEntry): Html {
  const { say } = visit;
  const which = numbered(visit, story, entry);
  if (entry.body === null) return html`<p class="small quiet">${which} ${say('syncs.rawErased')}</p>`;
  const evidence = evidenceOf(entry);
  const request = memberOf(evidence, 'request');
  return html`${request === null || request === undefined ? none : html`<details><summary>${which} ${say('syncs.rawRequest')}</summary><pre tabindex="0">${requestText(request)}</pre></details>`}
<details><summary>${which} ${say('syncs.rawAnswer')}</summary><pre tabindex="0">${answerText(evidence)}</pre></details>`;
}

function requestText(request: unknown): string {
  return [`${textOf(request, 'method') ?? ''} ${textOf(request, 'path') ?? ''}`, json(memberOf(request, 'body'))].filter((one) => one !== '').join('\n\n');
}

function answerText(evidence: unknown): string {
  const answer = memberOf(evidence, 'answer');
  const status = memberOf(answer, 'status');
  const requestId = textOf(evidence, 'requestId');
  const first = typeof status === 'number' ? String(status) : (textOf(evidence, 'fault') ?? '—');
  return [[first, requestId].filter((one) => one !== null).join('\n'), json(memberOf(answer, 'body'))].filter((one) => one !== '').join('\n\n');
}

function json(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
