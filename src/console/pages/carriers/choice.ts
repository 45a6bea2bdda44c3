import type { CarrierCodeChoice } from '../../ports.ts';
import type { Visit } from '../../visit.ts';

/** A code to choose, with whose it is, and whether it is to be checked first. */
export function wordsOf({ say }: Visit, { code, carrier, verified, other }: CarrierCodeChoice, there: string): string {
  if (other !== 'no') return say(other === 'name' ? 'carriers.other' : 'carriers.otherPlain', { code });
  const words = carrier === null ? code : `${code} · ${carrier}`;
  return verified ? words : say('carriers.choiceToCheck', { words, there });
}
