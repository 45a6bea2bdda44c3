import type { Fault } from '../../../orders/fault.ts';
import { commonIndicators, longestGrace, stateTypes } from '../../../orders/order-state.ts';
import type { OrderState, StateDraft } from '../../../orders/order-state.ts';
import { longestText, variables } from '../../../orders/texts.ts';
import { capital } from '../../../language/speak.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { area, field, hidden, key, select, tick } from '../../parts/forms.ts';
import type { Visit } from '../../visit.ts';
import { ticks } from './draft.ts';
import type { parts } from './draft.ts';
import { statePreview } from './preview.ts';

/** What the form of a state stands with. */
export interface Filled {
  /** Null: a new one. */
  readonly state: OrderState | null;
  readonly draft: StateDraft;
  readonly languages: readonly string[];
  /** The language that the preview is in. */
  readonly shown: string;
  readonly others: readonly OrderState[];
  readonly faults: readonly Fault[];
  /** Stands for the definition that the form was made of: what somebody else changed meanwhile is not undone. */
  readonly seal: string;
}

/** The form of a state, with the preview beside it. It works without script: then the preview has a key. */
export function stateForm(visit: Visit, filled: Filled): Html {
  const { say, csrf } = visit;
  const { state, draft, languages, shown, others, faults, seal } = filled;
  const to = state === null ? '/states/new' : `/states/${state.id}`;
  return html`<form method="post" action="${to}" id="state-form" class="split even" novalidate>${csrf}<button class="unseen" name="do" value="save" tabindex="-1" aria-hidden="true"></button>${hidden('seal', seal)}${state === null ? none : hidden('id', state.id)}
<div class="stack">
${identity(visit, draft, others, faults)}
${languages.map((language) => ofLanguage(visit, draft, language, faults))}
<div class="line-up">${field('newLanguage', say('states.otherLanguage'), { hint: say('states.otherLanguageHint'), longest: 2, autocomplete: 'off' })}<div class="keys">${key(say('states.addLanguage'), { name: 'do', value: 'language' })}</div></div>
${actionsSheet(visit, draft, faults)}
<div class="bulk always"><p class="grow small quiet">${state === null ? none : say('states.keptAsApplied')}</p><div class="keys">${key(say('frame.save'), { main: true, name: 'do', value: 'save' })}<a class="btn" href="/states">${say('states.close')}</a></div></div>
</div>
<div class="beside" role="region" aria-label="${say('states.preview')}" tabindex="0"><div class="title"><h2>${say('states.preview')}</h2><noscript>${key(say('states.seePreview'), { name: 'do', value: 'preview' })}</noscript></div>
<fieldset><legend class="unseen">${say('states.previewLanguage')}</legend><div class="chips">${languages.map((language) => html`<label class="chip"><input type="radio" name="shown" value="${language}"${language === shown ? html` checked` : none}>${languageName(visit, language)}</label>`)}</div></fieldset>
<div class="stack tight apart" id="preview" hx-post="/states/preview" hx-trigger="input from:#state-form delay:250ms" hx-include="#state-form" hx-sync="this:replace" hx-swap="innerHTML">${statePreview(visit, draft, shown, others)}</div></div>
</form>`;
}

function identity(visit: Visit, draft: StateDraft, others: readonly OrderState[], faults: readonly Fault[]): Html {
  const { say, speech } = visit;
  const own = new Set(others.flatMap(({ indicator }) => indicator ?? []));
  const known = [...new Set([...commonIndicators, ...own, ...(draft.indicator === null ? [] : [draft.indicator])])].filter((one) => one.trim() !== '');
  return html`<section class="sheet stack tight"><h2>${say('states.identity')}</h2>
<div class="line-up top">${field('mnemonic', say('states.mnemonic'), { value: draft.mnemonic, required: true, hint: say('states.mnemonicHint'), fault: faultOf(visit, faults, 'mnemonic'), autocomplete: 'off' })}
${field('colour', say('states.colour'), { type: 'color', value: draft.colour, fault: faultOf(visit, faults, 'colour') })}</div>
${select('type', say('states.type'), stateTypes.map((value) => ({ value, words: speech.type(value) })), draft.type, { hint: say('states.typeHint') })}
<div class="line-up top">${select('indicator', say('states.indicator'), [{ value: '', words: say('states.noIndicator') }, ...known.map((value) => ({ value, words: capital(speech.indicator(value)) }))], draft.indicator ?? '', { hint: say('states.indicatorHint'), fault: faultOf(visit, faults, 'indicator') })}
${field('ownIndicator', say('states.ownIndicator'), { autocomplete: 'off' })}</div></section>`;
}

function ofLanguage(visit: Visit, { texts }: StateDraft, language: string, faults: readonly Fault[]): Html {
  const { say } = visit;
  const own = texts[language];
  // A definition without any language at all is told of where French is written.
  const fault = (part: (typeof parts)[number]): string | null => faultOf(visit, faults, `texts.${language}.${part}`, ...(part === 'name' ? [`texts.${language}`] : []));
  return html`<section class="sheet stack tight"><h2>${say('states.textsIn', { language: languageName(visit, language) })}</h2>${hidden('language', language)}
${field(`name-${language}`, say('states.name'), { value: own?.name ?? '', fault: fault('name'), longest: longestText.name, autocomplete: 'off', written: language })}
${area(`comment-${language}`, say('states.comment'), { value: own?.comment ?? '', fault: fault('comment'), written: language })}
${area(`sms-${language}`, say('states.smsText'), { value: own?.sms ?? '', fault: fault('sms'), written: language })}
<details class="small"><summary>${say('states.variables')}</summary><dl class="facts">${variables.map((name) => html`<dt class="id">{{${name}}}</dt><dd>${say(`states.variable_${name}`)}</dd>`)}</dl><p class="quiet">${say('states.variablesHint')}</p></details></section>`;
}

function actionsSheet(visit: Visit, { actions, graceS }: StateDraft, faults: readonly Fault[]): Html {
  const { say } = visit;
  return html`<section class="sheet stack tight"><h2>${say('states.actions')}</h2><fieldset><legend>${say('states.actionsHint')}</legend>${ticks.map(([name, member]) => tick(name, say(`states.do_${name}`), actions[member]))}</fieldset><p class="small quiet">${say('states.noticesNotYet')}</p>
${field('graceS', say('states.grace'), { type: 'number', value: Number.isNaN(graceS) ? visit.form.text('graceS') : String(graceS), hint: say('states.graceHint', { most: longestGrace }), fault: faultOf(visit, faults, 'graceS'), inputmode: 'numeric' })}</section>`;
}

/** A language as the reader calls it. */
export function languageName({ language: readers }: Visit, language: string): string {
  return capital(new Intl.DisplayNames(readers, { type: 'language' }).of(language) ?? language);
}

function faultOf({ speech }: Visit, faults: readonly Fault[], ...fields: readonly string[]): string | null {
  const found = faults.filter(({ field }) => fields.includes(field));
  return found.length === 0 ? null : capital(found.map((fault) => speech.mend(fault)).join(' '));
}
