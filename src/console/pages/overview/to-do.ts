import type { CauseCount } from '../../../store/log.ts';
import type { Overview } from '../../../store/views/overview.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { empty } from '../../parts/head.ts';
import { address } from '../../parts/link.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import type { Key, Say } from '../../words.ts';

interface Line {
  readonly kind: 'urgent' | 'near' | 'plain';
  readonly n: number;
  readonly title: string;
  readonly words: string;
  /** Where it is done; null: nowhere that this reader may go. */
  readonly to: string | null;
  readonly key: string;
}

/** What waits for somebody, the most urgent first; failures by cause at the end. */
export function toDo(visit: Visit, seen: Overview): Html {
  const { say } = visit;
  const lines = [...dueLines(visit, seen), ...heldLines(visit, seen)].filter(({ n }) => n > 0);
  const failures = failureLines(visit, seen.causes);
  const list = html`<ul class="ledger">${lines.map(line)}${failures.length === 0 ? none : html`<li class="part small">${say('overview.failures')}</li>${failures.map(line)}`}</ul>`;
  return html`<section><h2>${say('overview.todo')}</h2>${lines.length + failures.length === 0 ? empty(say('overview.nothing')) : list}</section>`;
}

function dueLines(visit: Visit, { late, soon }: Overview): readonly Line[] {
  const { say, speech, now } = visit;
  const orders = (due: string): string | null => (visit.may('get /orders') ? address('/orders', { due }) : null);
  return [
    { kind: 'urgent', n: late.n, title: say('overview.late'), words: late.earliest === null ? '' : say('overview.lateLead', { at: at(visit, late.earliest), duration: speech.formatDuration(now - late.earliest) }), to: orders('late'), key: say('overview.seeOrders', { n: late.n }) },
    { kind: 'near', n: soon.n, title: say('overview.soon'), words: sentences(soon.earliest === null ? '' : say('overview.soonFirst', { at: at(visit, soon.earliest) }), counted(say, 'overview.soonUntouched', soon.untouched), counted(say, 'overview.soonHeld', soon.held), counted(say, 'overview.soonGoing', soon.going)), to: orders('soon'), key: say('overview.seeOrders', { n: soon.n }) },
  ];
}

function heldLines({ say }: Visit, { cancelRequests, causes }: Overview): readonly Line[] {
  const held = causes.filter(({ status, cause }) => status === 'held' && cause !== 'order/cancel-requested');
  const count = (rows: readonly CauseCount[]): number => rows.reduce((all, { n }) => all + n, 0);
  const tracking = count(held.filter(({ cause }) => cause === 'order/tracking-missing'));
  const carrier = count(held.filter(({ cause }) => cause.endsWith('/carrier-unknown')));
  const doubts = count(causes.filter(({ status }) => status === 'in-doubt'));
  return [
    { kind: 'plain', n: cancelRequests, title: say('overview.requests'), words: say('overview.requestsLead'), to: address('/syncs', { cause: 'order/cancel-requested' }), key: say('overview.answer', { n: cancelRequests }) },
    { kind: 'plain', n: count(held), title: say('overview.complete'), words: sentences(counted(say, 'overview.completeTracking', tracking), counted(say, 'overview.completeCarrier', carrier), counted(say, 'overview.completeOther', count(held) - tracking - carrier), say('overview.completeThen')), to: address('/syncs', { status: 'to-complete' }), key: say('overview.doComplete') },
    { kind: 'plain', n: doubts, title: say('overview.decide'), words: say('overview.decideLead'), to: address('/syncs', { status: 'to-decide' }), key: say('overview.compare') },
  ];
}

function failureLines(visit: Visit, causes: readonly CauseCount[]): readonly Line[] {
  const failed = causes.filter(({ status }) => status === 'rejected' || status === 'exhausted');
  return [...Map.groupBy(failed, ({ cause }) => cause)].map(([cause, rows]): Line => {
    const n = rows.reduce((all, row) => all + row.n, 0);
    const { title, remedy } = sayCause(visit, cause);
    return { kind: 'plain', n, title, words: `${[...new Set(rows.map(({ account }) => account))].join(', ')} · ${remedy}`, to: address('/syncs', { status: 'failed', cause }), key: visit.say('overview.seeSyncs', { n }) };
  }).toSorted((a, b) => b.n - a.n);
}

function sentences(...given: readonly string[]): string {
  return given.filter((one) => one !== '').join(' ');
}

/** A sentence that counts something; nothing where there is none of it. */
function counted(say: Say, key: Key, n: number): string {
  return n === 0 ? '' : say(key, { n });
}

function line({ kind, n, title, words, to, key }: Line): Html {
  return html`<li${kind === 'plain' ? none : html` class="${kind}"`}><span class="n">${n}</span><div class="what"><h3>${title}</h3><p>${words}</p></div>${to === null ? none : html`<a class="btn" href="${to}">${key}</a>`}</li>`;
}
