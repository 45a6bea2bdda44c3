/**
 * The known name that somebody who wrote `name` most likely meant, or null where none is near.
 * Case does not count. `within` is the number of slips that are forgiven: a letter too many, too few, another, or two swapped.
 */
export function nearest(name: string, known: Iterable<string>, within: number = forgiven(name)): string | null {
  let best: string | null = null;
  let least = within + 1;
  for (const candidate of known) {
    const slips = distance(name.toLowerCase(), candidate.toLowerCase());
    if (slips < least) [best, least] = [candidate, slips];
  }
  return best;
}

/** `; the nearest is "x"`, or nothing. */
export function nearestWord(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === null ? '' : `; the nearest known name is "${near}"`;
}

function forgiven(name: string): number {
  return Math.max(name.length <= 4 ? 1 : 2, Math.floor(name.length / 3));
}

/** Names are short; what is longer is compared by its beginning. */
const compared = 80;

/** Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other. */
function distance(from: string, to: string): number {
  const a = from.slice(0, compared);
  const b = to.slice(0, compared);
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      row.push(slips);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}
