import { iso, withValues } from '../api/fields.ts';
import { exits } from '../app/exits.ts';
import { orderList } from '../store/views/order-list.ts';
import type { OrderCursor, OrderFilter } from '../store/views/order-list.ts';
import type { OrderRow } from '../store/views/order-rows.ts';
import type { Call } from './command.ts';
import { accountNamed } from './find.ts';
import { Refused } from './refused.ts';
import { tableText } from './table.ts';

const perPage = 50;
const most = 1_000;

/** Which deadlines are asked for: what is still to be shipped or told, what is late, or whatever there is. */
const dues = ['open', 'late', 'all'] as const;

/** Orders, latest first; by their deadline where one is asked for. */
export async function listOrders(call: Call): Promise<number> {
  const { given, terminal, say, world } = call;
  const suivi = await call.open();
  const now = world.clock.now();
  const { rows, next } = await orderList(suivi.context, { filter: await filterOf(call, now), after: placeOf(call), limit: given.whole('limit', 1, most) ?? perPage, now });
  const place = next === null ? null : `${next.at}-${next.id}`;
  if (given.flag('json')) {
    terminal.json({ orders: rows.map((row) => rowJson(call, row)), next: place });
    return exits.done;
  }
  if (rows.length === 0) terminal.tell(say('noOrdersFound'));
  else terminal.print(tableOf(call, suivi.settings.timeZone, rows, now));
  if (place !== null) terminal.tell(say('moreOrders', { next: place }));
  return exits.done;
}

async function filterOf(call: Call, now: number): Promise<OrderFilter> {
  const { given } = call;
  const { settings } = await call.open();
  const [text, account, states] = [given.text('number'), given.text('account'), given.texts('state')];
  const since = given.moment('since', now, settings.timeZone);
  const due = given.oneOf('due', dues) ?? 'all';
  if (account !== undefined) await accountNamed(call, account, true);
  return {
    ...(text === undefined ? {} : { text: text.trim() }),
    ...(states.length === 0 ? {} : { states }),
    ...(account === undefined ? {} : { accounts: [account] }),
    ...(since === undefined ? {} : { placed: { from: since, before: null } }),
    ...(due === 'all' ? {} : { due: { from: null, before: due === 'late' ? now : null } }),
  };
}

/** Where the page before ended. */
function placeOf({ given, say }: Call): OrderCursor | null {
  const text = given.text('after');
  if (text === undefined) return null;
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(text.trim()) ?? [];
  if (at === undefined || id === undefined) throw new Refused(exits.usage, say('wrongOption', { option: '--after', found: text, expected: say('expectsPlace') }));
  return { at: Number(at), id: Number(id) };
}

function rowJson({ speech }: Call, { id, account, reference, ownReference, placedAt, state, indicator, cancellation, due, sync }: OrderRow): object {
  return {
    id,
    account,
    reference,
    ...withValues({ ownReference, state: state?.mnemonic ?? null, indicator }),
    ...(placedAt === null ? {} : { placedAt: iso(placedAt) }),
    cancellation,
    due: { kind: due.kind, ...(due.at === null ? {} : { at: iso(due.at) }) },
    ...(sync === null ? {} : { sync: { id: sync.id, operation: sync.operation, status: sync.status, statusShown: speech.status(sync.status, sync.cause), ...withValues({ cause: sync.cause }) } }),
  };
}

function tableOf({ terminal, say, speech }: Call, timeZone: string, rows: readonly OrderRow[], now: number): string {
  const dueOf = ({ kind, at }: OrderRow['due']): string => (at === null ? '' : kind === 'open' ? speech.deadline(at, now) : speech.formatInstant(at, timeZone, 'short'));
  return tableText(
    terminal,
    [{ head: say('headAccount') }, { head: say('headOrder') }, { head: say('headPlaced'), gives: 6 }, { head: say('headState'), gives: 8 }, { head: say('headShipBy'), gives: 8 }, { head: say('headStatus'), gives: 8 }],
    rows.map(({ account, reference, placedAt, state, due, sync }) => [account, reference, placedAt === null ? '' : speech.formatInstant(placedAt, timeZone, 'short'), state?.mnemonic ?? '', dueOf(due), sync === null ? '' : speech.status(sync.status, sync.cause)]),
  );
}
