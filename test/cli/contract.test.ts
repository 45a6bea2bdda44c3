import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands as table } from '../../src/cli/commands.ts';
import { readCommandLine } from '../../src/cli/program.ts';
import { processTerminal } from '../../src/cli/terminal.ts';
import { sayIn } from '../../src/cli/texts.ts';
import { openRoom } from './room.ts';
import type { Ran, Room } from './room.ts';

/**
 * What users and other programs rely on, written down a second time: whoever changes a name, an option, a setting or an
 * exit status changes it here too, on purpose, and in the changelog. `users` comes with the console's sign-in.
 */
const commands: Readonly<Record<string, readonly string[]>> = {
  'start': [],
  'demo': ['--exit'],
  'migrate': [],
  'doctor': ['--json'],
  'states list': ['--all', '--models', '--json'],
  'states add': ['[model...]', '--mnemonic', '--type', '--name', '--comment', '--sms', '--colour', '--indicator', '--grace', '--as'],
  'states edit': ['<state>', '--mnemonic', '--name', '--position', '--as'],
  'states archive': ['<state>', '--back', '--as'],
  'states export': ['[file]', '--all', '--overwrite'],
  'states import': ['<file>', '--dry-run', '--as'],
  'orders import': ['<file>', '--dry-run', '--json'],
  'orders list': ['--number', '--state', '--account', '--due', '--since', '--limit', '--after', '--json'],
  'orders show': ['<order>', '--account', '--raw', '--json'],
  'orders publish': ['<order>', '--yes', '--no', '--default', '--account', '--as'],
  'apply': ['<state>', '--order', '--account', '--carrier', '--tracking', '--line', '--untracked', '--shipped-at', '--ship-from', '--comment', '--sms', '--publish', '--no-publish', '--mail', '--no-mail', '--notify-sms', '--no-notify-sms', '--invoice', '--no-invoice', '--cancel-reason', '--file', '--columns', '--refused', '--preview', '--yes', '--as', '--json'],
  'undo': ['<applied>', '--as', '--json'],
  'bulk list': ['--limit', '--json'],
  'bulk show': ['<bulk>', '--refused', '--json'],
  'bulk undo': ['<bulk>', '--yes', '--as', '--json'],
  'parcels set': ['<parcel>', '--carrier', '--tracking', '--untracked', '--as', '--json'],
  'carriers list': ['--unmapped', '--json'],
  'carriers map': ['<name>', '--account', '--code', '--other-name', '--as', '--json'],
  'syncs': ['--status', '--cause', '--account', '--order', '--since', '--limit', '--before', '--json'],
  'syncs show': ['<sync>', '--raw', '--json'],
  'syncs causes': ['--json'],
  'syncs proof': ['<sync>', '--json'],
  'rerun': ['[sync...]', '--status', '--cause', '--account', '--order', '--since', '--reason', '--dry-run', '--yes', '--as', '--json'],
  'resend': ['<sync...>', '--reason', '--yes', '--as', '--json'],
  'cancel': ['<sync...>', '--reason', '--as', '--json'],
  'resolve': ['<sync...>', '--as-done', '--reason', '--as', '--json'],
  'accounts list': ['--json'],
  'accounts check': ['[account...]', '--json'],
  'accounts pause': ['<account>', '--reason', '--as', '--json'],
  'accounts resume': ['<account>', '--reason', '--as', '--json'],
  'reconcile': ['--account', '--json'],
  'audit verify': ['--head', '--json'],
  'audit heads': ['--json'],
  'audit export': ['--from', '--to', '--format', '--output'],
  'alerts key': [],
  'tokens create': ['<name>', '--scope', '--as'],
  'tokens list': ['--all', '--json'],
  'tokens revoke': ['<name>', '--as'],
  'users list': ['--all', '--json'],
  'users invite': ['<name>', '--role', '--as'],
  'users link': ['<name>', '--as'],
  'users role': ['<name>', '--role', '--as'],
  'users revoke': ['<name>', '--as'],
  'backup': ['<file>', '--overwrite'],
  'restore': ['<file>', '--yes', '--as'],
  'db copy': ['--from', '--to', '--as'],
};

const settings = ['SUIVI_DATABASE_URL', 'SUIVI_CONFIG_DIR', 'SUIVI_LISTEN', 'SUIVI_PUBLIC_URL', 'SUIVI_TIME_ZONE', 'SUIVI_SECRET', 'SUIVI_SECRET_PREVIOUS', 'SUIVI_ALERT_URL', 'SUIVI_RETENTION', 'SUIVI_LOG_LEVEL'];

const statuses = { 0: 'done', 1: 'done, with failures to look at', 2: 'wrong usage', 69: 'something needed cannot be reached', 70: 'a fault of Suivi’s own', 75: 'another instance runs', 78: 'settings or schema cannot be used' };

let room: Room;
let all: Ran;
let apply: Ran;
beforeAll(async () => {
  room = openRoom();
  [all, apply] = await Promise.all([room.run('--help'), room.run('apply', '--help')]);
});
afterAll(() => room.close());

const own = processTerminal();

/** What `suivi NAME --help` prints, without a process for each. */
function helpOf(name: string): string {
  const lines: string[] = [];
  const terminal = { ...own, outputIsTerminal: false, width: 80, style: (_: unknown, text: string) => text, print: (line = '') => void lines.push(line) };
  expect(readCommandLine(table, [...name.split(' '), '--help'], '0', { language: 'en', say: sayIn('en'), terminal })).toBeNull();
  return lines.join('\n');
}

describe('--help shows what the contract names', () => {
  test('every command, and none besides', () => {
    const listed = /\nCommands:\n(.*?)\n\n/s.exec(all.out)?.[1] ?? '';
    const shown = [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    expect(shown).toEqual([...new Set(Object.keys(commands).map((name) => name.split(' ')[0])), 'help']);
  });

  test('as the command itself prints it', () => {
    expect([apply.code, apply.err, apply.out.trimEnd()]).toEqual([0, '', helpOf('apply').trimEnd()]);
  });

  test.each(Object.entries(commands))('suivi %s', (name, taken) => {
    const out = helpOf(name);
    expect(out).toMatch(new RegExp(`^Usage: suivi ${name} `));
    const options = /\nOptions:\n(.*?)\n\n/s.exec(out)?.[1] ?? '';
    const shown = [...(/^Usage: .*$/m.exec(out)?.[0].match(/[<[](?!options\b|command\b)\S+[>\]]/g) ?? []), ...[...options.matchAll(/^ {2}(?:-h, )?(--[\w-]+)/gm)].map(([, option]) => option)];
    for (const each of [...taken, '--lang', '--help']) expect(shown).toContain(each);
    for (const example of [...out.matchAll(/^ {2}suivi (.*)$/gm)].map(([, words]) => words)) expect(example).toMatch(new RegExp(`^${name}\\b`));
  });

  test('every setting, and none besides', () => {
    expect([...all.out.matchAll(/^ {2}(SUIVI_\w+)/gm)].map(([, name]) => name)).toEqual(settings);
  });

  test('every exit status, and none besides', () => {
    const ends = /\nExit status:\n(.*)$/s.exec(all.out)?.[1] ?? '';
    expect(Object.fromEntries([...ends.matchAll(/^ {2}(\d+) +(.*)$/gm)].map(([, status, words]) => [status, words]))).toEqual(statuses);
  });

  test('groups show their commands, and are wrong usage by themselves', async () => {
    // The rest is held by the help of each: two of them by the command itself.
    const ran = await Promise.all(['states', 'users'].map((name) => room.run(name)));
    for (const { code, out, err } of ran) {
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('Usage: suivi');
    }
  });
});
