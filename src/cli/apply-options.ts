import { exits } from '../app/exits.ts';
import type { Wish } from '../orders/applied-state.ts';
import type { ParcelWish } from '../orders/parcel-wish.ts';
import type { ParcelLine } from '../orders/parcel.ts';
import type { Call, Option } from './command.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

export const applyOptions: readonly Option[] = [
  { flags: '--order <number>', many: true },
  { flags: '--account <id>' },
  { flags: '--carrier <name>' },
  { flags: '--tracking <number>' },
  { flags: '--line <id=quantity>', many: true },
  { flags: '--untracked' },
  { flags: '--shipped-at <moment>' },
  { flags: '--ship-from <place>' },
  { flags: '--comment <text>' },
  { flags: '--sms <text>' },
  { flags: '--publish' },
  { flags: '--no-publish' },
  { flags: '--mail' },
  { flags: '--no-mail' },
  { flags: '--notify-sms' },
  { flags: '--no-notify-sms' },
  { flags: '--invoice' },
  { flags: '--no-invoice' },
  { flags: '--cancel-reason <reason>' },
  { flags: '--file <file>' },
  { flags: '--columns <choice>' },
  { flags: '--refused <file>' },
  { flags: '--preview' },
  { flags: '--yes' },
];

/** What is said once for all orders: it changes the state's own texts and flags for this application. */
export function overrides({ given }: Call): Omit<Wish, 'account' | 'order' | 'state' | 'parcels'> {
  const members = {
    comment: given.text('comment'),
    sms: given.text('sms'),
    publish: given.either('publish'),
    notifyByMail: given.either('mail'),
    notifyBySms: given.either('notify-sms'),
    generateInvoice: given.either('invoice'),
    cancelReason: given.text('cancel-reason'),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** The parcel that the options describe; null where they describe none. */
export function parcelOf(call: Call): ParcelWish | null {
  const { given, say } = call;
  const carrier = given.text('carrier');
  const trackingNumber = given.text('tracking');
  const shippedAt = given.text('shipped-at');
  const shipFrom = given.text('ship-from');
  const lines = given.texts('line').map((text) => lineOf(text, say));
  const parcel: ParcelWish = {
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
    ...(given.flag('untracked') ? { untracked: true } : {}),
    ...(shippedAt === undefined ? {} : { shippedAt: dayOrMoment(shippedAt) }),
    ...(shipFrom === undefined ? {} : { shipFrom }),
    ...(lines.length === 0 ? {} : { lines }),
  };
  return Object.keys(parcel).length === 0 ? null : parcel;
}

/** `23/11/2026` is a day as well. What it is no date at all is said by whoever reads the wish. */
function dayOrMoment(text: string): string {
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim()) ?? [];
  return year === undefined ? text.trim() : `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
}

function lineOf(text: string, say: Call['say']): ParcelLine {
  const [, lineId, quantity] = /^(.+)=(\d{1,9})$/.exec(text.trim()) ?? [];
  if (lineId === undefined) throw new Refused(exits.usage, say('wrongOption', { option: '--line', found: plain(text, 60), expected: say('expectsLine') }));
  return { lineId, quantity: Number(quantity) };
}
