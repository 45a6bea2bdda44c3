import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountsAtWork } from '../../src/app/account-modes.ts';
import { examine } from '../../src/app/doctor.ts';
import { knownCodes } from '../../src/app/carrier-choices.ts';
import { unlistedSites } from '../../src/app/connections.ts';
import { openSuivi } from '../../src/app.ts';
import type { Suivi } from '../../src/app.ts';
import { sayIn } from '../../src/cli/texts.ts';
import { inFrench } from '../../src/language/settings.ts';
import { simulatedCredentials } from '../../src/marketplaces/simulator/credentials.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { nearest } from '../../src/settings/nearest.ts';
import { accountViews } from '../../src/store/account-views.ts';
import { meetAccounts, observeAccount, pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { statusesCalled } from '../../src/syncing/status.ts';

const { amazon } = simulatedCredentials;
const now = systemClock.now();
let folder = '';
let suivi: Suivi;

/** Accounts of four sites of one seller; the last one only observes, as its file says. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-doctor-'));
  mkdirSync(join(folder, 'config'));
  const accounts = ['live', 'paused', 'restored', 'watching'].map((id, index) => ({ id, marketplace: 'amazon', region: 'eu', marketplaceId: ['A13V1IB3VIYZZH', 'A1PA6795UKMFR9', 'APJ6JRA9NG5V4', 'A1RKKUPIHCS9HS'][index], sellerId: amazon.sellerId, mode: id === 'watching' ? 'observe' : 'live', clientId: { env: 'A_ID' }, clientSecret: { env: 'A_SECRET' }, refreshToken: { env: 'A_TOKEN' } }));
  writeFileSync(join(folder, 'config', 'accounts.json'), JSON.stringify({ accounts }));
  const opened = await openSuivi({ variables: { A_ID: amazon.clientId, A_SECRET: amazon.clientSecret, A_TOKEN: amazon.refreshToken, SUIVI_LISTEN: '127.0.0.1:9' }, directory: folder, clock: systemClock, random: systemRandom, as: 'upgrade', write: () => undefined });
  if (!('context' in opened)) throw new Error(JSON.stringify(opened));
  suivi = opened;
  await meetAccounts(suivi.context, suivi.accounts.map(({ id, marketplace, mode, from }) => ({ id, marketplace, mode, from })), now);
  await pauseAccount(suivi.context, 'paused', 'Marie', 'inventory', now);
  await observeAccount(suivi.context, 'restored', 'Marie', '', now);
  await suivi.context.store.db.updateTable('account').set({ observe_why: 'restored' }).where('id', '=', 'restored').execute();
});
afterAll(async () => {
  await suivi.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a site that is on no list', () => {
  test('is pointed out with the nearest one, and stops nothing', () => {
    const of = (marketplaceId: string) => unlistedSites(suivi.accounts.slice(0, 1).map((account) => ({ ...account, settings: { ...account.settings, marketplaceId } })), 'accounts.json');
    expect(of('A13V1IB3VIYZZX')).toEqual([{ name: 'accounts.json: live: marketplaceId', found: expect.stringContaining('"A13V1IB3VIYZZX"'), expected: expect.stringContaining('"A13V1IB3VIYZZH"'), example: '"marketplaceId": "A13V1IB3VIYZZH"' }]);
    expect(of('AQQQQQQQQQQQQQ')).toEqual([expect.objectContaining({ example: null })]);
    expect([of('A13V1IB3VIYZZH'), of('AMEN7PMS3EDWL'), suivi.notices]).toEqual([[], [], []]);
    for (const { found, expected } of [...of('A13V1IB3VIYZZX'), ...of('AQQQQQQQQQQQQQ')]) for (const text of [found, expected]) expect(inFrench(text)).not.toBe(text);
  });
});

describe('an account of which nothing leaves', () => {
  test('is a finding, but not where its owner wrote so in the file', async () => {
    const asleep = async () => (await examine(suivi, new AbortController().signal)).flatMap((check) => (check.what === 'asleep' ? [[check.account, check.why, check.ok]] : []));
    expect(await asleep()).toEqual([['paused', 'paused', false], ['restored', 'restored', false], ['watching', 'settings', true]]);
    await resumeAccount(suivi.context, 'restored', 'Marie', '', now);
    expect((await asleep()).map(([id]) => id)).toEqual(['paused', 'watching']);
    await observeAccount(suivi.context, 'restored', 'Marie', '', now);
    expect((await asleep())[1]).toEqual(['restored', 'observed', false]);
  });

  test('is logged at the start as what it is, whatever the file says', async () => {
    expect(accountsAtWork(await accountViews(suivi.context, now))).toEqual([
      { id: 'live', mode: 'live' },
      { id: 'paused', mode: 'paused', why: 'paused' },
      { id: 'restored', mode: 'observe', why: 'observed' },
      { id: 'watching', mode: 'observe', why: 'settings' },
    ]);
  });

  test('is told of in the reader’s language, with the command that ends it', () => {
    const say = sayIn('fr');
    expect(say('doctorAsleep', { account: 'amazon-fr', why: 'restored' })).toBe('amazon-fr : en observation depuis une restauration, rien n’en part');
    expect(say('doctorAsleepRemedy', { account: 'amazon-fr' })).toContain('suivi accounts resume amazon-fr');
    expect([say('observesSince', { why: 'restored' }), say('observesSince', { why: 'person' })]).toEqual(['en observation (après une restauration)', 'en observation']);
    expect([say('doctorDisk', { gigabytes: 81.46 }), sayIn('en')('doctorDisk', { gigabytes: 81 })]).toEqual(['81,5 Go sont libres sur le disque de la base', '81.0 GB are free on the database’s disk']);
  });
});

describe('a name that is a slip away from a known one', () => {
  test('is found beside the codes of carriers and the statuses', () => {
    const codes = knownCodes(suivi.tables.carriers, 'amazon');
    expect(codes).toEqual(expect.arrayContaining(['Other', 'La Poste', 'DPD']));
    expect([nearest('Otherr', codes), codes.includes('Otherr')]).toEqual(['Other', false]);
    expect([statusesCalled('failed'), statusesCalled('accepted'), statusesCalled('fail')]).toEqual([['rejected', 'exhausted'], ['accepted'], []]);
  });
});
