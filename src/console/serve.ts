import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { pickLanguage } from '../language/pick-language.ts';
import { speak } from '../language/speak.ts';
import { mayAs } from '../store/people.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { go, missing } from './answer.ts';
import type { Answer } from './answer.ts';
import { readCookies } from './cookies.ts';
import { isFromHere } from './csrf.ts';
import { forbiddenPage, formFaultPage, stalePage } from './faults.ts';
import { noForm, readForm } from './form.ts';
import type { Form } from './form.ts';
import type { House } from './house.ts';
import { html } from './html.ts';
import { address } from './parts/link.ts';
import type { Route } from './route.ts';
import type { OpenVisit, Theme } from './visit.ts';
import { sayIn } from './words.ts';

/** Names of the cookies that the console itself writes. */
export const cookieNames = { browser: 'suivi_browser', said: 'suivi_said', language: 'suivi_language', theme: 'suivi_theme', shortcuts: 'suivi_keys' } as const;

/** How a request goes through a route: who asks is found out, let in by the table, and answered. This is the one place where roles are held. */
export async function answerTo(c: Context, route: Route, house: House): Promise<{ readonly visit: OpenVisit; readonly answer: Answer }> {
  const { visit: open, browser } = await visitOf(c, house);
  const visit = { ...open, route: route.path };
  const { person } = visit;
  if (route.least !== 'anybody' && person === null) return { visit, answer: toSignIn(visit, route) };
  if (route.least !== 'anybody' && person !== null && !mayAs(person.role, route.least)) return { visit, answer: forbiddenPage(visit, person.role, route.least) };
  const form = route.method === 'post' ? await formOf(c, visit, browser, house, route.least === 'anybody') : noForm;
  if ('kind' in form) return { visit, answer: form };
  const whole = { ...visit, form };
  if (route.least === 'anybody') return { visit: whole, answer: await route.handle(whole) };
  if (person === null) return { visit: whole, answer: missing };
  const act = async (): Promise<Answer> => route.handle({ ...whole, person });
  return { visit: whole, answer: route.method === 'post' ? await house.once.do(`${visit.path} ${form.digest}`, act) : await act() };
}

/** Who asks, in which language, with what in hand; and what the forms of their browser are sealed for. */
export async function visitOf(c: Context, { ports, signIn, tries, seal, live, browsers, least, background, startedAt }: House): Promise<{ readonly visit: OpenVisit; readonly browser: string }> {
  const url = new URL(c.req.url);
  const header = c.req.header('cookie') ?? '';
  const cookies = readCookies(header);
  const [mark, session] = await Promise.all([live.mark(), signIn.session(header)]);
  const language: Language = languageOf(cookies.get(cookieNames.language)) ?? pickLanguage(c.req.header('accept-language'));
  const browser = `${browsers.of(c)}.${session?.id ?? ''}`;
  const visit: OpenVisit = {
    ports,
    person: session?.person ?? null,
    language,
    theme: themeOf(cookies.get(cookieNames.theme)),
    shortcuts: cookies.get(cookieNames.shortcuts) !== 'off',
    route: '',
    say: sayIn(language),
    speech: speak(language),
    may(route) {
      const needed = least.get(route);
      return needed === 'anybody' || (needed !== undefined && session !== null && mayAs(session.person.role, needed));
    },
    now: ports.clock.now(),
    path: url.pathname,
    query: url.searchParams,
    part: (name) => c.req.param(name) ?? '',
    form: noForm,
    csrf: html`<input type="hidden" name="csrf" value="${seal.token(browser)}">`,
    forPart: c.req.header('hx-request') === 'true',
    address: addressOf(c),
    cookies: header,
    signIn,
    tries,
    live,
    mark,
    background,
    startedAt,
  };
  return { visit, browser };
}

export function languageOf(given: string | undefined): Language | null {
  return given === 'fr' || given === 'en' ? given : null;
}

export function themeOf(given: string | undefined): Theme | null {
  return given === 'light' || given === 'dark' ? given : null;
}

/** Reads what was sent, and makes sure that a page of ours sent it. */
async function formOf(c: Context, visit: OpenVisit, browser: string, { seal }: House, open: boolean): Promise<Form | Answer> {
  if (!isFromHere((name) => c.req.header(name))) return stalePage(visit);
  const form = await readForm(c.req.raw, open);
  if ('fault' in form) return formFaultPage(visit, form);
  return seal.fits(form.text('csrf'), browser) ? form : stalePage(visit);
}

/** A page comes back after sign-in; what was to be done is not done behind anybody's back. */
function toSignIn({ path, query }: OpenVisit, route: Route): Answer {
  const back = query.size === 0 ? path : `${path}?${query.toString()}`;
  return go(address('/sign-in', { back: route.kind === 'page' && back !== '/' ? back : null }));
}

/** The machine at the other end. Behind a proxy on this machine, the one that it speaks for. */
function addressOf(c: Context): string {
  const address = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? '';
  const local = /^(?:::ffff:)?127\.|^::1$/.test(address);
  const last = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return local && last !== undefined && last !== '' ? last.slice(0, 64) : address;
}
