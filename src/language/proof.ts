import type { Instant } from '../runtime/clock.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Finding } from '../syncing/proof.ts';
import { proof as proofEn } from './en/proof.ts';
import { formatDuration, formatInstant } from './formats.ts';
import { proof as proofFr } from './fr/proof.ts';
import { message, quoted } from './message.ts';

const patterns = { fr: proofFr, en: proofEn } as const;

/**
 * A sentence of a proof. Moments are given to the second, in the merchant's zone and in UTC.
 * @param timeZone the merchant's (IANA name)
 */
export function sayFinding(language: Language, finding: Finding, timeZone: string): string {
  return message(language, patterns[language][finding.code], valuesOf(language, finding, timeZone));
}

function valuesOf(language: Language, finding: Finding, timeZone: string): Record<string, string | number> {
  const moment = (at: Instant): string => `${formatInstant(language, at, timeZone, 'exact')} (${Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' })})`;
  switch (finding.code) {
    case 'told':
      return { call: finding.call, at: moment(finding.at), deadline: moment(finding.deadline), timing: finding.at <= finding.deadline ? 'early' : 'late', apart: formatDuration(language, finding.deadline - finding.at) };
    case 'accepted':
      return { at: moment(finding.at), isDate: finding.date === null ? 'no' : 'yes', date: finding.date === null ? '' : moment(finding.date), isRequest: finding.requestId === null ? 'no' : 'yes', requestId: quoted(finding.requestId ?? '', 100) };
    case 'seen':
      return { at: moment(finding.at), by: finding.by };
    case 'chained':
      return { entries: finding.entries, lane: finding.lane, head: finding.head };
    case 'refused':
      return { at: moment(finding.at), cause: finding.cause };
    case 'no-verdict':
      return { at: moment(finding.at) };
    case 'clocks-differ':
      return { apart: formatDuration(language, finding.by) };
    case 'entries-broken':
      return { entries: finding.entries.slice(0, 20).join(', ') };
    case 'deadline-assumed':
    case 'never-told':
    case 'closed-by-hand':
    case 'told-by-others':
    case 'not-seen':
    case 'seen-differently':
    case 'bodies-erased':
    case 'entries-deleted':
    case 'own-key':
    case 'carriage':
      return {};
  }
}
