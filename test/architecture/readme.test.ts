import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Duration } from '../../src/runtime/clock.ts';
import { backoffTable } from '../../src/syncing/backoff.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(checkout, 'README.md'), 'utf8');

/** As the table of the README writes a wait. */
function said(wait: Duration): string {
  if (wait >= hour) return `${wait / hour} h`;
  return wait >= minute ? `${wait / minute} min` : `${wait / second} s`;
}

describe('the README', () => {
  test('names files and folders that are there', () => {
    const named = [...readme.matchAll(/(?<![\w/.])(?:src|config|test|scripts)\/[\w./-]*\w/g)].map(([path]) => path).filter((path) => path !== 'config/accounts.json');
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
  });

  test('prints the waits between tries as the engine draws them', () => {
    const printed = [...readme.matchAll(/^\| (\d+)( and later)? \| (\d+ \w+) \| (\d+ \w+) \|$/gm)].map(([, failure, , from, to]) => `${failure}: ${from} to ${to}`);
    const drawn = backoffTable().map(({ failure, from, to }) => `${failure}: ${said(from)} to ${said(to)}`);
    expect(printed).toEqual(drawn.slice(0, printed.length));
    // The last line stands for all that follow.
    expect(new Set(drawn.slice(printed.length - 1).map((line) => line.replace(/^\d+/, ''))).size).toBe(1);
  });

  test('shows commands that there are', () => {
    const names: readonly string[] = commands.map(({ name }) => name);
    const shown = [...readme.matchAll(/(?:npx suivi|`suivi) ([a-z][a-z-]*)(?: ([a-z-]+))?/g)].map(([, first = '', second = '']) => [first, `${first} ${second}`]);
    expect(shown.length).toBeGreaterThan(15);
    expect(shown.filter((either) => !either.some((name) => names.includes(name)))).toEqual([]);
  });

  test('links to headings that it has', () => {
    const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, title = '']) => `#${title.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-')}`);
    const links = [...readme.matchAll(/\]\((#[\w-]+)\)/g)].map(([, link]) => link);
    expect(links.filter((link) => !headings.includes(link ?? ''))).toEqual([]);
  });
});
