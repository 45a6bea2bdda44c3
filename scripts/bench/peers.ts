import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from './frame/main.ts';
import { compared, peers } from './peers/peers.ts';
import type { PeerFound } from './peers/peers.ts';

const summary = `Measures Suivi's engine beside others of its kind, each under the best settings that were found for it, under one protocol.
Their packages are installed into scripts/bench first, where they are not there yet; nobody who uses Suivi has them.
PostgreSQL comes from npm and keeps its files in the temporary folder; started by root it wants a system user "postgres", and
makes one where there is none. Redis is measured where there is a redis-server on the PATH.`;

const directory = fileURLToPath(new URL('.', import.meta.url));

process.exitCode = await main({ name: 'npm run bench:peers', summary, list: 'peers', measurements: peers, prepare, together: (found) => compared(found as readonly PeerFound[]) }, process.argv.slice(2));

/** Installs what package-lock.json of this folder says, unless it is there. */
function prepare(): boolean {
  const { dependencies } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };
  if (Object.entries(dependencies).every(([name, version]) => installed(name) === version)) return true;
  process.stderr.write('… packages of the peers, into scripts/bench\n');
  // `npm ci` refuses a lock that lacks packages for other systems; `npm install` then takes the same versions.
  return ['ci', 'install'].some((verb) => spawnSync('npm', [verb, ...(verb === 'install' ? ['--no-save'] : []), '--no-audit', '--no-fund', '--loglevel=error'], { cwd: directory, stdio: ['ignore', 2, verb === 'ci' ? 'ignore' : 2], env: environment() }).status === 0);
}

function installed(name: string): string | null {
  try {
    return (JSON.parse(readFileSync(`${directory}/node_modules/${name}/package.json`, 'utf8')) as { readonly version: string }).version;
  } catch {
    return null;
  }
}

/** Started by `npm run`, we would hand on which package npm is at work in. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(name)));
}
