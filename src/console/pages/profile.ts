import { noteOwn } from '../../store/people.ts';
import { go, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { field, hidden, key } from '../parts/forms.ts';
import { head } from '../parts/head.ts';
import { qrCode } from '../parts/qr.ts';
import { passwordFault } from '../sign-in/passwords.ts';
import type { Visit } from '../visit.ts';
import type { Key } from '../words.ts';

/** What was wrong, by form. */
interface Wrong {
  readonly start?: Key;
  readonly stop?: Key;
  readonly before?: Key;
  readonly after?: Key;
}

/** GET /profile */
export function profilePage(visit: Visit): Answer {
  return profile(visit, {});
}

function profile(visit: Visit, wrong: Wrong): Answer {
  const { say, person } = visit;
  const body = html`${head(say('signIn.profileTitle'), { under: say('signIn.profileLead', { name: person.name, role: say(`frame.${person.role}`) }) })}
<div class="halves">${passwordSheet(visit, wrong)}${factorSheet(visit, wrong)}${displaySheet(visit)}</div>`;
  return page(say('signIn.profileTitle'), body, { status: Object.keys(wrong).length === 0 ? 200 : 422 });
}

function passwordSheet({ say, csrf, person }: Visit, { before, after }: Wrong): Html {
  return html`<section class="sheet"><h2>${say('signIn.changeTitle')}</h2><form method="post" action="/profile/password" class="stack tight">${csrf}
<input type="text" name="name" value="${person.name}" autocomplete="username" hidden>
${field('before', say('signIn.passwordNow'), { type: 'password', autocomplete: 'current-password', required: true, longest: 128, fault: before === undefined ? null : say(before) })}
${field('after', say('signIn.newPassword'), { type: 'password', autocomplete: 'new-password', required: true, longest: 128, hint: say('signIn.passwordHint'), fault: after === undefined ? null : say(after) })}
<p class="keys">${key(say('signIn.change'))}</p></form></section>`;
}

function factorSheet({ say, csrf, person }: Visit, { start, stop }: Wrong): Html {
  const on = person.secondFactor;
  const fault = on ? stop : start;
  return html`<section class="sheet"><h2>${say('signIn.factorTitle')}</h2><p>${say(on ? 'signIn.factorOn' : 'signIn.factorOff')}</p>
<form method="post" action="/profile/factor/${on ? 'stop' : 'start'}" class="stack tight apart">${csrf}
${field('password', say('signIn.passwordNow'), { type: 'password', autocomplete: 'current-password', required: true, longest: 128, fault: fault === undefined ? null : say(fault) })}
<p class="keys">${key(say(on ? 'signIn.factorStop' : 'signIn.factorStart'))}</p></form></section>`;
}

function displaySheet({ say, csrf, language, theme, shortcuts }: Visit): Html {
  const choice = (name: string, value: string, words: string, chosen: boolean): Html => html`<button class="btn" name="${name}" value="${value}"${chosen ? html` aria-current="true"` : none}>${words}</button>`;
  return html`<section class="sheet"><h2>${say('signIn.displayTitle')}</h2><form method="post" action="/preferences" class="stack tight">${csrf}${hidden('back', '/profile')}
<fieldset><legend>${say('signIn.language')}</legend><div class="keys">${choice('language', 'fr', say('signIn.french'), language === 'fr')}${choice('language', 'en', say('signIn.english'), language === 'en')}</div></fieldset>
<fieldset><legend>${say('frame.theme')}</legend><div class="keys">${choice('theme', 'system', say('frame.themeSystem'), theme === null)}${choice('theme', 'light', say('frame.themeLight'), theme === 'light')}${choice('theme', 'dark', say('frame.themeDark'), theme === 'dark')}</div></fieldset>
<fieldset><legend>${say('help.keysTitle')}</legend><div class="keys">${choice('shortcuts', 'on', say('help.keysOn'), shortcuts)}${choice('shortcuts', 'off', say('help.keysOff'), !shortcuts)}</div></fieldset></form></section>`;
}

/** POST /profile/password */
export async function changePassword(visit: Visit): Promise<Answer> {
  const { form, signIn, person, cookies, ports, now } = visit;
  const fault = passwordFault(form.exact('after'), person.name);
  if (fault !== null) return profile(visit, { after: fault });
  const given = await guarded(visit, () => signIn.changePassword(form.exact('before'), form.exact('after'), cookies));
  if (given === null) return profile(visit, { before: 'signIn.passwordWrong' });
  await noteOwn(ports.context, 'person-password', person.name, now);
  return go('/profile', { key: 'signIn.changed' }, given);
}

/** POST /profile/factor/start: shows what the app is to be told; it counts once a code of it was confirmed. */
export async function startFactor(visit: Visit): Promise<Answer> {
  const { form, signIn, cookies } = visit;
  const started = await guarded(visit, () => signIn.startFactor(form.exact('password'), cookies));
  return started === null ? profile(visit, { start: 'signIn.passwordWrong' }) : factorPage(visit, started.secret, started.backupCodes, null);
}

function factorPage(visit: Visit, secret: string, backupCodes: readonly string[], fault: Key | null): Answer {
  const { say, csrf, person } = visit;
  const label = encodeURIComponent(`Suivi:${person.name}`);
  const uri = `otpauth://totp/${label}?secret=${encodeURIComponent(secret)}&issuer=Suivi`;
  return page(say('signIn.factorTitle'), html`${head(say('signIn.factorTitle'), { above: { to: '/profile', words: say('signIn.profileTitle') } })}
<div class="halves"><section class="sheet"><p>${say('signIn.factorScan')}</p>${qrCode(uri, say('signIn.factorPicture'))}<dl class="facts small"><dt>${say('signIn.factorKey')}</dt><dd class="id">${secret}</dd></dl>
<form method="post" action="/profile/factor/confirm" class="stack tight apart">${csrf}${hidden('secret', secret)}${backupCodes.map((code) => hidden('backup', code))}
${field('code', say('signIn.factorConfirm'), { required: true, autocomplete: 'one-time-code', inputmode: 'numeric', longest: 10, fault: fault === null ? null : say(fault) })}
<p class="keys">${key(say('signIn.confirm'), { main: true })}</p></form></section>
<section class="sheet"><h2>${say('signIn.factorBackup')}</h2><p>${say('signIn.factorBackupLead')}</p><ul class="codes id">${backupCodes.map((code) => html`<li>${code}</li>`)}</ul></section></div>`, { status: fault === null ? 200 : 422 });
}

/** POST /profile/factor/confirm */
export async function confirmFactor(visit: Visit): Promise<Answer> {
  const { form, signIn, person, cookies, ports, now } = visit;
  const given = await guarded(visit, () => signIn.confirmFactor(form.text('code'), cookies));
  if (given === null) return factorPage(visit, form.text('secret'), form.all('backup').slice(0, 20), 'signIn.codeRefused');
  await noteOwn(ports.context, 'second-factor-on', person.name, now);
  return go('/profile', { key: 'signIn.factorDone' }, given);
}

/** POST /profile/factor/stop */
export async function stopFactor(visit: Visit): Promise<Answer> {
  const { form, signIn, person, cookies, ports, now } = visit;
  const given = await guarded(visit, () => signIn.stopFactor(form.exact('password'), cookies));
  if (given === null) return profile(visit, { stop: 'signIn.passwordWrong' });
  await noteOwn(ports.context, 'second-factor-off', person.name, now);
  return go('/profile', { key: 'signIn.factorGone' }, given);
}

/** Who took over an open session may not guess the password there either. */
async function guarded<T>({ tries, address, person, ports: { clock } }: Visit, attempt: () => Promise<T | null>): Promise<T | null> {
  if (tries.begin(address, person.id, clock.monotonic()) > 0) return null;
  const result = await attempt();
  if (result !== null) tries.right(address, person.id);
  return result;
}
