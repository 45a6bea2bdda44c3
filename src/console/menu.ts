/** The menu, in its order. `gap` begins another group; `letter` goes there after a `g`, by its name in each language. */
export const menu = [
  { path: '/', word: 'frame.overview', letter: { fr: 'v', en: 'o' } },
  { path: '/orders', word: 'frame.orders', letter: { fr: 'c', en: 'r' } },
  { path: '/syncs', word: 'frame.syncs', count: 'failing', letter: { fr: 's', en: 's' } },
  { path: '/differences', word: 'frame.differences', letter: { fr: 'e', en: 'd' } },
  { path: '/states', word: 'frame.states', gap: true, letter: { fr: 'a', en: 't' } },
  { path: '/carriers', word: 'frame.carriers', count: 'unmapped', letter: { fr: 't', en: 'c' } },
  { path: '/accounts', word: 'frame.accounts', letter: { fr: 'm', en: 'a' } },
  { path: '/exports', word: 'frame.exports', letter: { fr: 'x', en: 'x' } },
  { path: '/people', word: 'frame.people', letter: { fr: 'u', en: 'p' } },
] as const;
