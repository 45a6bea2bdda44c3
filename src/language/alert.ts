import type { Alert } from '../syncing/alert.ts';
import { diagnose, languages } from '../syncing/diagnosis.ts';
import type { Cause } from '../syncing/outcome.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';
import { alerts as alertsEn } from './en/alerts.ts';
import { formatInstant, formatNumber } from './formats.ts';
import { alerts as alertsFr } from './fr/alerts.ts';
import { message } from './message.ts';

/** An alert in words, in each language, and the page that shows more of it; null where none does. */
export interface AlertSaid {
  readonly what: Readonly<Record<Language, string>>;
  readonly remedy: Readonly<Record<Language, string>>;
  readonly link: string | null;
}

const patterns = { fr: alertsFr, en: alertsEn } as const;

/**
 * @param publicUrl under which people reach the console
 * @param timeZone the merchant's (IANA name)
 */
export function sayAlert(alert: Alert, { diagnoses, publicUrl, timeZone }: { readonly diagnoses: Diagnoses; readonly publicUrl: string; readonly timeZone: string }): AlertSaid {
  const path = pathOf(alert);
  const said = (language: Language): { readonly what: string; readonly remedy: string } => {
    const { what, remedy } = patterns[language][alert.kind];
    const values = valuesOf(alert, language, timeZone);
    const cause = alert.details['cause'];
    if (typeof cause !== 'string') return { what: message(language, what, values), remedy };
    const diagnosis = diagnose(diagnoses, cause as Cause, language);
    return { what: `${message(language, what, values)} ${diagnosis.what}`, remedy: diagnosis.remedy };
  };
  const [fr, en] = languages.map(said);
  if (fr === undefined || en === undefined) throw new Error('an alert is said in two languages');
  return { what: { fr: fr.what, en: en.what }, remedy: { fr: fr.remedy, en: en.remedy }, link: path === null ? null : `${publicUrl}${path}` };
}

function pathOf({ kind, details }: Alert): string | null {
  const account = String(details['account'] ?? '');
  switch (kind) {
    case 'overdue-soon':
      return `/orders?${new URLSearchParams({ account, due: 'open' }).toString()}`;
    case 'failure':
      return `/syncs?${new URLSearchParams({ status: 'attention', cause: String(details['cause'] ?? ''), account }).toString()}`;
    case 'account-refused':
    case 'queue-old':
    case 'orders-not-read':
      return `/accounts#${encodeURIComponent(account)}`;
    case 'source-silent':
      return '/orders';
    case 'disk-low':
    case 'clock-off':
    case 'store-failing':
      return null;
  }
}

/** What the patterns name: moments as people read them, bytes as gigabytes. */
function valuesOf({ details }: Alert, language: Language, timeZone: string): Record<string, string | number> {
  const moment = (name: string): string => (details[name] === undefined ? '—' : formatInstant(language, Date.parse(String(details[name])), timeZone, 'moment'));
  return {
    ...details,
    call: details['call'] === '*' ? 'all' : String(details['call'] ?? ''),
    since: moment('since'),
    nearest: moment('nearest'),
    gigabytes: formatNumber(language, Number(details['freeBytes'] ?? 0) / 1e9, { maximumFractionDigits: 1 }),
  };
}
