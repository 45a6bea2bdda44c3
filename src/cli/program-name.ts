import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from '../runtime/shell-word.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** How `suivi` is called by somebody who stands in a folder: npx finds it below the checkout, and would ask the registry elsewhere. */
export function programIn(folder: string): string {
  const below = !relative(checkout, folder).startsWith('..');
  return below ? 'npx suivi' : `node ${shellWord(fileURLToPath(new URL('bin.js', import.meta.url)))}`;
}
