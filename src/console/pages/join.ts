import { claimInvitation, findInvitation } from '../../store/invitations.ts';
import type { Invitation } from '../../store/invitations.ts';
import { hasAdmin, isName } from '../../store/people.ts';
import type { PeopleFault } from '../../store/people.ts';
import { go } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import { field, key } from '../parts/forms.ts';
import { passwordFault } from '../sign-in/passwords.ts';
import type { OpenVisit } from '../visit.ts';
import type { Key } from '../words.ts';
import { aloneOn } from './sign-in.ts';

/** GET /join/:secret: the other end of a one-time link. */
export async function joinPage(visit: OpenVisit): Promise<Answer> {
  const invitation = await invitationOf(visit);
  return invitation === null ? dead(visit) : joinForm(visit, invitation, {});
}

interface Wrong {
  readonly name?: Key;
  readonly password?: Key;
}

function joinForm(visit: OpenVisit, { name, role, again }: Invitation, wrong: Wrong): Answer {
  const { say, csrf, form } = visit;
  const said = (fault: Key | undefined): string | null => (fault === undefined ? null : say(fault));
  const lead = again ? say('signIn.joinAgain') : name === null ? say('signIn.joinFirst') : say('signIn.joinLead', { role: say(`frame.${role}`) });
  return aloneOn(visit, again ? say('signIn.newPassword') : say('signIn.joinTitle'), html`<p>${lead}</p>
<form method="post" action="${visit.path}" class="stack tight">${csrf}
${name === null ? field('name', say('signIn.yourName'), { value: form.text('name'), required: true, autocomplete: 'username', longest: 40, hint: say('signIn.nameHint'), fault: said(wrong.name), autofocus: true }) : field('name', say('signIn.name'), { value: name, autocomplete: 'username', readonly: true, fault: said(wrong.name) })}
${field('password', say('signIn.newPassword'), { type: 'password', required: true, autocomplete: 'new-password', longest: 128, hint: say('signIn.passwordHint'), fault: said(wrong.password) })}
<p class="keys">${key(say('signIn.join'), { main: true })}</p></form>`, wrong.name === undefined && wrong.password === undefined ? 200 : 422);
}

/** POST /join/:secret */
export async function join(visit: OpenVisit): Promise<Answer> {
  const { form, signIn, ports, cookies } = visit;
  const invitation = await invitationOf(visit);
  if (invitation === null) return dead(visit);
  const name = invitation.name ?? form.text('name');
  const password = form.exact('password');
  const fault = passwordFault(password, name);
  const wrong: Wrong = { ...(isName(name) ? {} : { name: 'signIn.nameWrong' }), ...(fault === null ? {} : { password: fault }) };
  if (wrong.name !== undefined || wrong.password !== undefined) return joinForm(visit, invitation, wrong);
  const id = Buffer.from(ports.context.audit.random.bytes(18)).toString('base64url');
  const claimed = await claimInvitation(ports.context, visit.part('secret'), { name, password: await signIn.hash(password), id }, visit.now);
  if ('fault' in claimed) return claimed.fault === 'unknown' ? dead(visit) : joinForm(visit, invitation, { name: nameFaults[claimed.fault] });
  const { cookies: given, outcome } = await signIn.byPassword(claimed.name, password, cookies);
  // Whoever has a second factor is asked for it here too.
  return outcome === 'code' ? go('/sign-in/code', null, given) : go('/', { key: 'signIn.joined' }, given);
}

const nameFaults: Readonly<Record<Exclude<PeopleFault, 'unknown'>, Key>> = { 'taken': 'signIn.nameTaken', 'name': 'signIn.nameWrong', 'last-admin': 'people.faultLastAdmin', 'yourself': 'people.faultYourself' };

function invitationOf({ ports, part, now }: OpenVisit): Promise<Invitation | null> {
  return findInvitation(ports.context.store.db, part('secret'), now);
}

async function dead(visit: OpenVisit): Promise<Answer> {
  const { say, ports } = visit;
  const first = !(await hasAdmin(ports.context.store.db));
  return aloneOn(visit, say('signIn.deadTitle'), html`<p>${say('signIn.dead')}</p>${first ? html`<p>${say('signIn.deadFirst')}</p>` : none}<p class="keys"><a class="btn" href="/sign-in">${say('signIn.title')}</a></p>`, 410);
}
