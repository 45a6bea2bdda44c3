import { hash } from 'node:crypto';
import { capital } from '../../../language/speak.ts';
import { accountsOf } from '../../../store/names.ts';
import { perform, rehearse } from '../../../store/verbs.ts';
import type { Asked, Done } from '../../../store/verbs.ts';
import { isUnscoped, verbs } from '../../../syncing/rerun.ts';
import type { SyncFilter, Verb } from '../../../syncing/rerun.ts';
import { go, missing, page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { field, hidden, key } from '../../parts/forms.ts';
import { empty, head } from '../../parts/head.ts';
import { localPath } from '../../security.ts';
import type { Visit } from '../../visit.ts';
import type { Key } from '../../words.ts';
import { readQuery, verbFilter } from './filter.ts';
import { syncTable } from './table.ts';

/** What is asked, as a form carries it from the list over the preview to the deed. */
interface Wanted {
  readonly verb: Verb;
  readonly filter: SyncFilter;
  readonly back: string;
  /** The same as hidden fields. */
  readonly fields: Html;
}

const warnings: Readonly<Record<Verb, Key>> = { rerun: 'syncs.previewRerun', resend: 'syncs.previewResend', resolve: 'syncs.previewResolve', cancel: 'syncs.previewCancel' };
/** As many are shown by name before it is done. */
const shownFirst = 10;
/** Up to this many are done while the reader waits; more go on without them. */
const whileYouWait = 100;

/** POST /syncs/preview: names what would be done, and what not, before anything is. */
export function previewVerb(visit: Visit): Promise<Answer> {
  return preview(visit, {});
}

/** @param fault what is wrong with the reason @param isChanged what was asked for is no longer what was shown */
async function preview(visit: Visit, { fault = null, isChanged = false }: { readonly fault?: Key | null; readonly isChanged?: boolean }): Promise<Answer> {
  const { say, speech, csrf, ports, form, person } = visit;
  const wanted = wantedOf(visit);
  if (wanted === 'nothing') return go(localPath(form.text('back')), { key: 'frame.nothingChosen', tone: 'warn' });
  if (wanted === null) return missing;
  const { verb, filter, back, fields } = wanted;
  const { done, leftOut } = await rehearse(ports.context, { verb, filter, author: person.name, reason: '' });
  const verbWords = capital(speech.verb(verb));
  const { rows } = await ports.reader.view('syncRows', { ids: done.slice(0, shownFirst) });
  const doIt = html`<form method="post" action="/syncs/verbs" class="stack tight">${csrf}${fields}${hidden('seen', sealOf(done))}
${field('reason', say('frame.reason'), { required: true, longest: 500, value: form.text('reason'), fault: fault === null ? null : say(fault), autofocus: true })}
<p class="keys">${key(done.length === 1 ? say('syncs.confirmOne', { verb: verbWords }) : say('syncs.confirmMany', { verb: verbWords, n: done.length }), { main: true })}<a class="btn" href="${back}">${say('syncs.notNow')}</a></p></form>`;
  return page(say('syncs.previewTitle'), html`${head(say('syncs.preview', { verb: verbWords, n: done.length }), { above: { to: back, words: say('syncs.title') } })}
<div class="stack"><section class="sheet stack tight">${isChanged ? html`<p class="note warn" role="alert">${say('syncs.changedSince')}</p>` : none}${done.length === 0 ? none : html`<p class="note${verb === 'resend' ? ' warn' : ''}">${say(warnings[verb])}</p>`}${leftOutList(visit, leftOut)}
${done.length === 0 ? html`${empty(say('syncs.nothingToDo'))}<p class="keys"><a class="btn" href="${back}">${say('frame.back')}</a></p>` : doIt}</section>
${rows.length === 0 ? none : html`<section><h2>${say('syncs.first')}</h2>${syncTable(visit, rows, false)}</section>`}</div>`, { status: fault === null && !isChanged ? 200 : 422 });
}

function leftOutList({ say, speech }: Visit, leftOut: Done['leftOut']): Html {
  if (leftOut.length === 0) return none;
  return html`<ul class="small">${[...Map.groupBy(leftOut, ({ why }) => why)].map(([why, all]) => html`<li>${say('syncs.leftOut', { n: all.length, why: speech.leftOut(why) })}</li>`)}</ul>`;
}

/** POST /syncs/verbs */
export async function doVerb(visit: Visit): Promise<Answer> {
  const { form, ports, person, now, speech } = visit;
  const wanted = wantedOf(visit);
  if (wanted === 'nothing' || wanted === null) return missing;
  const reason = form.text('reason');
  if (reason === '') return preview(visit, { fault: 'frame.reasonMissing' });
  if (reason.length > 500) return preview(visit, { fault: 'frame.reasonTooLong' });
  const { verb, filter, back } = wanted;
  const asked: Asked = { verb, filter, author: person.name, reason };
  const foreseen = (await rehearse(ports.context, asked)).done;
  // Meanwhile more may have failed, or somebody else may have put some right: what is confirmed is what was read.
  if (form.text('seen') !== sealOf(foreseen)) return preview(visit, { isChanged: true });
  const { promise: begun, resolve: begin } = Promise.withResolvers<number>();
  const many = foreseen.length > whileYouWait;
  const whole = visit.background('a verb asked of syncs', async (stop) => {
    const result = await perform(ports.context, asked, now, () => undefined, stop, begin);
    ports.notify(await accountsOf(ports.context.store.db, result.done));
    return result;
  });
  if (many) return go(`/syncs/records/${await Promise.race([begun, whole.then(({ id }) => id ?? 0)])}`);
  const { done, leftOut } = await whole;
  return go(back, { key: 'syncs.done', values: { verb: capital(speech.verb(verb)), done: done.length, left: leftOut.length }, tone: done.length === 0 ? 'warn' : 'done' });
}

/** Stands for the syncs that were shown. */
function sealOf(syncs: readonly number[]): string {
  return hash('sha256', syncs.toSorted((a, b) => a - b).join(), 'base64url');
}

/** `nothing`: no sync was chosen. Null: what was sent makes no sense. */
function wantedOf(visit: Visit): Wanted | 'nothing' | null {
  const { form } = visit;
  const verb = verbs.find((one) => one === form.text('verb'));
  if (verb === undefined) return null;
  const back = localPath(form.text('back') === '' ? '/syncs' : form.text('back'));
  const given = { get: (name: string) => form.text(name) };
  const query = readQuery(given);
  const ids = form.all('sync').filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number).slice(0, 1_000);
  const filter = ids.length > 0 ? { ids } : verbFilter(visit, query);
  if (filter === null || isUnscoped(filter)) return 'nothing';
  const same = ids.length > 0 ? ids.map((id) => hidden('sync', id)) : Object.entries(query).map(([name, value]) => (value === '' ? none : hidden(name, value)));
  return { verb, filter, back, fields: html`${hidden('verb', verb)}${hidden('back', back)}${same}` };
}
