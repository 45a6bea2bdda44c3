import type { Duration, Instant } from '../runtime/clock.ts';
import { day, hour, minute, second } from '../runtime/clock.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { locales } from './message.ts';

/** `full`: lundi 23 novembre 2026 à 14:31 · `day`: 23 novembre 2026 · `date`: lun. 23 nov. · `short`: 23 nov., 14:31 · `moment`: 23 nov. 2026, 14:31 · `stamp`: 23 nov., 14:31:52 · `time`: 14:31:52 · `exact`: to the second, with the zone, for proofs. */
export type InstantStyle = 'full' | 'day' | 'date' | 'short' | 'stamp' | 'moment' | 'time' | 'exact';

const styles: Readonly<Record<InstantStyle, Intl.DateTimeFormatOptions>> = {
  full: { dateStyle: 'full', timeStyle: 'short' },
  day: { dateStyle: 'long' },
  date: { weekday: 'short', day: 'numeric', month: 'short' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  stamp: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  moment: { dateStyle: 'medium', timeStyle: 'short' },
  time: { timeStyle: 'medium' },
  exact: { dateStyle: 'long', timeStyle: 'long' },
};

const dates = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();

/** @param timeZone IANA name: `Europe/Paris`, `UTC` */
export function formatInstant(language: Language, at: Instant, timeZone: string, style: InstantStyle): string {
  const key = `${language} ${timeZone} ${style}`;
  let format = dates.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locales[language], { ...styles[style], timeZone });
    dates.set(key, format);
  }
  return format.format(at);
}

/**
 * @param amount a decimal string in the currency's main unit, as orders carry it; printed digit for digit, never by way of a float
 * @param currency ISO 4217; null: the bare number
 */
export function formatMoney(language: Language, amount: string, currency: string | null): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return amount;
  const known = currency !== null && /^[A-Z]{3}$/i.test(currency);
  const options: Intl.NumberFormatOptions = known ? { style: 'currency', currency } : { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  return numberFormat(language, options).format(amount as Intl.StringNumericLiteral);
}

const units = [['day', day], ['hour', hour], ['minute', minute], ['second', second]] as const;

/** The two largest units that count: `1 j 21 h`, `2 h 32 min`, `42 s`. A length has no direction: the sign is dropped. */
export function formatDuration(language: Language, length: Duration): string {
  const all = Math.abs(length);
  const first = units.findIndex(([, size]) => all >= size);
  const smallest = units[Math.min((first < 0 ? units.length : first) + 1, units.length - 1)]?.[1] ?? second;
  let rest = Math.round(all / smallest) * smallest;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(numberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
  }
  return parts.length === 0 ? numberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'short' }).format(0) : parts.join('\u00a0');
}

/** A number as the language writes it: `1 234,5`. */
export function formatNumber(language: Language, value: number, options: Intl.NumberFormatOptions = {}): string {
  return numberFormat(language, options).format(value);
}

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = numbers.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locales[language], options);
    numbers.set(key, format);
  }
  return format;
}
