import { observeAccount, pauseAccount, resumeAccount } from '../../../store/accounts.ts';
import type { AccountView } from '../../../store/account-views.ts';
import { keepCheck } from '../../../store/account-checks.ts';
import { go, missing, page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import { field, hidden, key } from '../../parts/forms.ts';
import { head } from '../../parts/head.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import type { Key } from '../../words.ts';
import { turns } from './turns.ts';
import type { Turn } from './turns.ts';

const doors = { pause: pauseAccount, observe: observeAccount, resume: resumeAccount } as const;

/** GET /accounts/:id/turn: what it would change, in numbers, before it does. */
export async function turnPage(visit: Visit): Promise<Answer> {
  const found = await wantedOf(visit, visit.query.get('to') ?? '');
  return found === null ? missing : shown(visit, found, null);
}

/** POST /accounts/:id/turn */
export async function turnAccount(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const found = await wantedOf(visit, form.text('to'));
  if (found === null) return missing;
  const reason = form.text('reason');
  if (reason === '') return shown(visit, found, 'frame.reasonMissing');
  if (reason.length > 500) return shown(visit, found, 'frame.reasonTooLong');
  const { account, turn } = found;
  await doors[turn](ports.context, account.id, person.name, reason, now);
  ports.notify([account.id]);
  return go('/accounts', { key: `accounts.${turn}Done`, values: { account: account.id } });
}

/** POST /accounts/:id/check */
export async function checkNow(visit: Visit): Promise<Answer> {
  const { ports, part, person, now } = visit;
  const id = part('id');
  if (!ports.context.profiles.has(id)) return missing;
  const findings = await ports.checkAccount(id);
  await keepCheck(ports.context.store.db, id, { at: now, by: person.name, findings });
  const wrong = findings.filter(({ ok }) => !ok).length;
  return go(`/accounts#${id}`, { key: 'accounts.checked', values: { account: id, n: wrong }, tone: wrong === 0 ? 'done' : 'warn' });
}

interface Wanted {
  readonly account: AccountView;
  readonly turn: Turn;
}

async function wantedOf({ ports, part, now }: Visit, to: string): Promise<Wanted | null> {
  const account = (await ports.reader.view('accountPages', { now })).find(({ id }) => id === part('id'));
  const turn = account === undefined ? undefined : turns(account).find((one) => one === to);
  return account === undefined || turn === undefined ? null : { account, turn };
}

async function shown(visit: Visit, { account, turn }: Wanted, fault: Key | null): Promise<Answer> {
  const { say, csrf, ports, now, form } = visit;
  const { waiting, overdue, soon, earliest } = await ports.reader.view('laneAhead', { account: account.id, now });
  const title = say(`accounts.${turn}Title`, { account: account.id });
  const rows = [['accounts.aheadWaiting', waiting], ['accounts.aheadSoon', soon], ['accounts.aheadOverdue', overdue]] as const;
  const body = html`${head(title, { above: { to: '/accounts', words: say('accounts.title') }, under: say(`accounts.${turn}Lead`) })}
<div class="split"><form method="post" action="/accounts/${account.id}/turn" class="sheet stack tight">${csrf}${hidden('to', turn)}
${field('reason', say('frame.reason'), { required: true, longest: 500, value: form.text('reason'), fault: fault === null ? null : say(fault), autofocus: true })}
<p class="keys">${key(say(`accounts.${turn}Do`, { n: waiting }), { main: true })}<a class="btn" href="/accounts">${say('accounts.notNow')}</a></p></form>
<aside><section><h2>${say('accounts.ahead')}</h2><table class="sum"><caption class="unseen">${say('accounts.ahead')}</caption><tbody>${rows.map(([word, n]) => html`<tr><th scope="row">${say(word)}</th><td class="num">${n}</td></tr>`)}</tbody></table>
${earliest === null ? none : html`<p class="small quiet apart">${say('accounts.aheadFirst', { at: at(visit, earliest) })}</p>`}</section></aside></div>`;
  return page(title, body, { status: fault === null ? 200 : 422 });
}
