import { html, none } from './html.ts';
import type { Html } from './html.ts';
import { menu } from './menu.ts';
import type { OpenVisit } from './visit.ts';
import type { Key } from './words.ts';

/** What each page says of itself, by its address in the table of routes: a few sentences, in both languages. */
export const helps: Readonly<Record<string, readonly Key[]>> = {
  '/': ['help.overview1', 'help.overview2'],
  '/orders': ['help.orders1', 'help.orders2'],
  '/orders/apply': ['help.apply1', 'help.apply2'],
  '/orders/file': ['help.file1', 'help.file2'],
  '/orders/bulk/:id': ['help.bulk1'],
  '/orders/:id': ['help.order1', 'help.order2'],
  '/syncs': ['help.syncs1', 'help.syncs2'],
  '/syncs/preview': ['help.preview1'],
  '/syncs/verbs': ['help.preview1'],
  '/syncs/records/:id': ['help.record1'],
  '/syncs/:id': ['help.sync1', 'help.sync2'],
  '/syncs/:id/proof': ['help.proof1'],
  '/differences': ['help.differences1'],
  '/exports': ['exports.how'],
  '/carriers': ['help.carriers1', 'help.carriers2'],
  '/carriers/map': ['help.map1', 'help.carriers2'],
  '/states': ['states.helpType', 'states.helpIndicator', 'states.helpPublish', 'states.helpOrder'],
  '/states/letterhead': ['states.helpType', 'states.helpIndicator', 'states.helpPublish', 'states.helpOrder'],
  '/states/models': ['help.models1'],
  '/states/new': ['help.state1', 'help.state2'],
  '/states/:id': ['help.state1', 'help.state2'],
  '/accounts': ['help.accounts1', 'help.accounts2'],
  '/accounts/connect': ['help.connect1'],
  '/accounts/:id/turn': ['help.turn1'],
  '/trial': ['help.trial1'],
  '/profile': ['help.profile1'],
  '/profile/password': ['help.profile1'],
  '/profile/factor/start': ['help.code1'],
  '/profile/factor/confirm': ['help.code1'],
  '/profile/factor/stop': ['help.profile1'],
  '/people': ['help.people1', 'help.people2'],
  '/people/invite': ['help.people1', 'help.people2'],
  '/people/tokens': ['help.token1'],
  '/people/:id/revoke': ['help.people2'],
  '/sign-in': ['help.signIn1'],
  '/sign-in/code': ['help.code1'],
  '/join/:secret': ['help.join1'],
};

/** A page's own help, folded at its foot; with it the shortcuts, where there is a menu to go to. */
export function helpOf(visit: OpenVisit, isBare: boolean): Html {
  const { say, route } = visit;
  const paragraphs = helps[route] ?? [];
  if (paragraphs.length === 0) return none;
  return html`<details class="help foot no-print" data-help><summary>${say('help.title')}</summary>${paragraphs.map((key) => html`<p>${say(key)}</p>`)}${isBare ? none : shortcuts(visit)}</details>`;
}

function shortcuts({ say, language, shortcuts: on, may }: OpenVisit): Html {
  if (!on) return html`<h2>${say('help.keys')}</h2><p>${say('help.keysNone')}</p>`;
  const line = (keys: readonly string[], words: string): Html => html`<dt>${keys.map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${words}</dd>`;
  return html`<h2>${say('help.keys')}</h2><p>${say('help.keysLead')}</p><dl class="facts small">${line(['?'], say('help.keyHelp'))}${line(['/'], say('help.keySearch'))}${line(['j', 'k'], say('help.keyRows'))}${line(['x'], say('help.keyChoose'))}${line(['g'], say('help.keyGo'))}${menu.filter(({ path }) => may(`get ${path}`)).map(({ word, letter }) => line(['g', letter[language]], say(word)))}</dl>`;
}
