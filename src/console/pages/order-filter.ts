import { hour } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { OrderChoices, OrderCursor, OrderFilter } from '../../store/views/order-list.ts';

/** Which deadlines are asked for; `all`: whatever the deadline, the latest order first. */
export const dues = ['open', 'late', 'soon', 'today', 'tomorrow', 'all'] as const;
export type DueChoice = (typeof dues)[number];

/** A view of the list as its address says it. */
export interface Asked {
  readonly text: string;
  readonly states: readonly string[];
  readonly indicator: string;
  /** An account; or `@amazon`, all of a marketplace. */
  readonly account: string;
  readonly due: DueChoice;
  /** Days of placing, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly after: OrderCursor | null;
}

const narrowing = ['q', 'state', 'indicator', 'account', 'from', 'to'];

/** Reads an address. Without any filter it is what is to be shipped; with one it is whatever it finds, unless it says otherwise. */
export function readAsked(query: URLSearchParams): Asked {
  const given = query.get('due');
  const plain = !narrowing.some((name) => (query.get(name) ?? '') !== '');
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(query.get('after') ?? '') ?? [];
  return {
    text: (query.get('q') ?? '').trim().slice(0, 100),
    states: query.getAll('state').slice(0, 100),
    indicator: query.get('indicator') ?? '',
    account: query.get('account') ?? '',
    due: dues.find((one) => one === given) ?? (plain ? 'open' : 'all'),
    from: dayIn(query.get('from')),
    to: dayIn(query.get('to')),
    after: at === undefined || id === undefined ? null : { at: Number(at), id: Number(id) },
  };
}

/** The address of a view; `after` is a place in it, not a part of it. */
export function addressOf(asked: Asked, after: OrderCursor | null = null): string {
  const { text, states, indicator, account, due, from, to } = asked;
  const named: readonly (readonly [string, string])[] = [['q', text], ...states.map((state): [string, string] => ['state', state]), ['indicator', indicator], ['account', account], ['due', due], ['from', from], ['to', to], ['after', after === null ? '' : `${after.at}-${after.id}`]];
  const query = new URLSearchParams(named.filter(([, value]) => value !== '').map(([name, value]) => [name, value]));
  return `/orders?${query.toString()}`;
}

/** The filter that a view stands for, at this moment. */
export function filterOf(asked: Asked, { accounts }: Pick<OrderChoices, 'accounts'>, timeZone: string, now: Instant): OrderFilter {
  const { text, states, indicator, account, from, to } = asked;
  const due = dueOf(asked.due, timeZone, now);
  const start = from === '' ? null : startOf(Temporal.PlainDate.from(from), timeZone);
  const end = to === '' ? null : startOf(Temporal.PlainDate.from(to).add({ days: 1 }), timeZone);
  return {
    ...(text === '' ? {} : { text }),
    ...(states.length === 0 ? {} : { states }),
    ...(indicator === '' ? {} : { indicator }),
    ...(account === '' ? {} : { accounts: account.startsWith('@') ? accounts.filter(({ marketplace }) => marketplace === account.slice(1)).map(({ id }) => id) : [account] }),
    ...(start === null && end === null ? {} : { placed: { from: start, before: end } }),
    ...(due === null ? {} : { due }),
  };
}

function dueOf(choice: DueChoice, timeZone: string, now: Instant): NonNullable<OrderFilter['due']> | null {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const start = (days: number): Instant => startOf(today.add({ days }), timeZone);
  switch (choice) {
    case 'open':
      return { from: null, before: null };
    case 'late':
      return { from: null, before: now };
    case 'soon':
      return { from: now, before: now + 2 * hour };
    case 'today':
      return { from: now, before: start(1) };
    case 'tomorrow':
      return { from: start(1), before: start(2) };
    case 'all':
      return null;
  }
}

function startOf(day: Temporal.PlainDate, timeZone: string): Instant {
  return day.toZonedDateTime({ timeZone }).epochMilliseconds;
}

/** A day as a date field sends it; empty where it is none. */
function dayIn(text: string | null): string {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return '';
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    return '';
  }
}
