#!/usr/bin/env node
// The command `suivi`. Plain JavaScript in the words of an old Node: it must be understood by whatever Node there is,
// because the rest (TypeScript as it is written, Temporal) wants Node 26.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 26;
/** EX_CONFIG of sysexits.h. */
const unusable = 78;

if (Number.parseInt(process.versions.node, 10) >= wanted) {
  // Compiled code is kept beside the packages, where only who installed them may write: a command starts twice as fast.
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/suivi', import.meta.url)));
  import('./cli.ts').then(({ main }) => main(process.argv.slice(2))).then(
    (status) => {
      // What is written but not yet read (a slow pipe) is still to go out: Node ends by itself.
      process.exitCode = status;
    },
    (error) => {
      say(error instanceof Error ? error.stack : String(error));
      process.exitCode = 70;
    },
  );
} else {
  const node = pinned();
  if (node === null) refuse('');
  else runUnder(node);
}

/** The Node of our own optional dependencies, or null where npm did not bring one that fits. */
function pinned() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version } = createRequire(import.meta.url)(manifest);
    // One that is too old as well would start us again, and again.
    return Number.parseInt(version, 10) >= wanted ? join(dirname(manifest), 'bin', 'node') : null;
  } catch {
    return null;
  }
}

function runUnder(node) {
  // Bounds of its memory stay as they were asked for.
  const child = spawn(node, [...process.execArgv.filter((option) => option.startsWith('--max-')), ...process.argv.slice(1)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const passOn = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, passOn);
  child.once('error', (error) => refuse(` (${error.code})`));
  child.once('exit', (code, signal) => {
    for (const each of signals) process.off(each, passOn);
    if (signal === null) process.exitCode = code ?? unusable;
    // Ended as the child ended, so that a shell sees the same.
    else process.kill(process.pid, signal);
  });
}

function refuse(why) {
  const found = process.versions.node;
  say(`Suivi a besoin de Node ${wanted} ou plus récent ; celui-ci est Node ${found}, et aucun autre ne se trouve à côté de Suivi${why}.`);
  say(`  Refaites « npm install » sans --omit=optional (sous Linux, x64 ou arm64), ou installez Node ${wanted}.`);
  say(`Suivi needs Node ${wanted} or later; this is Node ${found}, and there is no other one beside Suivi${why}.`);
  say(`  Run "npm install" again without --omit=optional (on Linux, x64 or arm64), or install Node ${wanted}.`);
  process.exitCode = unusable;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
