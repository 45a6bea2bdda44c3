import { capital } from '../../../language/speak.ts';
import type { Operation } from '../../../planning/operation.ts';
import type { SyncStory } from '../../../store/views/sync-story.ts';
import { mayDo, verbs } from '../../../syncing/rerun.ts';
import { hasEnded } from '../../../syncing/status.ts';
import { missing, page, part } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { nearness } from '../../parts/due.ts';
import { hidden, key } from '../../parts/forms.ts';
import { head } from '../../parts/head.ts';
import { address, link } from '../../parts/link.ts';
import { markOf } from '../../parts/sync.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { placeOf } from '../syncs/causes.ts';
import { facts } from './facts.ts';
import { rawExchange } from './raw.ts';
import { timeLine } from './story.ts';

/** GET /syncs/:id */
export async function syncPage(visit: Visit): Promise<Answer> {
  const seen = await storyFor(visit);
  return seen === null ? missing : page(titleOf(seen), body(visit, seen));
}

/** GET /syncs/:id/now: the same, for a page that is open. */
export async function syncNow(visit: Visit): Promise<Answer> {
  const seen = await storyFor(visit);
  return seen === null ? missing : part(body(visit, seen));
}

async function storyFor({ part: given, ports }: Visit): Promise<SyncStory | null> {
  return /^[1-9]\d{0,14}$/.test(given('id')) ? ports.reader.view('syncStory', { id: Number(given('id')) }) : null;
}

function titleOf({ row }: SyncStory): string {
  return `S-${row.id} · ${row.order}`;
}

function body(visit: Visit, seen: SyncStory): Html {
  const { row } = seen;
  const { say, speech } = visit;
  const heading = html`${capital(speech.operation(row.operation as Operation | 'nothing'))}, <span class="sync ${markOf(row.status)}">${speech.status(row.status, row.cause)}</span>`;
  const order = visit.may('get /orders/:id') ? link(`/orders/${row.order_id}`, row.order) : html`<b class="nb">${row.order}</b>`;
  const under = html`S-${row.id} · ${order} · ${say('syncs.towards', { account: row.account === 'shop' ? say('frame.shop') : row.account })}`;
  return html`<div data-live hx-get="/syncs/${row.id}/now" hx-trigger="suivi-changed from:body" hx-swap="outerHTML">${head(heading, { above: { to: '/syncs', words: say('syncs.title') }, under, right: dueOf(visit, seen) })}
<div class="stack">${diagnosis(visit, seen)}
<div class="split"><div class="stack"><section><h2>${say('syncs.story')}</h2>${timeLine(visit, seen)}</section>${rawExchange(visit, seen)}</div>
<div class="stack">${facts(visit, seen)}${proofSheet(visit, seen)}${verbsOf(visit, seen)}</div></div></div></div>`;
}

/** Nothing is due any more of what is done, or needs no telling. */
function dueOf(visit: Visit, { row }: SyncStory): Html {
  if (row.operation === 'nothing' || (hasEnded(row.status) && row.status !== 'rejected' && row.status !== 'exhausted')) return none;
  return html`<div class="due ${nearness(visit, { kind: 'open', at: row.ship_by })}"><span class="quiet small">${visit.say('syncs.dueBefore', { at: at(visit, row.ship_by) })}</span> <b>${visit.speech.deadline(row.ship_by, visit.now)}</b></div>`;
}

function diagnosis(visit: Visit, { row, sameCause }: SyncStory): Html {
  if (row.cause === null) return none;
  const { say, speech } = visit;
  const { title, what, remedy, button } = sayCause(visit, row.cause);
  const put = button === null ? null : placeOf(visit, button, row);
  const others = sameCause - 1;
  const pressed = put === null || button === null ? none : html`<a class="btn main" href="${put}">${capital(speech.button(button))}</a>`;
  const together = others > 0 ? html`<a class="btn" href="${address('/syncs', { status: 'attention', cause: row.cause, account: row.account })}">${say('syncs.seeSame')}</a>` : none;
  return html`<section class="sheet diagnosis" aria-labelledby="dg"><div><h2 class="unseen" id="dg">${say('syncs.diagnosis')}</h2><h3>${say('syncs.what')}</h3><p>${title}. ${what}</p></div>
<div><h3>${say('syncs.remedy')}</h3><p>${remedy}${others > 0 ? ` ${say('syncs.sameCause', { n: others })}` : ''}</p></div><div class="keys">${pressed}${together}</div></section>`;
}

function proofSheet({ say }: Visit, { row }: SyncStory): Html {
  return html`<section class="sheet no-print"><h2>${say('syncs.proof')}</h2><p class="small quiet">${say('syncs.proofLead')}</p><p class="keys apart"><a class="btn" href="/syncs/${row.id}/proof.json" download><svg class="icon" aria-hidden="true"><use href="#i-down"/></svg>${say('syncs.proofJson')}</a><a class="btn" href="/syncs/${row.id}/proof">${say('syncs.proofPage')}</a></p></section>`;
}

/** The verbs that this sync lends itself to; the reason is asked for before it is done. */
function verbsOf(visit: Visit, { row }: SyncStory): Html {
  if (!visit.may('post /syncs/preview')) return none;
  const { say, speech, csrf, ports } = visit;
  const offer = ports.context.profiles.get(row.account)?.offers[row.operation as Operation];
  const candidate = { status: row.status, cause: row.cause, unsettled: row.unsettled === 1, offered: offer !== undefined && offer !== 'not-offered' };
  const possible = verbs.filter((verb) => mayDo(verb, candidate) === null);
  const why = mayDo('rerun', candidate);
  if (possible.length === 0) return html`<p class="small quiet no-print">${say('syncs.noVerbs', { why: why === null ? '' : speech.leftOut(why) })}</p>`;
  return html`<section class="no-print"><h2 class="unseen">${say('syncs.verbs')}</h2><form method="post" action="/syncs/preview" class="keys">${csrf}${hidden('sync', row.id)}${hidden('back', `/syncs/${row.id}`)}${possible.map((verb) => key(capital(speech.verb(verb)), { name: 'verb', value: verb }))}</form></section>`;
}
