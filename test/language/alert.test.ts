import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadTables } from '../../src/app/tables.ts';
import { sayAlert } from '../../src/language/alert.ts';
import { alertKinds } from '../../src/syncing/alert.ts';
import type { Alert } from '../../src/syncing/alert.ts';

const read = loadTables(fileURLToPath(new URL('../../config', import.meta.url)), ['amazon', 'ebay']);
if ('faults' in read) throw new Error(JSON.stringify(read.faults));
const where = { diagnoses: read.tables.diagnoses, publicUrl: 'https://suivi.example', timeZone: 'Europe/Paris' };
const since = '2026-11-23T09:00:00Z';
const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

const made: Readonly<Record<Alert['kind'], Alert['details']>> = {
  'overdue-soon': { account: 'amazon-fr', orders: 2, nearest: since },
  'account-refused': { account: 'amazon-fr', call: '*', cause: 'amazon/token-refused', since },
  'failure': { account: 'amazon-fr', cause: 'amazon/tracking-refused', sync: 3 },
  'queue-old': { account: 'amazon-fr', since },
  'orders-not-read': { account: 'amazon-fr', since },
  'source-silent': { since, weekBefore: 12 },
  'disk-low': { freeBytes: 512_000_000, leastFree: 1_000_000_000 },
  'clock-off': { seconds: 300 },
  'store-failing': {},
};
const said = (kind: Alert['kind']) => sayAlert({ key: kind, kind, details: made[kind] }, where);

describe('an alert in words', () => {
  test.each(alertKinds)('%s says in both languages what is the matter and what to do', (kind) => {
    const { what, remedy, link } = said(kind);
    for (const text of [what.fr, what.en, remedy.fr, remedy.en]) expect(text).toMatch(/^[^{}]+[.!]$/);
    expect([what.fr === what.en, link === null || URL.canParse(link)]).toEqual([false, true]);
  });

  test('names figures and moments as people read them, and the page that shows more', () => {
    expect(spaced(said('overdue-soon').what.fr)).toBe('amazon-fr : 2 synchronisations ont une échéance passée, ou à moins de deux heures ; la plus proche : 23 nov. 2026, 10:00.');
    expect(said('overdue-soon').link).toBe('https://suivi.example/orders?account=amazon-fr&due=open');
    expect(spaced(said('disk-low').what.fr)).toContain('0,5 Go');
    expect(said('disk-low').link).toBeNull();
  });

  test('tells of a failure and of a refusal with the diagnosis of their cause', () => {
    expect(said('failure').remedy).toEqual({ fr: read.tables.diagnoses.fr['amazon/tracking-refused']?.remedy, en: read.tables.diagnoses.en['amazon/tracking-refused']?.remedy });
    expect(said('failure').link).toBe('https://suivi.example/syncs?status=attention&cause=amazon%2Ftracking-refused&account=amazon-fr');
    expect(said('account-refused').what.en).toContain('refuses the account since');
  });
});
