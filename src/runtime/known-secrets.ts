const removed = '[removed]';

/** Shorter values are words that any text may have in it: a region, a site. */
const shortest = 8;

/**
 * Takes values that are known to be secret out of texts, whatever they look like, also where they are percent-encoded.
 * The cost of a text grows with its length, not with the number of secrets: they are found by their first characters.
 */
export function secretRemover(secrets: readonly string[]): (text: string) => string {
  const byBeginning = new Map<string, string[]>();
  const all = [...new Set(secrets.flatMap((one) => [one, encodeURIComponent(one)]))].filter((one) => one.length >= shortest);
  // The longest first: one secret may be the beginning of another.
  for (const secret of all.toSorted((a, b) => b.length - a.length)) {
    const beginning = secret.slice(0, shortest);
    const alike = byBeginning.get(beginning);
    if (alike === undefined) byBeginning.set(beginning, [secret]);
    else alike.push(secret);
  }
  if (byBeginning.size === 0) return (text) => text;
  return (text) => {
    let clean = '';
    let kept = 0;
    for (let at = 0; at + shortest <= text.length; at += 1) {
      const found = byBeginning.get(text.slice(at, at + shortest))?.find((secret) => text.startsWith(secret, at));
      if (found === undefined) continue;
      clean += text.slice(kept, at) + removed;
      kept = at + found.length;
      at = kept - 1;
    }
    return clean + text.slice(kept);
  };
}
