import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { amazon } from '../../src/marketplaces/amazon/marketplace.ts';
import { ebay } from '../../src/marketplaces/ebay/marketplace.ts';
import type { Variables } from '../../src/settings/environment.ts';
import { makeSecretFile, readSecretFile } from '../../src/settings/secret-file.ts';
import { keyId } from '../../src/settings/secrets.ts';
import { openSettings } from '../../src/settings/settings.ts';
import type { Opened, Opening } from '../../src/settings/settings.ts';
import { folder } from './folder.ts';

const secret = '0f3c9a7be1d24856a0c3f7b9e2d81456';
const another = 'ffffc9a7be1d24856a0c3f7b9e2d8145';
const random = (length: number) => randomBytes(length);

const open = (directory: string, variables: Variables = {}, how: Opening['secret'] = 'make') => openSettings(variables, { directory, marketplaces: { amazon, ebay }, secret: how, random });

function opened(directory: string, variables: Variables = {}, how: Opening['secret'] = 'make'): Opened {
  const result = open(directory, variables, how);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults, null, 1));
  return result;
}

function faults(directory: string, variables: Variables = {}, how: Opening['secret'] = 'make') {
  const result = open(directory, variables, how);
  return 'faults' in result ? result.faults : [];
}

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a first start', () => {
  it('needs nothing: it makes its secret beside the database, for its owner alone', () => {
    const directory = folder();
    const { settings, secrets, accounts, notices } = opened(directory);
    expect(settings).toEqual({
      database: { kind: 'sqlite', file: join(directory, 'var/suivi.db') },
      configDir: join(directory, 'config'),
      listen: { host: '127.0.0.1', port: 8480 },
      publicUrl: 'http://127.0.0.1:8480',
      timeZone: 'Europe/Paris',
      retention: { years: 3 },
      logLevel: 'info',
    });
    expect([accounts, notices, secrets.databaseUrl, secrets.alertUrl]).toEqual([[], [], null, null]);
    const file = join(directory, 'var/secret');
    expect(mode(file)).toBe('600');
    expect(mode(join(directory, 'var'))).toBe('700');
    expect(readFileSync(file, 'utf8')).toMatch(/^[\w-]{64}\n$/);
    expect(readdirSync(join(directory, 'var'))).toEqual(['secret']);
    expect(secrets.keys.audit.current).toBe(keyId(readFileSync(file, 'utf8').trim()));
  });

  it('is the only one that makes a secret', () => {
    const directory = folder();
    const first = opened(directory);
    writeFileSync(join(directory, 'var/suivi.db'), 'SQLite format 3\0');
    expect(opened(directory).secrets).toEqual(first.secrets);
    expect(opened(directory, {}, 'read').secrets).toEqual(first.secrets);
  });

  it('makes no secret while there is a fault', () => {
    const directory = folder();
    expect(faults(directory, { SUIVI_LISTEN: 'x' })).toHaveLength(1);
    expect(existsSync(join(directory, 'var'))).toBe(false);
  });

  it('is not what a command beside the daemon does', () => {
    const directory = folder();
    expect(faults(directory, {}, 'read')).toEqual([expect.objectContaining({ name: 'SUIVI_SECRET', expected: expect.stringContaining('the first start makes') })]);
    expect(existsSync(join(directory, 'var'))).toBe(false);
  });

  it('of several processes at once makes one secret, which all of them use', async () => {
    const directory = folder();
    const script = `
      import { randomBytes } from 'node:crypto';
      import { makeSecretFile } from ${JSON.stringify(new URL('../../src/settings/secret-file.ts', import.meta.url).href)};
      console.log('ready');
      process.stdin.once('data', () => { const made = makeSecretFile(${JSON.stringify(join(directory, 'secret'))}, randomBytes); console.log(made.secret ?? made.fault); process.exit(); });`;
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }));
    try {
      await Promise.all(children.map((child) => once(child.stdout, 'data')));
      const answers = children.map((child) => text(child.stdout));
      for (const child of children) child.stdin.write('go');
      const made = new Set(await Promise.all(answers));
      expect(made).toEqual(new Set([readFileSync(join(directory, 'secret'), 'utf8')]));
      expect(readdirSync(directory)).toEqual(['secret']);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
});

describe('the file of the secret', () => {
  function prepared(content: string, fileMode = 0o600): string {
    const directory = folder();
    mkdirSync(join(directory, 'var'));
    writeFileSync(join(directory, 'var/secret'), content);
    chmodSync(join(directory, 'var/secret'), fileMode);
    return directory;
  }

  it.each([0o644, 0o640, 0o604, 0o660, 0o602])('of mode %o is refused with the command that puts it right, and left as it is', (fileMode) => {
    const directory = prepared(secret, fileMode);
    const file = join(directory, 'var/secret');
    expect(faults(directory)).toEqual([expect.objectContaining({ name: file, found: expect.stringContaining(`mode 0${fileMode.toString(8)}`), example: `chmod 600 ${file}` })]);
    expect(mode(file)).toBe(fileMode.toString(8));
  });

  it.each([0o600, 0o400])('of mode %o is used, with a line’s end or without', (fileMode) => {
    expect(opened(prepared(`${secret}\n`, fileMode)).secrets.keys.audit.current).toBe(keyId(secret));
    expect(opened(prepared(secret, fileMode)).secrets.keys.audit.current).toBe(keyId(secret));
  });

  it.each(['', 'short', 'x'.repeat(40), `${secret} ${secret}`, secret.repeat(1_000)])('that holds no secret is refused unseen, and not replaced: %.12s', (content) => {
    const directory = prepared(content);
    const found = faults(directory);
    expect(found).toEqual([expect.objectContaining({ name: join(directory, 'var/secret'), found: expect.stringContaining(`${content.length} bytes`) })]);
    expect(content !== '' && JSON.stringify(found).includes(content)).toBe(false);
    expect(readFileSync(join(directory, 'var/secret'), 'utf8')).toBe(content);
  });

  it('may be a link, and is judged by what it leads to', () => {
    const directory = folder({ kept: secret });
    mkdirSync(join(directory, 'var'));
    symlinkSync('../kept', join(directory, 'var/secret'));
    chmodSync(join(directory, 'kept'), 0o644);
    expect(faults(directory)).toHaveLength(1);
    chmodSync(join(directory, 'kept'), 0o600);
    expect(opened(directory).secrets.keys.audit.current).toBe(keyId(secret));
  });

  it('that is a folder, or cannot be made, is a fault', () => {
    const directory = folder({ var: 'a file' });
    expect(makeSecretFile(join(directory, 'var/secret'), random)).toMatchObject({ fault: { found: expect.stringContaining('no file can be made') } });
    expect(readSecretFile(directory)).toMatchObject({ fault: { found: 'something that is no file' } });
  });

  it('is never written over', () => {
    const directory = prepared(secret);
    expect(makeSecretFile(join(directory, 'var/secret'), random)).toEqual({ secret });
    expect(readdirSync(join(directory, 'var'))).toEqual(['secret']);
  });

  it('missing beside a database that is there is a loss, not a first start', () => {
    const directory = folder();
    mkdirSync(join(directory, 'var'));
    writeFileSync(join(directory, 'var/suivi.db'), 'SQLite format 3\0');
    expect(faults(directory)).toEqual([expect.objectContaining({ name: join(directory, 'var/secret'), expected: expect.stringContaining('put it back from your backup') })]);
    expect(existsSync(join(directory, 'var/secret'))).toBe(false);
    expect(opened(directory, { SUIVI_SECRET: another }).secrets.keys.audit.current).toBe(keyId(another));
  });
});

describe('SUIVI_SECRET', () => {
  it('wins over the file, and the file is pointed out unless it is named as the earlier one', () => {
    const directory = folder();
    opened(directory);
    const file = join(directory, 'var/secret');
    const made = readFileSync(file, 'utf8').trim();
    const { secrets, notices } = opened(directory, { SUIVI_SECRET: another });
    expect([...secrets.keys.links.keys.keys()]).toEqual([keyId(another)]);
    expect(notices).toEqual([expect.objectContaining({ name: file, expected: expect.stringContaining('SUIVI_SECRET_PREVIOUS') })]);
    const named = opened(directory, { SUIVI_SECRET: another, SUIVI_SECRET_PREVIOUS: made });
    expect(named.notices).toEqual([]);
    expect(named.secrets.keys.links.keys.has(keyId(made))).toBe(true);
    expect(opened(directory, { SUIVI_SECRET: made }).notices).toEqual([]);
  });

  it('is required on PostgreSQL', () => {
    const directory = folder();
    const variables = { SUIVI_DATABASE_URL: 'postgres://u:p%40ss@h/suivi' };
    expect(faults(directory, variables)).toEqual([expect.objectContaining({ name: 'SUIVI_SECRET', found: 'nothing' })]);
    expect(existsSync(join(directory, 'var'))).toBe(false);
    const { settings, secrets } = opened(directory, { ...variables, SUIVI_SECRET: secret });
    expect(settings.database).toEqual({ kind: 'postgres', shown: 'postgres://u@h/suivi' });
    expect(secrets.databaseUrl).toBe('postgres://u:p%40ss@h/suivi');
    expect(secrets.values).toEqual([secret, 'p%40ss', 'p@ss']);
  });
});

describe('what lies where the database should be', () => {
  it('and is something else is named as that, and no secret is asked for', () => {
    const directory = folder({ notdb: 'a text that is long enough to be looked at', config: '' });
    for (const [place, found] of [['notdb', 'a file that is no database of SQLite'], ['.', 'a folder']]) {
      expect(faults(directory, { SUIVI_DATABASE_URL: `file:${place}` })).toEqual([expect.objectContaining({ name: 'SUIVI_DATABASE_URL', found })]);
    }
    expect(existsSync(join(directory, 'secret'))).toBe(false);
  });
});

describe('what is worth a word', () => {
  it('is .env where everybody may read it, not where its group may', () => {
    const directory = folder({ '.env': '' });
    for (const [fileMode, count] of [[0o644, 1], [0o640, 0], [0o600, 0]] as const) {
      chmodSync(join(directory, '.env'), fileMode);
      expect(opened(directory).notices, String(fileMode)).toHaveLength(count);
    }
    chmodSync(join(directory, '.env'), 0o644);
    expect(opened(directory).notices).toEqual([{ name: join(directory, '.env'), found: expect.stringContaining('mode 0644'), expected: expect.stringContaining('owner alone'), example: `chmod 600 ${join(directory, '.env')}` }]);
  });

  it('is a fault of accounts.json, for whoever works without accounts', () => {
    const directory = folder();
    mkdirSync(join(directory, 'config'));
    writeFileSync(join(directory, 'config/accounts.json'), '{"accounts": [{"id"');
    expect(faults(directory)).toHaveLength(1);
    expect(openSettings({}, { directory, marketplaces: { amazon, ebay }, secret: 'make', withoutAccounts: true, random })).toMatchObject({ accounts: [], notices: [{ name: expect.stringContaining('accounts.json') }] });
  });
});

describe('a start', () => {
  it('is told the faults of environment, accounts and secret together', () => {
    const directory = folder();
    mkdirSync(join(directory, 'config'));
    mkdirSync(join(directory, 'var'));
    writeFileSync(join(directory, 'config/accounts.json'), JSON.stringify({ accounts: [{ id: 'shop', marketplace: 'ebay' }] }));
    writeFileSync(join(directory, 'var/secret'), 'short');
    const names = faults(directory, { SUIVI_LOG_LEVEL: 'loud' }).map((fault) => fault.name.slice(fault.name.lastIndexOf('/') + 1));
    expect(names).toEqual(['SUIVI_LOG_LEVEL', 'accounts.json: account 1: id', 'accounts.json: account 1: site', 'accounts.json: account 1: appId', 'accounts.json: account 1: certId', 'accounts.json: account 1: refreshToken', 'secret']);
  });

  it('with a folder that was named and is not there is refused; without the usual one it has no accounts', () => {
    const directory = folder({ file: '' });
    expect(faults(directory, { SUIVI_CONFIG_DIR: 'confg' })).toEqual([expect.objectContaining({ name: 'SUIVI_CONFIG_DIR', found: '"confg", which is no folder' })]);
    expect(faults(directory, { SUIVI_CONFIG_DIR: 'file' })).toHaveLength(1);
    expect(opened(directory).accounts).toEqual([]);
  });

  it('has no secret in what may be shown, and all of them in what must not', () => {
    const directory = folder();
    mkdirSync(join(directory, 'config'));
    const env = (name: string) => ({ env: name });
    writeFileSync(join(directory, 'config/accounts.json'), JSON.stringify({ accounts: [{ id: 'ebay-fr', marketplace: 'ebay', site: 'EBAY_FR', appId: env('A'), certId: env('B'), refreshToken: env('C') }] }));
    const variables = { A: 'app-hunter2', B: 'cert-hunter2', C: 'token-hunter2', SUIVI_SECRET: `${secret}-hunter2`, SUIVI_SECRET_PREVIOUS: `${another}-hunter2`, SUIVI_DATABASE_URL: 'postgres://u:hunter2@h/d', SUIVI_ALERT_URL: 'https://hooks.example.com/hunter2' };
    const { settings, secrets, notices } = opened(directory, variables);
    expect(JSON.stringify([settings, notices])).not.toContain('hunter2');
    expect(secrets.values.toSorted()).toEqual(['app-hunter2', 'cert-hunter2', 'token-hunter2', `${secret}-hunter2`, `${another}-hunter2`, 'hunter2', 'https://hooks.example.com/hunter2'].toSorted());
  });

  it('that listens everywhere is told that its links lead nowhere', () => {
    const directory = folder();
    expect(opened(directory, { SUIVI_LISTEN: '0.0.0.0:8480' }).notices).toEqual([expect.objectContaining({ name: 'SUIVI_PUBLIC_URL' })]);
    expect(opened(directory, { SUIVI_LISTEN: '0.0.0.0:8480', SUIVI_PUBLIC_URL: 'https://s.example' }).notices).toEqual([]);
    expect(opened(directory, { SUIVI_LISTEN: '[::1]:8480' }).settings.publicUrl).toBe('http://[::1]:8480');
  });
});
