import { capital } from '../../language/speak.ts';
import type { AccountView } from '../../store/account-views.ts';
import type { CauseCount } from '../../store/log.ts';
import { page, part } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { sayCause } from '../parts/cause.ts';
import { empty, head } from '../parts/head.ts';
import { address } from '../parts/link.ts';
import { mark } from '../parts/sync.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';

/** GET / */
export async function overviewPage(visit: Visit): Promise<Answer> {
  const { say, now } = visit;
  const live = html`<span class="sync accepted" role="status" data-live-state data-on="${say('frame.live')}" data-off="${say('frame.notLive')}"></span>`;
  return page(say('overview.title'), html`${head(say('overview.title'), { under: capital(at(visit, now, 'moment')), right: live })}${await body(visit)}`);
}

/** GET /overview/now: the same without its head, for a page that is open. */
export async function overviewNow(visit: Visit): Promise<Answer> {
  return part(await body(visit));
}

async function body(visit: Visit): Promise<Html> {
  const { say, ports, now } = visit;
  const { accounts, causes } = await ports.reader.view('overview', { now });
  return html`<div class="split" data-live hx-get="/overview/now" hx-trigger="suivi-changed from:body" hx-swap="outerHTML">
<section><h2>${say('overview.todo')}</h2>${causes.length === 0 ? empty(say('overview.nothing')) : html`<ul class="ledger"><li class="part small">${say('overview.causes')}</li>${causes.map((cause) => causeLine(visit, cause))}</ul>`}</section>
<section><h2>${say('overview.accounts')}</h2>${accounts.length === 0 ? empty(say('overview.noAccounts')) : html`<ol class="line tight">${accounts.map((account) => accountLine(visit, account))}</ol>`}</section></div>`;
}

function causeLine(visit: Visit, { account, cause, n }: CauseCount): Html {
  const { title, remedy } = sayCause(visit, cause);
  return html`<li><span class="n">${n}</span><div class="what"><h3>${title}</h3><p>${account} · ${remedy}</p></div><a class="btn" href="${address('/syncs', { cause, account })}">${visit.say('overview.see', { n })}</a></li>`;
}

function accountLine({ say }: Visit, { id, pausedAt, refusals, mode, observeSince, laneLength }: AccountView): Html {
  const refused = refusals.some(({ call }) => call === '*');
  const state = pausedAt !== null ? mark('held', say('overview.paused')) : refused ? mark('failed', say('overview.refused')) : mode === 'observe' || observeSince !== null ? mark('wait', say('overview.observing')) : mark('accepted', say('overview.atWork'));
  return html`<li><span class="at">${id}</span><div>${state}<p>${say('overview.lane', { n: laneLength })}</p></div></li>`;
}
