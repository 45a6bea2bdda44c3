import { minute } from '../../runtime/clock.ts';
import { signInKey, hasAdmin } from '../../store/people.ts';
import { go, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { otherLanguage } from '../layout.ts';
import { field, hidden, key } from '../parts/forms.ts';
import { localPath } from '../security.ts';
import type { OpenVisit, Visit } from '../visit.ts';

/** GET /sign-in */
export async function signInPage(visit: OpenVisit): Promise<Answer> {
  const back = localPath(visit.query.get('back'));
  return visit.person === null ? signInForm(visit, back) : go(back);
}

async function signInForm(visit: OpenVisit, back: string, name = '', fault: string | null = null, status = 200): Promise<Answer> {
  const { say, csrf, ports } = visit;
  const open = await hasAdmin(ports.context.store.db);
  return aloneOn(visit, say('signIn.title'), html`
<form method="post" action="/sign-in" class="stack tight">${csrf}${hidden('back', back)}
${fault === null ? none : html`<p class="note warn" role="alert">${fault}</p>`}
${open ? none : html`<p class="note">${say('signIn.firstStart')}</p>`}
${field('name', say('signIn.name'), { value: name, required: true, autocomplete: 'username', longest: 80, autofocus: name === '' })}
${field('password', say('signIn.password'), { type: 'password', required: true, autocomplete: 'current-password', longest: 128, autofocus: name !== '' })}
<p class="keys">${key(say('signIn.enter'), { main: true })}</p></form>
<p class="small quiet">${say('signIn.noAccount')}</p>`, status);
}

/** POST /sign-in */
export async function enter(visit: OpenVisit): Promise<Answer> {
  const { form, signIn, say, cookies } = visit;
  const name = form.text('name');
  const back = localPath(form.text('back'));
  const wait = visit.tries.begin(visit.address, signInKey(name), visit.ports.clock.monotonic());
  if (wait > 0) return signInForm(visit, back, name, say('signIn.tooMany', { minutes: Math.ceil(wait / minute) }), 429);
  const { outcome, cookies: given } = await signIn.byPassword(name, form.exact('password'), cookies);
  switch (outcome) {
    case 'refused':
      return wrong(visit, () => signInForm(visit, back, name, say('signIn.refused'), 403));
    case 'busy':
      visit.tries.half(visit.address, signInKey(name));
      return signInForm(visit, back, name, say('signIn.tooMany', { minutes: 1 }), 429);
    case 'code':
      visit.tries.half(visit.address, signInKey(name));
      return go(`/sign-in/code?back=${encodeURIComponent(back)}`, null, given);
    case 'in':
      visit.tries.right(visit.address, signInKey(name));
      return go(back, null, given);
  }
}

/** GET /sign-in/code */
export function codePage(visit: OpenVisit): Answer {
  return codeForm(visit, localPath(visit.query.get('back')), null);
}

function codeForm(visit: OpenVisit, back: string, fault: string | null, status = 200): Answer {
  const { say, csrf } = visit;
  return aloneOn(visit, say('signIn.codeTitle'), html`<p>${say('signIn.codeLead')}</p>
<form method="post" action="/sign-in/code" class="stack tight">${csrf}${hidden('back', back)}
${field('code', say('signIn.code'), { required: true, autocomplete: 'one-time-code', longest: 20, fault, autofocus: true })}
<p class="keys">${key(say('signIn.confirm'), { main: true })}</p></form>`, status);
}

/** POST /sign-in/code */
export async function enterCode(visit: OpenVisit): Promise<Answer> {
  const { form, signIn, say, cookies } = visit;
  const back = localPath(form.text('back'));
  // Whose code it is stands in a sealed cookie: for one person better-auth itself counts the wrong ones.
  const wait = visit.tries.begin(visit.address, null, visit.ports.clock.monotonic());
  if (wait > 0) return codeForm(visit, back, say('signIn.tooMany', { minutes: Math.ceil(wait / minute) }), 429);
  const { outcome, cookies: given } = await signIn.byCode(form.text('code'), cookies);
  if (outcome !== 'in') return wrong(visit, () => codeForm(visit, back, say('signIn.codeRefused'), 403));
  visit.tries.right(visit.address, null);
  return go(back, null, given);
}

/** POST /sign-out */
export async function leave({ signIn, cookies }: Visit): Promise<Answer> {
  return go('/sign-in', { key: 'signIn.signedOut' }, await signIn.leave(cookies));
}

async function wrong(visit: OpenVisit, answer: () => Promise<Answer> | Answer): Promise<Answer> {
  visit.ports.log.warn('a sign-in was refused', { address: visit.address });
  return answer();
}

/** A page without a menu: one narrow sheet. */
export function aloneOn(visit: OpenVisit, title: string, body: Html, status = 200): Answer {
  return page(title, html`<div class="alone"><p class="brand"><svg class="icon" aria-hidden="true"><use href="#i-mark"/></svg>Suivi</p><div class="sheet"><h1>${title}</h1>${body}</div><div class="small">${otherLanguage(visit)}</div></div>`, { bare: true, status });
}
