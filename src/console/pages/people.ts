import { invite, inviteAgain, listInvitations, withdrawInvitation } from '../../store/invitations.ts';
import type { Invitation } from '../../store/invitations.ts';
import { changeRole, dropSecondFactor, listPeople, revokePerson, roles } from '../../store/people.ts';
import type { PeopleFault, Person, Role } from '../../store/people.ts';
import { listTokens } from '../../store/tokens.ts';
import { go, missing, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { field, key, select } from '../parts/forms.ts';
import { head } from '../parts/head.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import type { Key } from '../words.ts';
import { journalSection } from './journal.ts';
import { tokensSection } from './tokens-section.ts';

/** What was wrong with a form of this page. */
interface Wrong {
  readonly invite?: Key;
  readonly token?: Key;
}

/** GET /people */
export function peoplePage(visit: Visit): Promise<Answer> {
  return people(visit, {});
}

export async function people(visit: Visit, wrong: Wrong): Promise<Answer> {
  const { say, ports, now } = visit;
  const { db } = ports.context.store;
  const [everybody, invitations] = [await listPeople(db), await listInvitations(db, now)];
  const body = html`${head(say('people.title'), { under: say('people.lead') })}
<div class="stack">
<section><h2>${say('people.peopleTitle')}</h2>
<table class="rows"><caption class="unseen">${say('people.peopleTitle')}</caption><thead><tr><th scope="col">${say('people.name')}</th><th scope="col">${say('people.role')}</th><th scope="col">${say('people.seen')}</th><th scope="col">${say('people.factor')}</th><th scope="col">${say('people.actions')}</th></tr></thead>
<tbody>${everybody.map((person) => personRow(visit, person))}</tbody></table></section>
<div class="halves">${inviteSheet(visit, wrong.invite)}${pendingSheet(visit, invitations)}</div>
${tokensSection(visit, await listTokens(db), wrong.token)}
${await journalSection(visit)}
</div>`;
  return page(say('people.title'), body, { status: wrong.invite === undefined && wrong.token === undefined ? 200 : 422 });
}

function personRow(visit: Visit, { id, name, role, seenAt, revokedAt, secondFactor }: Person): Html {
  const { say, csrf, person } = visit;
  const gone = revokedAt !== null;
  const self = id === person.id;
  return html`<tr><th scope="row" class="first">${name}${self ? html` <small>${say('people.yourself')}</small>` : none}</th>
<td class="wide">${gone ? say(`frame.${role}`) : html`<form method="post" action="/people/${id}/role" class="keys">${csrf}${select('role', say('people.roleOf', { name }), roleChoices(visit), role, { unseenLabel: true })}${key(say('people.changeRole'))}</form>`}</td>
<td>${gone ? say('people.revokedAt', { at: at(visit, revokedAt, 'day') }) : seenAt === null ? say('people.never') : at(visit, seenAt)}</td>
<td>${say(secondFactor ? 'people.factorYes' : 'people.factorNo')}</td>
<td class="wide"><div class="keys">${gone ? none : html`<form method="post" action="/people/${id}/link">${csrf}${key(say('people.newLink'))}</form>${secondFactor && !self ? html`<form method="post" action="/people/${id}/factor">${csrf}${key(say('people.dropFactor'))}</form>` : none}${self ? none : html`<a class="btn" href="/people/${id}/revoke">${say('people.revoke')}</a>`}`}</div></td></tr>`;
}

function roleChoices({ say }: Visit): { readonly value: Role; readonly words: string }[] {
  return roles.map((value) => ({ value, words: say(`frame.${value}`) }));
}

function inviteSheet(visit: Visit, fault: Key | undefined): Html {
  const { say, csrf, form } = visit;
  return html`<section class="sheet"><h2>${say('people.inviteTitle')}</h2><p class="quiet small">${say('people.inviteLead')}</p>
<form method="post" action="/people/invite" class="stack tight apart">${csrf}
${field('name', say('people.inviteFor'), { value: form.text('name'), required: true, longest: 40, hint: say('signIn.nameHint'), fault: fault === undefined ? null : say(fault), autocomplete: 'off' })}
${select('role', say('people.role'), roleChoices(visit), form.text('role') === '' ? 'packer' : form.text('role'))}
<p class="keys">${key(say('people.invite'), { main: true })}</p></form></section>`;
}

function pendingSheet(visit: Visit, invitations: readonly Invitation[]): Html {
  const { say, csrf } = visit;
  if (invitations.length === 0) return none;
  return html`<section class="sheet"><h2>${say('people.pendingTitle')}</h2><ul class="stack tight">${invitations.map(({ id, name, role, again, createdBy, expiresAt }) => html`<li class="title"><div><b>${name ?? say('people.pendingFirst')}</b> ${say(again ? 'people.pendingAgain' : 'people.pendingNew')}, ${say(`frame.${role}`)}<br><span class="small quiet">${say('people.pendingBy', { by: createdBy, until: at(visit, expiresAt) })}</span></div><form method="post" action="/people/links/${id}/withdraw">${csrf}${key(say('people.withdraw'))}</form></li>`)}</ul></section>`;
}

/** POST /people/invite */
export async function inviteSomebody(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const name = form.text('name');
  const role = roles.find((one) => one === form.text('role'));
  if (role === undefined) return people(visit, {});
  const made = await invite(ports.context, name, role, person.name, now);
  if ('fault' in made) return people(visit, { invite: faults[made.fault] });
  return linkPage(visit, name, made.secret, made.expiresAt);
}

/** POST /people/:id/link */
export async function newLink(visit: Visit): Promise<Answer> {
  const { part, ports, person, now } = visit;
  const known = (await listPeople(ports.context.store.db)).find(({ id }) => id === part('id'));
  if (known === undefined) return missing;
  const made = await inviteAgain(ports.context, known.id, person.name, now);
  return 'fault' in made ? refused(made.fault) : linkPage(visit, known.name, made.secret, made.expiresAt);
}

/** The one time that a link is shown. */
function linkPage(visit: Visit, name: string, secret: string, expiresAt: number): Answer {
  const { say, ports } = visit;
  const title = say('people.linkTitle', { name });
  return page(title, html`${head(title, { above: { to: '/people', words: say('people.title') } })}<section class="sheet"><p>${say('people.linkLead', { until: at(visit, expiresAt, 'moment') })}</p>
<p class="apart">${field('link', say('people.link'), { value: `${ports.publicUrl}/join/${secret}`, readonly: true })}</p><p class="keys apart"><button class="btn" type="button" data-copy="f-link" data-copied="${say('people.copied')}" hidden>${say('people.copy')}</button></p></section>`);
}

/** POST /people/:id/role */
export async function giveRole({ form, part, ports, person, now, say }: Visit): Promise<Answer> {
  const known = (await listPeople(ports.context.store.db)).find(({ id }) => id === part('id'));
  const role = roles.find((one) => one === form.text('role'));
  if (known === undefined || role === undefined) return missing;
  const fault = await changeRole(ports.context, known.id, role, person.name, now);
  return fault === null ? go('/people', { key: 'people.saidRole', values: { name: known.name, role: say(`frame.${role}`) } }) : refused(fault);
}

/** POST /people/:id/factor */
export async function dropFactor({ part, ports, person, now }: Visit): Promise<Answer> {
  const known = (await listPeople(ports.context.store.db)).find(({ id }) => id === part('id'));
  if (known === undefined) return missing;
  const fault = await dropSecondFactor(ports.context, known.id, person.name, now);
  return fault === null ? go('/people', { key: 'people.saidFactor', values: { name: known.name } }) : refused(fault);
}

/** GET /people/:id/revoke: names what will be lost before it is. */
export async function revokePage(visit: Visit): Promise<Answer> {
  const { say, csrf, part, ports } = visit;
  const { db } = ports.context.store;
  const known = (await listPeople(db)).find(({ id, revokedAt }) => id === part('id') && revokedAt === null);
  if (known === undefined) return missing;
  const tokens = (await listTokens(db)).filter(({ created_by, revoked_at }) => created_by === known.name && revoked_at === null);
  const title = say('people.revokeTitle', { name: known.name });
  return page(title, html`${head(title, { above: { to: '/people', words: say('people.title') } })}<section class="sheet"><p>${say('people.revokeLead')}</p><p>${say('people.revokeTokens', { n: tokens.length })}</p>
${tokens.length === 0 ? none : html`<ul class="small">${tokens.map(({ name }) => html`<li class="id">${name}</li>`)}</ul>`}
<form method="post" action="/people/${known.id}/revoke" class="keys apart">${csrf}${key(say('people.revoke'), { main: true })}<a class="btn" href="/people">${say('frame.back')}</a></form></section>`);
}

/** POST /people/:id/revoke */
export async function revoke({ part, ports, person, now }: Visit): Promise<Answer> {
  const known = (await listPeople(ports.context.store.db)).find(({ id }) => id === part('id'));
  if (known === undefined) return missing;
  const fault = known.id === person.id ? 'yourself' : await revokePerson(ports.context, known.id, person.name, now);
  return fault === null ? go('/people', { key: 'people.saidRevoked', values: { name: known.name } }) : refused(fault);
}

/** POST /people/links/:id/withdraw */
export async function withdraw({ part, ports, person, now }: Visit): Promise<Answer> {
  const id = Number(part('id'));
  if (!Number.isSafeInteger(id) || !(await withdrawInvitation(ports.context, id, person.name, now))) return missing;
  return go('/people', { key: 'people.saidWithdrawn' });
}

const faults: Readonly<Record<PeopleFault, Key>> = { 'unknown': 'people.faultUnknown', 'last-admin': 'people.faultLastAdmin', 'yourself': 'people.faultYourself', 'taken': 'signIn.nameTaken', 'name': 'signIn.nameWrong' };

function refused(fault: PeopleFault): Answer {
  return go('/people', { key: faults[fault], tone: 'warn' });
}
