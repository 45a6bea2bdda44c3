import { createToken, listTokens, revokeToken, scopes } from '../../store/tokens.ts';
import { go, missing, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html } from '../html.ts';
import { field } from '../parts/forms.ts';
import { head } from '../parts/head.ts';
import type { Visit } from '../visit.ts';
import { people } from './people.ts';

/** POST /people/tokens */
export async function makeToken(visit: Visit): Promise<Answer> {
  const { form, ports, person, now, say } = visit;
  const name = form.text('token');
  const scope = scopes.find((one) => one === form.text('scope'));
  if (scope === undefined || !/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name)) return people(visit, { token: 'people.tokenWrong' });
  const made = await createToken(ports.context, name, scope, person.name, now);
  if ('taken' in made) return people(visit, { token: 'people.tokenTaken' });
  const title = say('people.tokenTitle', { name });
  return page(title, html`${head(title, { above: { to: '/people', words: say('people.title') } })}<section class="sheet"><p>${say('people.tokenLead')}</p><p class="apart">${field('made', say('people.token'), { value: made.token, readonly: true })}</p>
<p class="keys apart"><button class="btn" type="button" data-copy="f-made" data-copied="${say('people.copied')}" hidden>${say('people.copy')}</button></p></section>`);
}

/** POST /people/tokens/:id/revoke */
export async function dropToken({ part, ports, person, now }: Visit): Promise<Answer> {
  const known = (await listTokens(ports.context.store.db)).find(({ id }) => String(id) === part('id'));
  if (known === undefined || !(await revokeToken(ports.context, known.name, person.name, now))) return missing;
  return go('/people', { key: 'people.saidToken', values: { name: known.name } });
}
