import { hash } from 'node:crypto';
import type { Fault } from '../../../orders/fault.ts';
import { alike } from '../../../orders/order-state.ts';
import type { OrderState, StateDraft } from '../../../orders/order-state.ts';
import { addState, editState } from '../../../store/states.ts';
import { capital } from '../../../language/speak.ts';
import { go, missing, page, part } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { head } from '../../parts/head.ts';
import { stateChip } from '../../parts/state.ts';
import type { Visit } from '../../visit.ts';
import { blank, draftIn, languagesIn, languagesOf, ticks } from './draft.ts';
import { languageName, stateForm } from './form.ts';
import type { Filled } from './form.ts';
import { statePreview } from './preview.ts';

/** GET /states/new: from a model, or from a blank card. */
export async function newStatePage(visit: Visit): Promise<Answer> {
  const { ports, query } = visit;
  const wanted = query.get('model');
  const model = wanted === null ? blank : ports.models.find(({ mnemonic }) => mnemonic === wanted);
  if (model === undefined) return missing;
  return formPage(visit, { state: null, draft: model, languages: languagesOf(model), shown: visit.language, others: await ports.reader.view('states'), faults: [], seal: '' });
}

/** GET /states/:id: the form for those who may change it; for others what it is. */
export async function statePage(visit: Visit): Promise<Answer> {
  const { state, others } = await stateOf(visit);
  if (state === null) return missing;
  if (!visit.may('post /states/:id')) return readPage(visit, state, others);
  return formPage(visit, { state, draft: state, languages: languagesOf(state), shown: visit.language, others, faults: [], seal: sealOf(state) });
}

/** POST /states/new */
export async function addOne(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const filled = { state: null, ...sent(visit), others: await ports.reader.view('states'), seal: '' };
  if (form.text('do') !== 'save') return formPage(visit, filled);
  const saved = await addState(ports.context, filled.draft, person.name, now);
  if ('faults' in saved) return formPage(visit, { ...filled, faults: saved.faults });
  return done(saved.state, filled.others, 'added');
}

/** POST /states/:id */
export async function saveState(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const { state, others } = await stateOf(visit);
  if (state === null) return missing;
  const filled = { state, ...sent(visit), others, seal: form.text('seal') };
  if (form.text('do') !== 'save') return formPage(visit, filled);
  if (filled.seal !== sealOf(state)) return formPage(visit, { ...filled, seal: sealOf(state) }, 'changed');
  const saved = await editState(ports.context, state.mnemonic, filled.draft, person.name, now);
  if ('faults' in saved) return formPage(visit, { ...filled, faults: saved.faults });
  return done(saved.state, others, 'saved');
}

/** POST /states/preview: the piece beside the form, while it is filled in. */
export async function previewPart(visit: Visit): Promise<Answer> {
  const { form, ports } = visit;
  const { draft, shown } = sent(visit);
  const others = (await ports.reader.view('states')).filter(({ id }) => String(id) !== form.text('id'));
  return part(statePreview(visit, draft, shown, others));
}

function done(state: OrderState, others: readonly OrderState[], what: 'added' | 'saved'): Answer {
  const names = alike(state.mnemonic, others.filter(({ archivedAt }) => archivedAt === null));
  if (names.length > 0) return go('/states', { key: 'states.saidAlike', values: { state: state.mnemonic, names: names.join(', ') }, tone: 'warn' });
  return go('/states', { key: what === 'added' ? 'states.saidAdded' : 'states.saidSaved', values: { state: state.mnemonic } });
}

function sent({ form, language }: Visit): Pick<Filled, 'draft' | 'languages' | 'shown' | 'faults'> {
  const languages = languagesIn(form);
  const added = form.text('do') === 'language' ? form.text('newLanguage').toLowerCase() : '';
  return { draft: draftIn(form), languages, shown: languages.find((one) => one === added) ?? languages.find((one) => one === form.text('shown')) ?? language, faults: [] };
}

function formPage(visit: Visit, filled: Filled, note: 'changed' | null = null): Answer {
  const { say } = visit;
  const { state, faults, draft } = filled;
  const title = state === null ? say('states.newTitle') : say('states.editTitle', { state: state.mnemonic });
  const right = state === null ? none : archiveKey(visit, state);
  const wrong = faults.length > 0 || note !== null;
  const body = html`${head(title, { above: { to: state === null ? '/states/models' : '/states', words: say(state === null ? 'states.modelsTitle' : 'states.title') }, under: say('states.formLead'), right })}
${note === null ? none : html`<p class="note warn" role="alert">${say('states.changedMeanwhile')}</p>`}${faults.length === 0 ? none : html`<p class="note warn" role="alert">${say('states.notSaved', { n: faults.length })}</p>`}
${stateForm(visit, filled)}`;
  return page(draft.mnemonic === '' ? title : `${draft.mnemonic} · ${title}`, body, { status: wrong ? 422 : 200 });
}

function archiveKey({ say, csrf }: Visit, { id, archivedAt }: OrderState): Html {
  const back = archivedAt !== null;
  return html`<form method="post" action="/states/${id}/archive" class="keys">${csrf}<button class="btn" name="archived" value="${back ? 'no' : 'yes'}">${say(back ? 'states.restore' : 'states.archive')}</button></form>`;
}

function readPage(visit: Visit, state: OrderState, others: readonly OrderState[]): Answer {
  const { say, speech, language } = visit;
  const draft: StateDraft = state;
  const facts: readonly (readonly [string, string])[] = [
    [say('states.type'), speech.type(draft.type)],
    [say('states.indicator'), draft.indicator === null ? say('states.noIndicator') : capital(speech.indicator(draft.indicator))],
    [say('states.actions'), ticks.flatMap(([name, member]) => (draft.actions[member] ? [say(`states.do_${name}`)] : [])).join(', ') || say('states.noActions')],
    [say('states.grace'), draft.graceS === 0 ? say('states.noGrace') : speech.formatDuration(draft.graceS * 1_000)],
  ];
  const texts = Object.entries(draft.texts).map(([of, { name, comment, sms }]) => html`<section class="sheet"><h2>${say('states.textsIn', { language: languageName(visit, of) })}</h2><dl class="facts" lang="${of}"><dt>${say('states.name')}</dt><dd>${name}</dd><dt>${say('states.comment')}</dt><dd class="prose">${comment}</dd><dt>${say('states.smsText')}</dt><dd class="prose">${sms}</dd></dl></section>`);
  const shown = draft.texts[language] === undefined ? (Object.keys(draft.texts)[0] ?? language) : language;
  return page(state.mnemonic, html`${head(html`${say('states.one')} ${stateChip(state)}`, { above: { to: '/states', words: say('states.title') }, under: say('states.readOnly') })}
<div class="split even"><div class="stack"><section class="sheet"><h2>${say('states.identity')}</h2><dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>${texts}</div>
<div class="beside" role="region" aria-label="${say('states.preview')}" tabindex="0"><h2>${say('states.preview')}</h2><div class="stack tight apart">${statePreview(visit, draft, shown, others)}</div></div></div>`);
}

async function stateOf({ part: of, ports }: Visit): Promise<{ readonly state: OrderState | null; readonly others: readonly OrderState[] }> {
  const all = await ports.reader.view('states');
  const state = all.find(({ id }) => String(id) === of('id')) ?? null;
  return { state, others: all.filter((one) => one !== state) };
}

function sealOf({ mnemonic, type, texts, colour, indicator, actions, graceS }: OrderState): string {
  return hash('sha256', JSON.stringify({ mnemonic, type, texts, colour, indicator, actions, graceS }), 'base64url').slice(0, 22);
}

/** Faults of several definitions, each with its name. */
export function faultWords({ speech }: Visit, mnemonic: string, faults: readonly Fault[]): string {
  return `${mnemonic} · ${faults.map((fault) => speech.mend(fault)).join(' ')}`;
}
