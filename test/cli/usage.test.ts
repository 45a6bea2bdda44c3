import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { optionWords, texts } from '../../src/cli/texts.ts';
import { bin, openRoom } from './room.ts';
import type { Ran, Room } from './room.ts';

let room: Room;
beforeAll(() => {
  room = openRoom();
});
afterAll(() => room.close());

describe('help', () => {
  test('lists every command and group, with examples one level down, in French and in English', async () => {
    const [english, french, one] = await Promise.all([room.run('--help'), room.run('--help', '--lang', 'fr'), room.run('apply', '--help', '--lang=fr')]);
    expect([english.code, french.code, one.code]).toEqual([0, 0, 0]);
    for (const { name } of commands) expect(english.out).toContain(`\n  ${name.split(' ')[0]} `);
    expect(english.out).toContain('Usage: suivi');
    expect(french.out).toContain('Commandes\u00a0:');
    expect(one.out).toContain('apply [options] <état>');
    expect(one.out).toContain('Exemples\u00a0:');
    expect(one.out).toContain('suivi apply EXPEDIEE --order');
    expect(one.err).toBe('');
  });

  test('fits 80 columns', async () => {
    for (const { out } of await Promise.all([room.run('--help'), room.run('apply', '--help'), room.run('apply', '--help', '--lang', 'fr')])) {
      const long = out.split('\n').filter((line) => Array.from(line).length > 80 && !line.startsWith('  suivi '));
      expect(long).toEqual([]);
    }
  });

  test('each command has words, examples that name it, and options with words, in both languages', () => {
    for (const { name, examples, options = [] } of commands) {
      expect(examples.length, name).toBeGreaterThan(0);
      for (const example of examples) expect(example.startsWith(name), example).toBe(true);
      for (const language of ['fr', 'en'] as const) {
        expect(texts[language].commands[name].length, name).toBeGreaterThan(5);
        for (const { flags } of options) expect(optionWords(language, name, flags).length, `${name} ${flags}`).toBeGreaterThan(2);
      }
    }
  });

  test('every text has the same values to fill in, in both languages', () => {
    interface Part { readonly type: number; readonly value?: unknown; readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>> }
    // Literals (0) and the number sign (7) fill nothing in.
    const filled = (parts: readonly Part[]): unknown[] => parts.flatMap(({ type, value, options = {} }) => [...(type === 0 || type === 7 ? [] : [value]), ...Object.values(options).flatMap((option) => filled(option.value))]);
    const values = (pattern: string): unknown[] => [...new Set(filled(new IntlMessageFormat(pattern, 'fr', undefined, { ignoreTag: true }).getAst()).map(String))].toSorted();
    for (const [name, english] of Object.entries(texts.en.words)) expect(values(texts.fr.words[name as keyof typeof texts.fr.words]), name).toEqual(values(english));
  });
});

describe('the language is the shell’s, unless --lang says otherwise', () => {
  test.each([
    [{ LC_ALL: 'fr_FR.UTF-8', LANG: 'en_GB.UTF-8' }, [], 'Erreur'],
    [{ LC_ALL: '', LC_MESSAGES: 'fr_CA', LANG: 'en_GB.UTF-8' }, [], 'Erreur'],
    [{ LANG: 'de_DE.UTF-8' }, [], 'Error'],
    [{ LANG: 'C' }, [], 'Error'],
    [{ LANG: '' }, [], 'Erreur'],
    [{ LANG: 'fr_FR.UTF-8' }, ['--lang', 'en'], 'Error'],
  ])('%j %j: %s', async (env, args, word) => {
    expect((await room.runWith({ env }, 'nonsense', ...args)).err.startsWith(word)).toBe(true);
  });
});

describe('wrong usage ends with 2, names what is wrong and what to do, and prints nothing on standard output', () => {
  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[], ['Usage: suivi']],
    [['stats'], ['“stats”', 'suivi states']],
    [['states', 'lst'], ['suivi states list']],
    [['syncs', 'cause'], ['suivi syncs causes']],
    [['states', 'list', '--jsn'], ['--jsn', '--json']],
    [['syncs', 'show'], ['suivi syncs show', 'sync']],
    [['apply', 'EXPEDIEE', 'C-1', 'C-2'], ['“C-1”', 'quotation marks']],
    [['apply', 'EXPEDIEE', '--order'], ['--order', 'value']],
    [['apply', 'EXPEDIEE'], ['--order NUMBER', '--file FILE']],
    [['apply', 'EXPEDIEE', '--order', 'C-1', '--file', 'x.csv'], ['not both']],
    [['syncs', 'show', 'abc'], ['“abc”']],
    [['undo', '0'], ['“0”']],
    [['resolve', '3', '--as', 'Ana', '--reason', 'seen'], ['--as-done']],
    [['rerun', '3', '--as', 'Ana'], ['--reason']],
    [['states', 'list', '--lang', 'de'], ['--lang', 'fr, en']],
    [['tokens', 'create', 'x', '--scope', 'all'], ['--scope', 'read, write']],
    [['tokens', 'create', 'x'], ['--scope']],
    [['audit', 'verify', '--head', 'nonsense'], ['--head', 'audit heads']],
    [['states', 'archive', 'X', '--as', ''], ['--as']],
    [['states', 'archive', 'X', '--as', 'a\u0007b'], ['--as']],
    [['backup'], ['file']],
  ];
  let ran: readonly Ran[];
  beforeAll(async () => {
    ran = await Promise.all(cases.map(([args]) => room.run(...args)));
  });

  test.each(cases.map(([args, words], index) => [args.join(' '), words, index] as const))('suivi %s', (_, words, index) => {
    const { code, out, err } = ran[index] ?? { code: null, out: '', err: '' };
    for (const word of words) expect(err).toContain(word);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('before there is anything', () => {
  test('a command says how to begin, in the reader’s language, and makes nothing', async () => {
    const empty = openRoom();
    try {
      const ran = await empty.run('syncs', '--lang', 'fr');
      expect(ran.code).toBe(78);
      expect(ran.err).toContain('suivi demo');
      expect(ran.err).toContain('suivi start');
      expect((await empty.run('doctor')).code).toBe(78);
      expect(() => empty.read('var/secret')).toThrow('ENOENT');
    } finally {
      await empty.close();
    }
  });

  test('a database without its secret is not taken for a beginning', async () => {
    const lost = openRoom();
    try {
      mkdirSync(join(lost.folder, 'var'));
      lost.write('var/suivi.db', 'SQLite format 3\0 and more');
      const ran = await lost.run('syncs');
      expect(ran.code).toBe(78);
      expect(ran.err).toContain('put it back from your backup');
      lost.write('var/secret', 'x'.repeat(5));
    } finally {
      await lost.close();
    }
  });
});

describe('settings', () => {
  test('all faults come at once, with 78, whatever the command', async () => {
    const env = { SUIVI_LISTEN: 'nowhere', SUIVI_TIME_ZONE: 'Paris', SUIVI_RETENTION: '3 weeks' };
    room.write('accounts.json', '{}');
    const all = [['syncs'], ['start'], ['migrate'], ['restore', 'accounts.json', '--yes', '--as', 'Ana']];
    const ran = await Promise.all(all.map((args) => room.runWith({ env }, ...args)));
    for (const [index, { code, err }] of ran.entries()) {
      expect(code, all[index]?.join(' ')).toBe(78);
      for (const name of Object.keys(env)) expect(err).toContain(name);
    }
    const { code, out } = await room.runWith({ env }, 'doctor');
    expect([code, out.includes('SUIVI_TIME_ZONE')]).toEqual([78, true]);
  });

  test('.env of the working directory is read; what is set already wins; one that cannot be read is told', async () => {
    const other = openRoom();
    try {
      other.write('.env', 'SUIVI_DATABASE_URL=file:elsewhere/here.db\nSUIVI_TIME_ZONE=Nowhere/Land\n');
      expect((await other.runWith({ env: { SUIVI_TIME_ZONE: 'UTC' } }, 'migrate')).out).toContain('elsewhere/here.db');
      expect((await other.run('migrate')).err).toContain('Nowhere/Land');
      const broken = openRoom();
      mkdirSync(join(broken.folder, '.env'));
      const ran = await broken.run('states', 'list', '--lang', 'fr');
      await broken.close();
      expect([ran.code, ran.err.includes('.env')]).toEqual([78, true]);
    } finally {
      await other.close();
    }
  });

  test('no secret is printed, whatever is wrong', async () => {
    const secret = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6';
    const { err } = await room.runWith({ env: { SUIVI_SECRET: `${secret} x`, SUIVI_ALERT_URL: `https://me:${secret}@alerts.example.com/` } }, 'syncs');
    expect(err).toContain('SUIVI_SECRET');
    expect(err).not.toContain(secret);
  });
});

const older = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => Number.parseInt(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.slice(1) ?? '99', 10) < 26);

describe.skipIf(older === undefined)('under an older Node (skipped where the machine has none)', () => {
  test('the pinned one takes over, with its exit status and its output', async () => {
    const [fine, wrong] = await Promise.all([room.runWith({ node: older ?? '' }, '--version'), room.runWith({ node: older ?? '' }, 'nonsense')]);
    expect([fine.code, fine.out.trim(), wrong.code]).toEqual([0, '0.1.0', 2]);
  });

  test('signals are passed on, once: the daemon ends gently', async () => {
    const under = openRoom(null);
    try {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        const child = under.startUnder(older ?? '', 'start');
        await child.saw('Suivi is at work');
        child.kill(signal);
        const ended = await child.ended;
        expect([ended.code, ended.out.includes('Suivi has ended'), ended.out.includes('cut off')]).toEqual([0, true, false]);
      }
    } finally {
      await under.close();
    }
  });

  test('where there is no other, it says so in both languages, with 78', () => {
    const alone = openRoom(null);
    mkdirSync(join(alone.folder, 'src', 'cli'), { recursive: true });
    writeFileSync(join(alone.folder, 'package.json'), '{"type":"module"}');
    copyFileSync(bin, join(alone.folder, 'src', 'cli', 'bin.js'));
    const ran = spawnSync(older ?? '', [join(alone.folder, 'src', 'cli', 'bin.js'), 'start'], { encoding: 'utf8' });
    expect(ran.status).toBe(78);
    expect(ran.stderr).toContain('Node 26 ou plus récent');
    expect(ran.stderr).toContain('Node 26 or later');
    return alone.close();
  });
});
