import { describe, expect, test } from 'vitest';
import { marketplaceFields } from '../../src/app/connections.ts';
import { inFrench, settingsWords } from '../../src/language/settings.ts';
import { accountsOf } from '../../src/settings/accounts.ts';
import { readEnvironment } from '../../src/settings/environment.ts';
import { renderFaults } from '../../src/settings/fault.ts';
import type { Fault } from '../../src/settings/fault.ts';
import { readJson } from '../../src/settings/json.ts';

/** Values, names and examples: the same in every language. */
function isValue(text: string): boolean {
  return text === 'JSON' || /^[{"[\d-]|^(?:true|false|null|[A-Za-z0-9_.-]+)$/.test(text);
}

function untranslated(faults: readonly Fault[]): readonly string[] {
  return faults.flatMap(({ found, expected }) => [found, expected]).filter((text) => !isValue(text) && inFrench(text) === text);
}

describe('what is wrong with the settings, in French', () => {
  test('is said of every variable', () => {
    const wrong = { SUIVI_DATABASE_URL: 'mysql:x', SUIVI_CONFIG_DIR: '"x"', SUIVI_LISTEN: '8480', SUIVI_PUBLIC_URL: 'shop', SUIVI_TIME_ZONE: '+01:00', SUIVI_SECRET: 'too short', SUIVI_SECRET_PREVIOUS: 'short', SUIVI_ALERT_URL: 'ftp://user:pass@host/x?y', SUIVI_RETENTION: '1d', SUIVI_LOG_LEVEL: 'loud', SUIVI_RETENTOIN: '3y' };
    const read = readEnvironment({ ...wrong, SUIVI_OTHER: 'x' });
    if (!('faults' in read)) throw new Error('they are wrong');
    expect(read.faults.length).toBeGreaterThan(9);
    expect(untranslated([...read.faults, ...read.notices])).toEqual([]);
  });

  test('is said of every field of an account', () => {
    const env = (name: string) => ({ env: name });
    const wrong = [
      [],
      { id: 'shop', marketplace: 'amazn' },
      { id: 'a1', marketplace: 'amazon', mode: 'live!', from: 'monday', endpoint: 'http://elsewhere/', limits: { confirmShipmint: { rate: 0, burst: 0.5, brust: 1 } }, patience: { timeoutS: 0, settleS: 60, sweap: 1 }, acknowledge: 1, region: 'mars', marketplaceId: '!', sellerId: '', clientId: env('lower'), clientSecret: 'in the file', refreshToken: env('NOT_SET'), fancy: 1 },
      { id: 'a2', marketplace: 'amazon', patience: { timeoutS: 60, settleS: 60 }, limits: [], region: 'na', marketplaceId: 'A13V1IB3VIYZZH', sellerId: 'S', clientId: env('BLANKS'), clientSecret: env('QUOTED'), refreshToken: env('SUIVI_SECRET') },
      { id: 'a2', marketplace: 'ebay', patience: 1, site: 'EBAY_MARS', appId: env('EMPTY'), certId: { env: 'A', x: 1 }, refreshToken: env('CUT'), sandbox: 'yes' },
      { id: 'e3', marketplace: 'ebay', site: 'EBAY_FR', appId: env('SANDBOX'), certId: env('CERT'), refreshToken: env('ENCODED') },
      { id: 'e4', marketplace: 'ebay', site: 'EBAY_FR', appId: env('SANDBOX'), certId: env('CERT'), refreshToken: env('CERT') },
    ];
    const variables = { BLANKS: 'a b', QUOTED: '"x"', EMPTY: '', CUT: 'v^1.1', SANDBOX: 'Name-App-SBX-1', CERT: 'c', ENCODED: 'v%5E1.1%23i%5E1' };
    const faults = [{ accounts: wrong, acounts: 1 }, [], { accounts: 1 }].flatMap((json) => {
      const read = accountsOf(json, 'accounts.json', variables, marketplaceFields);
      return 'faults' in read ? read.faults : [];
    });
    expect(faults.length).toBeGreaterThan(30);
    expect(untranslated(faults)).toEqual([]);
  });

  test.each(['[1,]', '{"a":1,}', '{a:1}', '{"a" 1}', '{"a":1 "b":2}', '[1 2]', '{"a":1,"a":2}', '"a\n"', '"a\tb"', '"a\\x"', '"a', '{"a":', '{} x', '// x', '{‘a’: 1}', '[\u200b1]', '[,1]', '['.repeat(70)])('is said of %j, which is no JSON', (text) => {
    const read = readJson(text);
    if (!('why' in read)) throw new Error('it is JSON');
    expect(inFrench(read.why)).not.toBe(read.why);
    expect(inFrench(`no valid JSON at line 1, column 2: ${read.why}`)).toBe(`ce n’est plus du JSON à la ligne 1, colonne 2\u00a0: ${inFrench(read.why)}`);
  });

  test('stands in its own frame, with the near name and the example', () => {
    const faults = [{ name: 'config/accounts.json: a: mod', found: 'a field that Suivi does not know', expected: 'none of this name in an account of "amazon"; the nearest known name is "mode"', example: '"mode": "live"' }];
    expect(renderFaults('Un réglage est inutilisable.', faults, settingsWords('fr')).map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
      'Un réglage est inutilisable.',
      '',
      '  config/accounts.json: a: mod',
      '    trouvé :  un champ que Suivi ne connaît pas',
      '    attendu : aucun de ce nom dans un compte de "amazon" ; le nom connu le plus proche est « mode »',
      '    exemple : "mode": "live"',
    ]);
    expect(settingsWords('en')).toBeUndefined();
    const more = renderFaults('', [{ name: 'config/accounts.json: account 1: id', found: 'nothing', expected: 'x', example: 'SUIVI_SECRET=(what `openssl rand -hex 32` prints)' }], settingsWords('fr'));
    expect([more[2], more[5]?.replaceAll('\u00a0', ' ')]).toEqual(['  config/accounts.json: compte 1: id', '    exemple : SUIVI_SECRET=(ce que « openssl rand -hex 32 » affiche)']);
  });
});
