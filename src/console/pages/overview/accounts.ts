import { hour } from '../../../runtime/clock.ts';
import type { AccountView } from '../../../store/account-views.ts';
import type { Overview } from '../../../store/views/overview.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { empty } from '../../parts/head.ts';
import { link } from '../../parts/link.ts';
import { mark } from '../../parts/sync.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

/** How each account is, in a word and a line; then when a state was last heard of. */
export function accounts(visit: Visit, { accounts: all, lastApplied }: Overview): Html {
  const { say, speech, now } = visit;
  if (all.length === 0) return html`<section><h2>${say('overview.accounts')}</h2>${empty(say('overview.noAccounts'), visit.may('get /accounts/connect') ? html`<a class="btn" href="/accounts/connect">${say('accounts.connect')}</a>` : none)}</section>`;
  const source = lastApplied === null ? mark('wait', say('overview.sourceNever')) : html`${mark('accepted', say('overview.source'))}<p>${say('overview.sourceLast', { duration: speech.formatDuration(now - lastApplied) })}</p>`;
  return html`<section><h2>${say('overview.accounts')}</h2><ol class="line tight named">${all.map((account) => one(visit, account))}<li><span class="at">${say('frame.shop')}</span><div>${source}</div></li></ol></section>`;
}

function one(visit: Visit, account: AccountView): Html {
  const { id, laneLength, sweptUntil } = account;
  const { say, speech, now } = visit;
  const read = sweptUntil === null ? say('overview.notRead') : say('overview.read', { duration: speech.formatDuration(Math.max(0, now - sweptUntil)) });
  const { word, more } = stateOf(visit, account);
  return html`<li><span class="at">${visit.may('get /accounts') ? link('/accounts', id) : id}</span><div>${word}${more === '' ? none : html`<p>${more}</p>`}<p>${say('overview.lane', { n: laneLength })}, ${read}</p></div></li>`;
}

/** The worst that is the matter with an account. */
export function stateOf(visit: Visit, { pausedAt, pausedBy, refusals, quotas, mode, observeSince, sweptUntil }: AccountView): { readonly word: Html; readonly more: string } {
  const { say, now } = visit;
  const refused = refusals.find(({ call }) => call === '*');
  if (refused !== undefined) return { word: mark('failed', say('overview.refused')), more: sayCause(visit, refused.cause).title };
  if (pausedAt !== null) return { word: mark('held', say('overview.paused')), more: say('overview.pausedBy', { by: pausedBy ?? '', at: at(visit, pausedAt) }) };
  if (mode === 'observe' || observeSince !== null) return { word: mark('held', say('overview.observing')), more: say('overview.observingLead') };
  const until = Math.max(0, ...quotas.map(({ closedUntil }) => closedUntil ?? 0));
  if (until > now) return { word: mark('sending', say('overview.slowed')), more: say('overview.slowedUntil', { at: at(visit, until, 'time') }) };
  if (sweptUntil !== null && now - sweptUntil > hour) return { word: mark('doubt', say('overview.stale')), more: say('overview.staleLead') };
  return { word: mark('accepted', say('overview.atWork')), more: '' };
}
