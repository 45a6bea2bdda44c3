import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readEnvironment, variableNames } from '../../src/settings/environment.ts';
import type { Environment, VariableName, Variables } from '../../src/settings/environment.ts';
import { renderRefusal } from '../../src/settings/fault.ts';

const longSecret = '0f3c9a7be1d24856a0c3f7b9e2d81456';

function read(variables: Variables): Environment {
  const result = readEnvironment(variables);
  if ('faults' in result) throw new Error(renderRefusal(result.faults).join('\n'));
  return result.environment;
}

function faults(variables: Variables) {
  const result = readEnvironment(variables);
  return 'faults' in result ? result.faults : [];
}

const notices = (variables: Variables) => readEnvironment(variables).notices;

const readOne = (name: VariableName, text: string): unknown => read({ [name]: text })[name];

describe('without any variable', () => {
  it('everything has the default of the contract', () => {
    expect(read({})).toEqual({
      SUIVI_DATABASE_URL: { kind: 'sqlite', file: 'var/suivi.db' },
      SUIVI_CONFIG_DIR: undefined,
      SUIVI_LISTEN: { host: '127.0.0.1', port: 8480 },
      SUIVI_PUBLIC_URL: undefined,
      SUIVI_TIME_ZONE: 'Europe/Paris',
      SUIVI_SECRET: undefined,
      SUIVI_SECRET_PREVIOUS: [],
      SUIVI_ALERT_URL: undefined,
      SUIVI_RETENTION: { years: 3 },
      SUIVI_LOG_LEVEL: 'info',
    });
  });

  it('an empty or blank variable counts as not set, as `.env` files leave them', () => {
    expect(read(Object.fromEntries(variableNames.map((name) => [name, name === 'SUIVI_LISTEN' ? '  ' : ''])))).toEqual(read({}));
  });
});

describe('what can be read', () => {
  it.each<[VariableName, string, unknown]>([
    ['SUIVI_DATABASE_URL', 'file:data/x.db', { kind: 'sqlite', file: 'data/x.db' }],
    ['SUIVI_DATABASE_URL', 'file:/srv/x.db', { kind: 'sqlite', file: '/srv/x.db' }],
    ['SUIVI_DATABASE_URL', 'file:///srv/my%20shop.db', { kind: 'sqlite', file: '/srv/my shop.db' }],
    ['SUIVI_DATABASE_URL', 'postgres://u:p%40ss@db.example:5432/suivi', { kind: 'postgres', url: 'postgres://u:p%40ss@db.example:5432/suivi', shown: 'postgres://u@db.example:5432/suivi' }],
    ['SUIVI_DATABASE_URL', 'postgresql://u@[::1]/suivi?sslmode=require', { kind: 'postgres', url: 'postgresql://u@[::1]/suivi?sslmode=require', shown: 'postgresql://u@[::1]/suivi' }],
    ['SUIVI_DATABASE_URL', 'postgres:///suivi?host=/run/postgresql', { kind: 'postgres', url: 'postgres:///suivi?host=/run/postgresql', shown: 'postgres:///suivi' }],
    ['SUIVI_LISTEN', '0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['SUIVI_LISTEN', 'localhost:0', { host: 'localhost', port: 0 }],
    ['SUIVI_LISTEN', '[::1]:8480', { host: '::1', port: 8480 }],
    ['SUIVI_PUBLIC_URL', 'https://shop.example/suivi/', 'https://shop.example/suivi'],
    ['SUIVI_PUBLIC_URL', 'http://192.168.1.5:8480', 'http://192.168.1.5:8480'],
    ['SUIVI_TIME_ZONE', 'europe/brussels', 'Europe/Brussels'],
    ['SUIVI_TIME_ZONE', 'UTC', 'UTC'],
    ['SUIVI_SECRET', ` ${longSecret}\n`, longSecret],
    ['SUIVI_SECRET_PREVIOUS', `${longSecret}  ${longSecret}x`, [longSecret, `${longSecret}x`]],
    ['SUIVI_ALERT_URL', 'https://hooks.example.com/T0/B0/key', 'https://hooks.example.com/T0/B0/key'],
    ['SUIVI_RETENTION', '10y', { years: 10 }],
    ['SUIVI_RETENTION', '36m', { months: 36 }],
    ['SUIVI_RETENTION', '30D', { days: 30 }],
    ['SUIVI_LOG_LEVEL', 'DEBUG', 'debug'],
    ['SUIVI_CONFIG_DIR', '/etc/suivi', '/etc/suivi'],
  ])('%s=%s', (name, text, value) => {
    expect(readOne(name, text)).toEqual(value);
  });
});

describe('what cannot be used', () => {
  it.each<[VariableName, string]>([
    ['SUIVI_DATABASE_URL', 'var/suivi.db'],
    ['SUIVI_DATABASE_URL', 'file:'],
    ['SUIVI_DATABASE_URL', 'file::memory:'],
    ['SUIVI_DATABASE_URL', 'file:var/'],
    ['SUIVI_DATABASE_URL', 'file:var/suivi.db?mode=ro'],
    ['SUIVI_DATABASE_URL', 'file://server/share/suivi.db'],
    ['SUIVI_DATABASE_URL', 'mysql://u:p@h/suivi'],
    ['SUIVI_DATABASE_URL', 'postgres://h'],
    ['SUIVI_DATABASE_URL', 'postgres:///suivi'],
    ['SUIVI_DATABASE_URL', 'postgres://u:50%@h/suivi'],
    ['SUIVI_LISTEN', '8480'],
    ['SUIVI_LISTEN', '127.0.0.1'],
    ['SUIVI_LISTEN', '127.0.0.1:65536'],
    ['SUIVI_LISTEN', '999.1.1.1:80'],
    ['SUIVI_LISTEN', '::1:8480'],
    ['SUIVI_LISTEN', 'http://127.0.0.1:8480'],
    ['SUIVI_PUBLIC_URL', 'suivi.example.com'],
    ['SUIVI_PUBLIC_URL', 'ftp://suivi.example.com'],
    ['SUIVI_PUBLIC_URL', 'https://suivi.example.com/?a=b'],
    ['SUIVI_PUBLIC_URL', 'https://u:p@suivi.example.com'],
    ['SUIVI_TIME_ZONE', 'Paris'],
    ['SUIVI_TIME_ZONE', '+02:00'],
    ['SUIVI_SECRET', longSecret.slice(1)],
    ['SUIVI_SECRET', 'x'.repeat(64)],
    ['SUIVI_SECRET', 'correct horse battery staple and then some more'],
    ['SUIVI_SECRET_PREVIOUS', `${longSecret} short`],
    ['SUIVI_ALERT_URL', 'hooks.example.com'],
    ['SUIVI_RETENTION', '0y'],
    ['SUIVI_RETENTION', '29d'],
    ['SUIVI_RETENTION', '101y'],
    ['SUIVI_RETENTION', 'P3Y'],
    ['SUIVI_LOG_LEVEL', 'verbose'],
    ['SUIVI_LOG_LEVEL', '"info"'],
    ['SUIVI_CONFIG_DIR', "'config'"],
  ])('%s=%s is a fault of that name, with an example', (name, text) => {
    const [fault, ...more] = faults({ [name]: text });
    expect(more).toEqual([]);
    expect(fault?.name).toBe(name);
    expect(fault?.example).toMatch(new RegExp(`^${name}=.`));
    expect(fault?.found).not.toBe('');
    expect(fault?.expected).not.toBe('');
  });

  it('all faults come together, and what could be read is there beside them', () => {
    const variables = { SUIVI_LISTEN: 'x', SUIVI_DATABASE_URL: 'x', SUIVI_TIME_ZONE: 'x', SUIVI_RETENTION: 'x', SUIVI_LOG_LEVEL: 'warn', SUIVI_LISTN: 'y' };
    expect(faults(variables).map((fault) => fault.name)).toEqual(['SUIVI_DATABASE_URL', 'SUIVI_LISTEN', 'SUIVI_TIME_ZONE', 'SUIVI_RETENTION']);
    const result = readEnvironment(variables);
    expect('readable' in result && result.readable.SUIVI_LOG_LEVEL).toBe('warn');
  });

  it('a fault is text for a person: name, what was found, what is expected, an example', () => {
    expect(renderRefusal(faults({ SUIVI_LISTEN: '8480' }))).toEqual([
      'Suivi does not start: one setting cannot be used.',
      '',
      '  SUIVI_LISTEN',
      '    found:    "8480"',
      '    expected: an address and a port (0 to 65535); IPv6 in brackets',
      '    example:  SUIVI_LISTEN=127.0.0.1:8480',
    ]);
  });

  it('of very many faults the first are shown, and the number of the others', () => {
    const one = { name: 'x', found: 'x', expected: 'x', example: null };
    const lines = renderRefusal(Array.from({ length: 60 }, () => one));
    expect(lines.at(-1)).toContain('10 more');
    expect(lines.filter((line) => line === '  x')).toHaveLength(50);
  });
});

describe('a secret', () => {
  it.each<[VariableName, string, string]>([
    ['SUIVI_SECRET', 'hunter2', 'hunter2'],
    ['SUIVI_SECRET', '"hunter2-hunter2-hunter2-hunter2-hunter2"', 'hunter2'],
    ['SUIVI_SECRET_PREVIOUS', 'hunter2', 'hunter2'],
    ['SUIVI_DATABASE_URL', 'mysql://user:hunter2@host/suivi', 'hunter2'],
    ['SUIVI_DATABASE_URL', 'postgres://user:hunter2@host', 'hunter2'],
    // Special characters that were not encoded: the password is not where it belongs.
    ['SUIVI_DATABASE_URL', 'postgres://user:hun#ter2@host/suivi', 'ter2'],
    ['SUIVI_DATABASE_URL', 'postgres://user:12/ter2@host/suivi', 'ter2'],
    ['SUIVI_DATABASE_URL', 'postgres://user:12#ter2@host/suivi', 'ter2'],
    ['SUIVI_DATABASE_URL', 'postgres://user:12?ter2@host/suivi', 'ter2'],
    ['SUIVI_DATABASE_URL', 'user:hunter2@host/suivi', 'hunter2'],
    ['SUIVI_DATABASE_URL', 'postgres://host/suivi/x?password=hunter2', 'hunter2'],
    ['SUIVI_ALERT_URL', 'ftp://hooks.example.com/T0/hunter2', 'hunter2'],
    ['SUIVI_ALERT_URL', 'https://u:hunter2@hooks.example.com/', 'hunter2'],
    ['SUIVI_PUBLIC_URL', 'https://u:hunter2@shop.example/', 'hunter2'],
  ])('is in no fault: %s=%s', (name, text, hidden) => {
    const found = faults({ [name]: text });
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain(hidden);
    expect(renderRefusal(found).join('\n')).not.toContain(hidden);
  });
});

describe('a variable that nobody reads', () => {
  it('stops the start where a slip hides what was meant', () => {
    expect(faults({ SUIVI_DATABSE_URL: 'postgres://u:p@h/d' })).toEqual([expect.objectContaining({ name: 'SUIVI_DATABSE_URL', expected: 'SUIVI_DATABASE_URL' })]);
    expect(faults({ suivi_listen: '0.0.0.0:80' })).toHaveLength(1);
  });

  it('is pointed out, with the nearest name, where it may be somebody else’s', () => {
    expect(faults({ SUIVI_LOGGING_LEVEL: 'debug', SUIVI_BACKUP_TARGET: 'x' })).toEqual([]);
    expect(notices({ SUIVI_LOGGING_LEVEL: 'debug', SUIVI_BACKUP_TARGET: 'x' })).toEqual([
      expect.objectContaining({ name: 'SUIVI_LOGGING_LEVEL', expected: expect.stringContaining('SUIVI_LOG_LEVEL') }),
      expect.objectContaining({ name: 'SUIVI_BACKUP_TARGET' }),
    ]);
  });

  it('does not stop the start where the setting that it resembles is set', () => {
    expect(faults({ SUIVI_SECRET_1: longSecret, SUIVI_SECRET: longSecret })).toEqual([]);
  });

  it('is not shown with its value', () => {
    expect(JSON.stringify([...faults({ SUIVI_SECRT: longSecret }), ...notices({ SUIVI_MASTER_KEY: longSecret })])).not.toContain(longSecret);
  });

  it('is no matter where it is empty, another program’s, or put there by Kubernetes', () => {
    const variables = { SUIVI_LISTN: '', PATH: '/bin', SUIVI_PORT: 'tcp://10.0.0.1:8480', SUIVI_SERVICE_HOST: '10.0.0.1', SUIVI_PORT_8480_TCP_ADDR: '10.0.0.1', SUIVI_WEB_SERVICE_PORT_HTTP: '80' };
    expect(readEnvironment(variables)).toEqual({ environment: read({}), notices: [] });
  });
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

  it('sets nothing as it is', () => {
    expect(parseEnv(text)).toEqual({});
  });

  it('has every variable, each of them one that can be used', () => {
    const uncommented = parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(uncommented).filter((name) => name.startsWith('SUIVI_'))).toEqual(variableNames.toSorted());
    expect(faults(uncommented)).toEqual([]);
    const defaults = Object.fromEntries(Object.entries(read(uncommented)).filter(([name]) => !['SUIVI_PUBLIC_URL', 'SUIVI_ALERT_URL', 'SUIVI_CONFIG_DIR'].includes(name)));
    expect(read({})).toMatchObject(defaults);
  });

  it('names the secrets that the example of accounts wants', () => {
    const accounts = readFileSync(new URL('../../config/accounts.example.json', import.meta.url), 'utf8');
    for (const [, name] of accounts.matchAll(/"env": "(\w+)"/g)) expect(text).toContain(`\n#${name}=`);
  });
});
