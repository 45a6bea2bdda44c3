import { expect, test } from 'vitest';
import { statusWords } from '../../src/cli/story.ts';
import { texts } from '../../src/cli/texts.ts';
import { speak } from '../../src/language/speak.ts';

const french = { speech: speak('fr'), say: (name: keyof typeof texts.fr.words) => texts.fr.words[name] };

test('a sync that a person closed is no acceptance of the marketplace', () => {
  expect(statusWords(french, 'accepted', 'person/closed-by-hand')).toBe('close à la main');
  expect(statusWords(french, 'accepted', null)).toBe('acceptée');
  expect(statusWords(french, 'held', 'order/tracking-missing')).toBe('à compléter (retenue)');
});
