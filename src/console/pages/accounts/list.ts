import type { AccountPage } from '../../../store/views/accounts.ts';
import { page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { key } from '../../parts/forms.ts';
import { empty, head } from '../../parts/head.ts';
import { address, link } from '../../parts/link.ts';
import { mark } from '../../parts/sync.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { stateOf } from '../overview/accounts.ts';
import { trialHint } from './trial-hint.ts';
import { isAsleep, turns } from './turns.ts';

/** GET /accounts */
export async function accountsPage(visit: Visit): Promise<Answer> {
  const { say, ports, now } = visit;
  const all = await ports.reader.view('accountPages', { now });
  const connect = visit.may('get /accounts/connect') ? html`<a class="btn${all.length === 0 ? ' main' : ''}" href="/accounts/connect">${say('accounts.connect')}</a>` : none;
  return page(say('accounts.title'), html`${head(say('accounts.title'), { under: say('accounts.lead'), right: connect })}
<div class="stack">${all.length === 0 ? html`${empty(say('accounts.none'), connect)}${trialHint(visit)}` : all.map((one) => account(visit, one))}</div>`);
}

function account(visit: Visit, one: AccountPage): Html {
  const { say } = visit;
  const { word, more } = stateOf(visit, one);
  return html`<section class="sheet" id="${one.id}"><div class="title"><h2>${one.id} ${word}</h2><div class="keys">${keys(visit, one)}</div></div>${more === '' ? none : html`<p class="quiet">${more}</p>`}
${one.refusals.map(({ call, cause, probeAt }) => refusal(visit, call, cause, probeAt))}
<div class="halves"><div><h3>${say('accounts.facts')}</h3>${facts(visit, one)}</div><div><h3>${say('accounts.quotas')}</h3>${quotas(visit, one)}</div><div>${check(visit, one)}</div></div></section>`;
}

/** What can be done with it: to halt it, to let it go, to look at its parcels while it waits. */
function keys(visit: Visit, one: AccountPage): Html {
  const { say, csrf } = visit;
  const may = visit.may('get /accounts/:id/turn');
  return html`${may ? html`<form method="post" action="/accounts/${one.id}/check">${csrf}${key(say('accounts.check'))}</form>${turns(one).map((turn) => html`<a class="btn" href="${address(`/accounts/${one.id}/turn`, { to: turn })}">${say(`accounts.${turn}`)}</a>`)}` : none}`;
}

function refusal(visit: Visit, call: string, cause: string, probeAt: number): Html {
  const { say } = visit;
  const { title, what, remedy } = sayCause(visit, cause);
  return html`<div class="note warn"><b>${call === '*' ? title : `${call}. ${title}`}</b>${what === '' ? none : html` ${what}`}<br>${remedy}<br><span class="small">${say('accounts.probe', { at: at(visit, probeAt, 'time') })}</span></div>`;
}

function facts(visit: Visit, one: AccountPage): Html {
  const { say, speech, now } = visit;
  const lane = one.laneLength === 0 ? say('accounts.laneEmpty') : html`${link(address('/syncs', { status: 'waiting', account: one.id }), say('accounts.lane', { n: one.laneLength }))}${one.oldest === null ? none : html`<br><span class="small quiet">${say('accounts.oldest', { duration: speech.formatDuration(Math.max(0, now - one.oldest)) })}</span>`}`;
  const parcels = one.laneLength > 0 && (isAsleep(one) || one.refusals.length > 0) && visit.may('get /accounts/:id/parcels') ? html`<br>${link(`/accounts/${one.id}/parcels`, say('accounts.parcels'))}` : none;
  const mode = one.mode === 'observe' ? say('accounts.modeFile', { mode: speech.mode(one.mode) }) : one.observeSince !== null ? say(one.observeWhy === 'restored' ? 'accounts.observesRestored' : 'accounts.observes', { at: at(visit, one.observeSince) }) : speech.mode(one.mode);
  return html`<dl class="facts small"><dt>${say('accounts.marketplace')}</dt><dd>${speech.channel(one.marketplace)}</dd><dt>${say('accounts.mode')}</dt><dd>${mode}</dd><dt>${say('accounts.since')}</dt><dd>${one.liveFrom === 0 ? say('accounts.always') : at(visit, one.liveFrom, 'moment')}</dd><dt>${say('accounts.swept')}</dt><dd>${one.sweptUntil === null ? say('accounts.never') : at(visit, one.sweptUntil)}</dd><dt>${say('accounts.laneTitle')}</dt><dd>${lane}${parcels}</dd></dl>`;
}

function quotas(visit: Visit, one: AccountPage): Html {
  const { say, speech } = visit;
  if (one.quotas.length === 0) return html`<p class="quiet">${say('accounts.noQuotas')}</p>`;
  // Calls of one budget are one row: what is left is left for all of them together.
  const budgets = [...Map.groupBy(one.quotas, ({ budget, burst, rate }) => JSON.stringify([budget, burst, rate])).values()];
  return html`<table class="sum airy small"><caption class="unseen">${say('accounts.quotas')}</caption><thead><tr><th scope="col">${say('accounts.call')}</th><th scope="col" class="num">${say('accounts.left')}</th><th scope="col" class="num">${say('accounts.rate')}</th></tr></thead><tbody>${budgets.map((calls) => {
    const [first] = calls;
    if (first === undefined) return none;
    const { left, burst, rate, source, closedUntil } = first;
    const closed = closedUntil === null ? none : html`<br>${mark('sending', say('accounts.closed', { at: at(visit, closedUntil, 'time') }))}`;
    // Several names in one narrow column would be torn apart: they go above their figures.
    const above = calls.length === 1 ? none : html`<tr class="over"><td colspan="3">${calls.map(({ call }) => html`<span class="id nb">${call}</span> `)}</td></tr>`;
    return html`${above}<tr><th scope="row"${calls.length === 1 ? html` class="id"` : none}>${calls.length === 1 ? first.call : say('accounts.together')}</th><td class="num">${speech.formatNumber(Math.floor(left))} / ${speech.formatNumber(burst)}${closed}</td><td class="num">${rateWords(visit, rate)}<span class="quiet">${say(`accounts.rate_${source}`)}</span></td></tr>`;
  })}</tbody></table>${budgets.some((calls) => calls.length > 1) ? sharedWords(visit, one.marketplace) : none}`;
}

/** What a marketplace grants for calls that share a budget, and how it is spread: by marketplace, the text that says so. */
const granted: ReadonlyMap<string, string> = new Map([['ebay', 'ebay/limit']]);

function sharedWords(visit: Visit, marketplace: string): Html {
  const text = granted.get(marketplace);
  if (text === undefined) return none;
  const { title, what } = sayCause(visit, text);
  return html`<p class="small quiet">${title}. ${what}</p>`;
}

/** Calls as people count them: by the second, else by the minute, the hour or the day. */
function rateWords({ say, speech }: Visit, rate: number): string {
  const [unit, each] = ([['second', 1], ['minute', 60], ['hour', 3_600]] as const).find(([, seconds]) => rate * seconds >= 0.995) ?? (['day', 86_400] as const);
  return say(`accounts.per_${unit}`, { n: speech.formatNumber(Math.round(rate * each * 10) / 10) });
}

/** What the marketplace said of token, roles and clock when it was last asked. Limits that are as published stand beside it already. */
function check(visit: Visit, { check: last }: AccountPage): Html {
  const { say } = visit;
  if (last === null) return html`<h3>${say('accounts.checkTitle')}</h3><p class="quiet">${say('accounts.notChecked')}</p>`;
  const told = last.findings.filter(({ what, ok }) => what !== 'limit' || !ok);
  return html`<h3>${say('accounts.checkTitle')}</h3><p class="small quiet">${say('accounts.checkedBy', { at: at(visit, last.at), by: last.by })}</p><ul class="stack tight small">${told.map((finding) => {
    const { title, remedy } = sayCause(visit, finding.key);
    return html`<li>${mark(finding.ok ? 'accepted' : 'failed', title)}${detailsOf(visit, finding.details)}${finding.ok ? none : html`<p>${remedy}</p>`}</li>`;
  })}</ul>`;
}

function detailsOf(visit: Visit, details: Readonly<Record<string, string | number>>): Html {
  const { say } = visit;
  const until = details['until'];
  if (typeof until === 'string' && !Number.isNaN(Date.parse(until))) return html` <b>${say('accounts.until', { at: at(visit, Date.parse(until), 'day') })}</b>`;
  const words = Object.entries(details).map(([name, value]) => `${name} ${value}`).join(', ');
  return words === '' ? none : html` <span class="id quiet">${words}</span>`;
}
