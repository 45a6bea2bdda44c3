import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Rooms by rank: an import goes from a higher rank to a lower one, or stays inside its room. */
const ranks: readonly (readonly string[])[] = [
  ['runtime', 'orders', 'settings'],
  ['planning'],
  ['syncing'],
  ['sources', 'marketplaces', 'notifications', 'store', 'language'],
  ['console', 'api'],
  ['app'],
  ['cli'],
];

/** Packages that only some rooms may know. */
const owners: readonly { readonly packages: RegExp; readonly rooms: readonly string[] }[] = [
  { packages: /^(kysely|better-sqlite3|pg)(\/|$)/, rooms: ['store'] },
  { packages: /^(hono|@hono\/|hono-openapi|htmx\.org)/, rooms: ['console', 'api'] },
  { packages: /^(better-auth|uqr)(\/|$)/, rooms: ['console'] },
  { packages: /^(amazon-sp-api|ebay-api)(\/|$)/, rooms: ['marketplaces'] },
  { packages: /^commander(\/|$)/, rooms: ['cli'] },
];

/** Rooms that import no package and no node: module. */
const pure = ['orders', 'planning'];

/** Words of the machine's time, chance and environment, and the rooms that may take them. */
const sources: readonly { readonly what: RegExp; readonly rooms: readonly string[]; readonly name: string }[] = [
  { what: /\bDate\.now\(|\bnew Date\(\)|Temporal\.Now\b|\bperformance\.now\(|\bsetTimeout\(|\bsetInterval\(|AbortSignal\.timeout\(/, rooms: ['runtime'], name: 'takes the time itself instead of asking a clock' },
  { what: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, rooms: ['runtime', 'settings'], name: 'takes chance itself instead of asking for it' },
  { what: /\bprocess\.env\b/, rooms: ['settings'], name: 'reads the environment' },
];

export interface Breach {
  readonly file: string;
  readonly what: string;
}

/** Everything in `root` (a `src` folder) that breaks the law of the house. */
export function breaches(root: string): readonly Breach[] {
  // What a browser is sent runs there, on its own clock.
  return files(root).filter((file) => !relative(root, file).startsWith('console/assets/')).flatMap((file) => breachesOf(root, file));
}

export function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /\.(ts|js)$/.test(name) ? [path] : [];
  });
}

function breachesOf(root: string, file: string): Breach[] {
  const text = withoutComments(readFileSync(file, 'utf8'));
  const name = relative(root, file);
  const room = roomOf(name);
  const found: string[] = [];
  for (const { what, rooms, name: complaint } of sources) if (what.test(text) && !rooms.includes(room)) found.push(complaint);
  for (const target of imports(text)) {
    if (target.startsWith('.')) found.push(...relativeBreaches(root, file, room, target));
    else found.push(...packageBreaches(room, target));
  }
  return found.map((what) => ({ file: name, what }));
}

function relativeBreaches(root: string, file: string, room: string, target: string): string[] {
  const path = resolve(dirname(file), target);
  const there = relative(root, path);
  if (there.startsWith('..')) return [/^\.\.\/(config|package\.json)/.test(there) ? '' : `imports ${there}, outside src`].filter(Boolean);
  if (!isFile(path)) return [`imports ${there}, which does not exist (imports name the whole file, with .ts)`];
  const other = roomOf(there);
  if (other === room) return siblingBreach(relative(root, file), there);
  const from = rankOf(room);
  const to = rankOf(other);
  if (from < 0 || to < 0) return [`belongs to no rank: ${from < 0 ? room : other}`];
  if (to > from) return [`imports ${there}: ${room} stands below ${other}`];
  if (to === from) return [`imports ${there}: ${room} and ${other} are neighbours`];
  if (['console', 'api', 'cli'].includes(room) && ['marketplaces', 'sources'].includes(other)) return [`imports ${there}: ${room} gets it as a port from app`];
  return [];
}

/** Outside parties inside one room do not know each other. */
function siblingBreach(from: string, to: string): string[] {
  const [room, a, inA] = from.split('/');
  const [, b, inB] = to.split('/');
  if ((room === 'marketplaces' || room === 'sources') && inA !== undefined && inB !== undefined && a !== b) return [`imports ${to}: ${a ?? ''} and ${b ?? ''} do not know each other`];
  return [];
}

function packageBreaches(room: string, target: string): string[] {
  if (pure.includes(room)) return [`imports ${target}: ${room} imports no package and no node: module`];
  return owners.filter(({ packages, rooms }) => packages.test(target) && !rooms.includes(room)).map(({ rooms }) => `imports ${target}, which belongs to ${rooms.join(' and ')}`);
}

function imports(text: string): string[] {
  const found: string[] = [];
  for (const pattern of [/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g, /\bimport\s*['"]([^'"]+)['"]/g, /\bimport\(\s*['"]([^'"]+)['"]/g, /\brequire\(\s*['"]([^'"]+)['"]/g]) {
    for (const match of text.matchAll(pattern)) found.push(match[1] ?? '');
  }
  return found;
}

function roomOf(name: string): string {
  const [first = ''] = name.split('/');
  return first.replace(/\.(ts|js)$/, '');
}

function rankOf(room: string): number {
  return ranks.findIndex((rooms) => rooms.includes(room));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
