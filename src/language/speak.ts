import type { Fault } from '../orders/fault.ts';
import type { StateType } from '../orders/order-state.ts';
import type { Cancellation, Fulfilment, Payment, Publication } from '../orders/order.ts';
import type { Operation } from '../planning/operation.ts';
import type { Warning } from '../planning/preflight.ts';
import type { Duration, Instant } from '../runtime/clock.ts';
import type { AlertKind } from '../syncing/alert.ts';
import type { Button, Language } from '../syncing/diagnosis.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { OutcomeKind } from '../syncing/outcome.ts';
import type { LeftOut, Verb } from '../syncing/rerun.ts';
import { shown } from '../syncing/status.ts';
import type { Shown, Status } from '../syncing/status.ts';
import type { Dictionary } from './dictionary.ts';
import { faults as faultsEn } from './en/faults.ts';
import { warnings as warningsEn } from './en/warnings.ts';
import { words as wordsEn } from './en/words.ts';
import { faults as faultsFr } from './fr/faults.ts';
import { warnings as warningsFr } from './fr/warnings.ts';
import { words as wordsFr } from './fr/words.ts';
import { formatDuration, formatInstant, formatMoney, formatNumber } from './formats.ts';
import type { InstantStyle } from './formats.ts';
import { message, quoted } from './message.ts';

/** All words that people read, in one language. Codes that came from a later version are shown as they are. */
export interface Speech {
  readonly language: Language;
  /** The field, what was found there, and what to do, on one line: the words of `mend` behind the field's name. */
  fault(fault: Fault): string;
  /** The same without the field, for those who show it beside its field. */
  mend(fault: Fault): string;
  warning(warning: Warning): string;
  /** As people see it: `held` is « à compléter ». Of a sync its cause is given too: what a person closed, nobody there accepted. */
  status(status: Status, cause?: string | null): string;
  /** The status itself, where somebody looks closely: `held` is « retenue ». */
  exactStatus(status: Status, cause?: string | null): string;
  shown(shown: Shown): string;
  operation(operation: Operation | 'nothing'): string;
  type(type: StateType): string;
  /** A merchant's own indicator is its own word. */
  indicator(indicator: string): string;
  /** @param marketplace null: the merchant's own shop */
  channel(marketplace: string | null): string;
  outcome(kind: OutcomeKind): string;
  verb(verb: Verb): string;
  leftOut(why: LeftOut): string;
  button(button: Button): string;
  payment(payment: Payment): string;
  publication(publication: Publication): string;
  fulfilment(fulfilment: Fulfilment): string;
  cancellation(cancellation: Cancellation): string;
  mode(mode: LaneProfile['mode']): string;
  alert(kind: AlertKind): string;
  /** How long until a ship-by, or how late it is. */
  deadline(shipBy: Instant, now: Instant): string;
  /** @param timeZone IANA name */
  formatInstant(at: Instant, timeZone: string, style?: InstantStyle): string;
  /** @param amount a decimal string */
  formatMoney(amount: string, currency: string | null): string;
  formatDuration(length: Duration): string;
  /** @param options as `Intl.NumberFormat` takes them */
  formatNumber(value: number, options?: Intl.NumberFormatOptions): string;
}

interface Words {
  readonly words: Dictionary;
  readonly faults: Readonly<Record<Fault['code'], string>>;
  readonly warnings: Readonly<Record<Warning['code'], string>>;
}

const spoken: Readonly<Record<Language, Words>> = {
  fr: { words: wordsFr, faults: faultsFr, warnings: warningsFr },
  en: { words: wordsEn, faults: faultsEn, warnings: warningsEn },
};

const speeches: Readonly<Record<Language, Speech>> = { fr: speech('fr'), en: speech('en') };

export function speak(language: Language): Speech {
  return speeches[language];
}

/** A word as it begins a sentence, a heading or a chip. */
export function capital(text: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase('fr') + text.slice(first.length);
}

function speech(language: Language): Speech {
  const { words, faults, warnings } = spoken[language];
  const mend = (fault: Fault): string => said(language, faults, fault.code, faultValues(fault));
  return {
    language,
    mend,
    // A colon stands off in French only.
    fault: (fault) => `${quoted(fault.field, 100)}${language === 'fr' ? '\u00a0' : ''}: ${mend(fault)}`,
    warning: ({ code, found }) => said(language, warnings, code, foundValues(found)),
    status: (status, cause = null) => (isByHand(status, cause) ? words.byHand.closed : word(words.shown, shown[status])),
    exactStatus: (status, cause = null) => (isByHand(status, cause) ? words.byHand.closed : word(words.exactStatus, status)),
    shown: (shown) => word(words.shown, shown),
    operation: (operation) => word(words.operation, operation),
    type: (type) => word(words.type, type),
    indicator: (indicator) => word(words.indicator, indicator),
    channel: (marketplace) => word(words.channel, marketplace ?? 'shop'),
    outcome: (kind) => word(words.outcome, kind),
    verb: (verb) => word(words.verb, verb),
    leftOut: (why) => word(words.leftOut, why),
    button: (button) => word(words.button, button),
    payment: (payment) => word(words.payment, payment),
    publication: (publication) => word(words.publication, publication),
    fulfilment: (fulfilment) => word(words.fulfilment, fulfilment),
    cancellation: (cancellation) => word(words.cancellation, cancellation),
    mode: (mode) => word(words.mode, mode),
    alert: (kind) => word(words.alert, kind),
    deadline: (shipBy, now) => message(language, now > shipBy ? words.deadline.late : words.deadline.left, { duration: formatDuration(language, shipBy - now) }),
    formatInstant: (at, timeZone, style = 'moment') => formatInstant(language, at, timeZone, style),
    formatMoney: (amount, currency) => formatMoney(language, amount, currency),
    formatDuration: (length) => formatDuration(language, length),
    formatNumber: (value, options = {}) => formatNumber(language, value, options),
  };
}

function isByHand(status: Status, cause: string | null): boolean {
  return status === 'accepted' && cause === 'person/closed-by-hand';
}

function word(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}

function said(language: Language, patterns: Readonly<Record<string, string>>, code: string, values: Readonly<Record<string, string | number>>): string {
  const pattern = Object.hasOwn(patterns, code) ? patterns[code] : undefined;
  return pattern === undefined ? code : message(language, pattern, values);
}

/** Values of a fault's message. `isFound` and its like tell a pattern whether there is something to quote. */
function faultValues({ found, expected, limit, min, max }: Fault): Record<string, string | number> {
  return {
    ...foundValues(found),
    expected: quoted(expected ?? '', 400),
    isExpected: expected === undefined ? 'no' : 'yes',
    limit: limit ?? 0,
    isLimit: limit === undefined ? 'no' : 'yes',
    min: min ?? 0,
    max: max ?? 0,
    example: '{{order}}',
  };
}

/** Nothing to quote is quoted as a dash; `count` is for patterns that count. */
function foundValues(found: string | undefined): Record<string, string | number> {
  const value = quoted(found ?? '', 80);
  const count = Number(value);
  return { found: value === '' ? '—' : value, isFound: value === '' ? 'no' : 'yes', count: Number.isFinite(count) ? count : 0 };
}
