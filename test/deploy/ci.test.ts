import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = new URL('../../.ci/run', import.meta.url);
const linux = process.platform === 'linux';

let checkout = '';

/** A checkout in which npm and the tools are scripts of this test, which write down that they were called. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'suivi-ci-'));
  mkdirSync(join(checkout, '.ci'));
  mkdirSync(join(checkout, 'host'));
  cpSync(script, join(checkout, '.ci/run'));
  writeFileSync(join(checkout, 'package.json'), '{ "name": "x" }');
  writeFileSync(join(checkout, 'package-lock.json'), '{}');
  tool('host/node', 'echo v20.20.2');
  tool('host/npm', `
    echo "npm $* (node $(node --version))" >> calls
    case $1 in
      ci) [ ! -f no-ci ] || exit 1 ;;
    esac
    case $1 in
      ci | install) mkdir -p node_modules/.bin; cp tools/* node_modules/.bin/ ;;
      test) [ -f tests ] && sh tests; [ -f none ] || printf ' Test Files  3 passed (3)\\n      Tests  \\033[1m7 passed\\033[22m | 2 skipped (9)\\n   Duration  5.00s\\n'; [ ! -f red ] ;;
    esac`);
  mkdirSync(join(checkout, 'tools'));
  tool('tools/node', 'echo v26.10.0');
  for (const name of ['oxlint', 'tsc', 'knip']) tool(`tools/${name}`, `echo "${name} $* (node $(node --version))" >> calls; [ ! -f "no-${name}" ]`);
});

afterEach(() => {
  rmSync(checkout, { recursive: true, force: true });
});

function tool(path: string, body: string): void {
  writeFileSync(join(checkout, path), `#!/bin/sh\n${body}\n`);
  chmodSync(join(checkout, path), 0o755);
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Started from elsewhere, as a CI may do. `whileRunning` is called as soon as the tests say "running". */
function run(whileRunning: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined): Promise<Ended> {
  const child = spawn(join(checkout, '.ci/run'), [], { cwd: tmpdir(), env: { PATH: `${join(checkout, 'host')}:${process.env['PATH'] ?? ''}` }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = out.includes('running');
    out += text;
    if (!before && out.includes('running')) whileRunning((signal) => void child.kill(signal));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  return new Promise((resolve) => void child.once('close', (code) => resolve({ code, out, err })));
}

const calls = () => readFileSync(join(checkout, 'calls'), 'utf8').trim().split('\n');

/** Is a process still there whose number a script of the test wrote into a file? (One that has ended has no command any more.) */
const alive = (name: string) => commandOf(readFileSync(join(checkout, name), 'utf8').trim()) !== '';

describe.runIf(linux)('.ci/run', () => {
  it('installs what is locked, checks with the Node that comes with it, and ends with the totals of the tests', async () => {
    const { code, out, err } = await run();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(calls()).toEqual([
      'npm ci --no-audit --no-fund (node v20.20.2)',
      'oxlint --type-aware (node v26.10.0)',
      'tsc --noEmit (node v26.10.0)',
      'npm test (node v20.20.2)',
    ]);
    expect(out.trimEnd().split('\n').at(-1)).toBe('tests: 7 passed, 0 failed, 2 skipped');
  });

  it('installs also where nothing is locked', async () => {
    rmSync(join(checkout, 'package-lock.json'));
    expect(await run()).toMatchObject({ code: 0 });
    expect(calls().filter((call) => !call.startsWith('npm test') && call.startsWith('npm'))).toEqual([expect.stringMatching(/^npm install --no-save /)]);
  });

  it('installs by the lock also where `npm ci` will not have it, and says so', async () => {
    writeFileSync(join(checkout, 'no-ci'), '');
    expect(await run()).toMatchObject({ code: 0, err: expect.stringContaining('npm ci would not') });
    expect(calls().slice(0, 2)).toEqual([expect.stringMatching(/^npm ci /), expect.stringMatching(/^npm install --no-save /)]);
  });

  it('fails where no test was run', async () => {
    writeFileSync(join(checkout, 'none'), '');
    expect(await run()).toMatchObject({ code: 1, err: 'failed: tests that were counted\n' });
  });

  it.each(['knip.json', 'package.json'])('looks for unused code where %s says how', async (file) => {
    writeFileSync(join(checkout, file), '{\n  "knip": {}\n}');
    expect(await run()).toMatchObject({ code: 0 });
    expect(calls()).toContain('knip  (node v26.10.0)');
  });

  it.each([['no-oxlint', 'lint'], ['no-tsc', 'types'], ['red', 'tests']])('fails where one check does, after all the others: %s', async (file, name) => {
    writeFileSync(join(checkout, file), '');
    const { code, err } = await run();
    expect({ code, err }).toEqual({ code: 1, err: `failed: ${name}\n` });
    expect(calls()).toHaveLength(4);
  });

  it('stops where packages cannot be installed, or bring no Node that is new enough', async () => {
    tool('tools/node', 'echo v20.20.2');
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('Node v20.20.2 is too old');
    expect(calls()).toHaveLength(1);
    tool('host/npm', 'exit 7');
    expect(await run()).toMatchObject({ code: 7 });
  });

  it('ends what the tests forgot, in whatever session it is, and says so', async () => {
    writeFileSync(join(checkout, 'tests'), 'setsid sleep 300 > /dev/null 2>&1 & echo $! > forgotten');
    const { code, out, err } = await run();
    expect(code).toBe(1);
    expect(err).toMatch(/^left behind: \d+ .*sleep 300/m);
    expect(out).toContain('tests: 7 passed');
    expect(alive('forgotten')).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves nothing behind when it is stopped by %s', async (signal) => {
    writeFileSync(join(checkout, 'tests'), 'sleep 300 & echo $! > forgotten; trap "" TERM; echo running; wait; sleep 300');
    const { code } = await run((kill) => kill(signal));
    expect(code).toBe(signal === 'SIGTERM' ? 143 : 130);
    expect(alive('forgotten')).toBe(false);
    expect(readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(checkout))).toEqual([]);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
