import type { Language } from '../syncing/diagnosis.ts';
import type { Frame } from '../store/views/frame.ts';
import type { Page, Said } from './answer.ts';
import type { Assets } from './assets.ts';
import { helpOf } from './help.ts';
import { html, none, raw } from './html.ts';
import type { Html } from './html.ts';
import { menu } from './menu.ts';
import { link } from './parts/link.ts';
import type { OpenVisit, Visitor } from './visit.ts';
import type { Say } from './words.ts';

/** What a page is put into. */
export interface Setting {
  readonly assets: Assets;
  /** Where the merchant's colours are. */
  readonly colours: string;
  /** Null: nobody is signed in. */
  readonly frame: Frame | null;
  readonly said: Said | null;
}

/** Icons, drawn once and used by name. */
const icons = raw(
  '<svg width="0" height="0" class="unseen" aria-hidden="true"><symbol id="i-mark" viewBox="0 0 22 22"><path d="M2 5h11M2 10h7M2 15h5M2 18h5M11 14l3.5 3.5L20 8"/></symbol><symbol id="i-out" viewBox="0 0 16 16"><path d="M9 2h5v5M14 2 7.5 8.5M12 9.5V14H2V4h4.500"/></symbol><symbol id="i-down" viewBox="0 0 16 16"><path d="M8 2v8M4.500 7 8 10.500 11.500 7M2 14h12"/></symbol></svg>',
);

/** A whole document around a page. */
export function documentOf(visit: OpenVisit, page: Page, { assets, colours, frame, said }: Setting): Html {
  const { say, language, theme, person } = visit;
  const main = html`<main id="main" tabindex="-1">${visit.ports.trial.inside ? trialStrip(visit, page.bare) : none}${said === null ? none : sayIt(say, said)}${page.body}${page.status === 200 || page.status === 422 ? helpOf(visit, page.bare) : none}</main>`;
  return html`<!doctype html>
<html lang="${language}"${theme === null ? none : html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title === '' ? '' : `${page.title} · `}Suivi</title>
${page.refresh === null ? none : html`<noscript><meta http-equiv="refresh" content="${page.refresh}"></noscript>`}
<meta name="htmx-config" content='{"includeIndicatorCSS":false,"defaultTimeout":20000}'>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
<link rel="stylesheet" href="${colours}">
<script src="${assets.htmx}" defer></script>
<script src="${assets.script}" defer></script>
</head>
<body${page.bare ? html` class="bare"` : html` data-since="${visit.mark}"${visit.shortcuts ? html` data-keys` : none}`}>
${icons}
<a class="skip" href="#main">${say('frame.skip')}</a>
${page.bare || person === null || frame === null ? main : html`<div class="shell">${side(visit, person, frame)}${main}</div>`}
</body>
</html>`;
}

/** A whole document for a merchant's customer: it loads one style sheet and nothing else. */
export function clientDocument(page: Page, language: Language, assets: Assets): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
</head>
<body class="client">
${icons}
<main id="main">${page.body}</main>
</body>
</html>`;
}

function side(visit: OpenVisit, person: Visitor, frame: Frame): Html {
  const { say } = visit;
  const items = menu.filter(({ path }) => visit.may(`get ${path}`)).map((item) => {
    const n = 'count' in item ? frame[item.count] : 0;
    const here = item.path === '/' ? visit.path === '/' : visit.path === item.path || visit.path.startsWith(`${item.path}/`);
    const count = n === 0 ? none : html` <b title="${say(item.path === '/syncs' ? 'frame.failing' : 'frame.unmapped', { n })}">${n}</b>`;
    return html`<li${'gap' in item ? html` class="gap"` : none}><a href="${item.path}" data-go="${item.letter[visit.language]}"${here ? html` aria-current="page"` : none}>${say(item.word)}${count}</a></li>`;
  });
  return html`<header class="side">
<a class="brand" href="/"><svg class="icon" aria-hidden="true"><use href="#i-mark"/></svg>Suivi</a>
<button class="btn menu-key" type="button" popovertarget="menu">${say('frame.menu')}</button>
<nav id="menu" popover aria-label="${say('frame.mainMenu')}"><ul>${items}</ul>
<div class="who"><p>${link('/profile', person.name)}<br>${say('frame.role', { role: say(`frame.${person.role}`) })}</p>
<form method="post" action="/sign-out">${visit.csrf}<button class="as-link">${say('frame.signOut')}</button></form>
${otherLanguage(visit)}</div></nav>
</header>`;
}

/** On every page of a trial, printed ones too, and the way out of it. */
function trialStrip({ say, csrf }: OpenVisit, isBare: boolean): Html {
  return html`<aside class="trial" aria-label="${say('trial.banner')}"><p class="grow"><b>${say('trial.banner')}.</b> ${say('trial.bannerLead')}</p>${isBare ? none : html`<form method="post" action="/trial/leave" class="no-print">${csrf}<button class="btn">${say('trial.quit')}</button></form>`}</aside>`;
}

/** The key that says everything in the other language. */
export function otherLanguage({ say, language, csrf, path, query }: OpenVisit): Html {
  const other = language === 'fr' ? 'en' : 'fr';
  const back = query.size === 0 ? path : `${path}?${query.toString()}`;
  return html`<form method="post" action="/preferences">${csrf}<input type="hidden" name="back" value="${back}"><button class="as-link" name="language" value="${other}" lang="${other}">${say('frame.otherLanguage')}</button></form>`;
}

function sayIt(say: Say, { key, values, tone }: Said): Html {
  return html`<p class="note${tone === 'warn' ? ' warn' : ' good'}" role="status">${say(key, values)}</p>`;
}
