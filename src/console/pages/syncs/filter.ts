import { operations } from '../../../planning/operation.ts';
import type { Operation } from '../../../planning/operation.ts';
import { capital } from '../../../language/speak.ts';
import type { SyncCounts } from '../../../store/views/sync-causes.ts';
import type { SyncSearch } from '../../../store/views/sync-list.ts';
import type { SyncFilter } from '../../../syncing/rerun.ts';
import { shown, statuses } from '../../../syncing/status.ts';
import type { Shown, Status } from '../../../syncing/status.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { field, key, select } from '../../parts/forms.ts';
import type { OpenVisit, Visit } from '../../visit.ts';

/** The filters of the log as an address has them: a view is a link. */
export interface SyncQuery {
  readonly q: string;
  /** What people see, or `attention`: all that needs somebody. */
  readonly status: Shown | 'attention' | '';
  readonly account: string;
  readonly operation: Operation | 'nothing' | '';
  readonly cause: string;
  /** A day in the merchant's time zone. */
  readonly since: string;
}

const attention: readonly Shown[] = ['to-complete', 'to-decide', 'failed'];
const everyShown = [...new Set(statuses.map((status) => shown[status]))];
const everyOperation = [...operations, 'nothing'] as const;

/** What an address asks for; what it does not say, or says wrongly, is not asked. */
export function readQuery(of: { get(name: string): string | null }): SyncQuery {
  const text = (name: string, longest: number): string => (of.get(name) ?? '').trim().slice(0, longest);
  const since = text('since', 10);
  const status = text('status', 20);
  return {
    q: text('q', 64),
    status: status === 'attention' ? status : (everyShown.find((one) => one === status) ?? ''),
    account: text('account', 100),
    operation: everyOperation.find((one) => one === text('operation', 30)) ?? '',
    cause: text('cause', 100),
    since: /^\d{4}-\d{2}-\d{2}$/.test(since) && dayOf(since, 'UTC') !== null ? since : '',
  };
}

export function searchOf({ ports }: OpenVisit, { q, status, account, operation, cause, since }: SyncQuery): SyncSearch {
  return {
    statuses: statusesOf(status),
    account: account === '' ? null : account,
    operation: operation === '' ? null : operation,
    cause: cause === '' ? null : cause,
    since: since === '' ? null : dayOf(since, ports.timeZone),
    text: q === '' ? null : q,
  };
}

function statusesOf(status: SyncQuery['status']): readonly Status[] | null {
  if (status === '') return null;
  const wanted: readonly Shown[] = status === 'attention' ? attention : [status];
  return statuses.filter((one) => wanted.includes(shown[one]));
}

function dayOf(day: string, timeZone: string): number | null {
  try {
    return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return null;
  }
}

/**
 * The same as the verbs take it; null where a filter finds more than anybody would put right at once, or says it in a way
 * that they do not know. With a cause alone, all that stands under it and needs somebody.
 */
export function verbFilter(visit: OpenVisit, query: SyncQuery): SyncFilter | null {
  if (query.q !== '' || query.operation !== '') return null;
  const { statuses: wanted, account, cause, since } = searchOf(visit, query);
  const open = wanted ?? (cause === null ? null : statusesOf('attention'));
  if (open === null || open.some((status) => !attention.includes(shown[status]) && shown[status] !== 'waiting')) return null;
  return { status: open, ...(account === null ? {} : { account }), ...(cause === null ? {} : { cause }), ...(since === null ? {} : { since }) };
}

export function isPlain(query: SyncQuery): boolean {
  return Object.values(query).every((value) => value === '');
}

/** The form above the list. */
export function filters({ say, speech }: Visit, query: SyncQuery, counts: SyncCounts): Html {
  const n = (wanted: readonly Shown[]): number => counts.statuses.filter(({ status }) => wanted.includes(shown[status])).reduce((all, row) => all + row.n, 0);
  const choices = [
    { value: '', words: say('syncs.statusAll') },
    { value: 'attention', words: say('syncs.statusAttention', { n: n(attention) }) },
    ...everyShown.map((one) => ({ value: one, words: ['verified', 'pointless', 'given-up'].includes(one) ? capital(speech.shown(one)) : say('syncs.statusOne', { word: capital(speech.shown(one)), n: n([one]) }) })),
  ];
  const accounts = [...new Set([...counts.accounts, ...(query.account === '' ? [] : [query.account])])];
  return html`<form class="filters" method="get" action="/syncs" role="search" aria-label="${say('syncs.filterLabel')}"><div class="line-up">
${field('q', say('frame.search'), { type: 'search', value: query.q, placeholder: say('syncs.searchHint'), longest: 64 })}
${select('status', say('syncs.status'), choices, query.status)}
${select('account', say('syncs.to'), [{ value: '', words: say('syncs.toAll') }, ...accounts.map((id) => ({ value: id, words: id === 'shop' ? say('frame.shop') : id }))], query.account)}
${select('operation', say('syncs.operation'), [{ value: '', words: say('syncs.operationAll') }, ...everyOperation.map((one) => ({ value: one, words: capital(speech.operation(one)) }))], query.operation)}
${field('since', say('syncs.since'), { type: 'date', value: query.since })}
${query.cause === '' ? none : field('cause', say('syncs.cause'), { value: query.cause, longest: 100 })}
<div class="keys">${key(say('frame.filter'), { main: true })}${isPlain(query) ? none : html`<a class="btn plain" href="/syncs">${say('frame.showAll')}</a>`}</div></div></form>`;
}
