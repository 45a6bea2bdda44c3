import type { StateDraft } from '../../../orders/order-state.ts';
import { addState } from '../../../store/states.ts';
import { capital } from '../../../language/speak.ts';
import { go, page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { key } from '../../parts/forms.ts';
import { head } from '../../parts/head.ts';
import { address, link } from '../../parts/link.ts';
import { stateName } from '../../parts/state.ts';
import type { Visit } from '../../visit.ts';
import { triedChip } from './chip.ts';
import { faultWords } from './state.ts';

/** GET /states/models: the library to add from, several at once or one to be changed first. */
export async function modelsPage(visit: Visit): Promise<Answer> {
  return library(visit, []);
}

async function library(visit: Visit, refused: readonly string[]): Promise<Answer> {
  const { say, csrf, ports } = visit;
  const taken = new Set((await ports.reader.view('states')).map(({ mnemonic }) => mnemonic.toUpperCase()));
  const blankKey = html`<div class="keys"><a class="btn" href="/states/new">${say('states.blank')}</a></div>`;
  const body = html`${head(say('states.modelsTitle'), { above: { to: '/states', words: say('states.title') }, under: say('states.modelsLead'), right: blankKey })}
${refused.length === 0 ? none : html`<div class="note warn" role="alert"><ul>${refused.map((words) => html`<li>${words}</li>`)}</ul></div>`}
<form method="post" action="/states/models">${csrf}<table class="rows"><caption class="unseen">${say('states.modelsTitle')}</caption><thead><tr><th class="pick"><input type="checkbox" data-choose-all aria-label="${say('frame.chooseAll')}"></th><th scope="col">${say('states.mnemonic')}</th><th scope="col">${say('states.customerReads')}</th><th scope="col">${say('states.type')}</th><th scope="col">${say('states.indicator')}</th><th scope="col"><span class="unseen">${say('states.actionsColumn')}</span></th></tr></thead><tbody>${ports.models.map((model) => row(visit, model, taken.has(model.mnemonic.toUpperCase())))}</tbody></table>
<div class="bulk"><b class="grow" data-chosen data-one="${say('states.chosenOne')}" data-other="${say('states.chosenOther')}" role="status">${say('states.chosen')}</b><div class="keys">${key(say('states.addChosen'), { main: true })}</div></div></form>`;
  return page(say('states.modelsTitle'), body, { status: refused.length === 0 ? 200 : 422 });
}

function row(visit: Visit, model: StateDraft, isTaken: boolean): Html {
  const { say, speech, language } = visit;
  const { mnemonic, type, texts, indicator } = model;
  const comment = (texts[language] ?? texts['fr'])?.comment.split('\n')[0] ?? '';
  return html`<tr><td class="pick">${isTaken ? none : html`<input type="checkbox" name="model" value="${mnemonic}" aria-label="${say('frame.choose', { what: mnemonic })}">`}</td><th scope="row" class="first nb">${triedChip(model)}</th><td class="wide">${stateName(texts, language)}<small>${comment}</small></td><td class="wide">${speech.type(type)}</td><td class="quiet nb">${indicator === null ? none : capital(speech.indicator(indicator))}</td><td class="end nb">${isTaken ? html`<span class="quiet">${say('states.alreadyAdded')}</span>` : link(address('/states/new', { model: mnemonic }), say('states.changeFirst'))}</td></tr>`;
}

/** POST /states/models: adds all that were chosen. What is refused leaves the others alone. */
export async function addModels(visit: Visit): Promise<Answer> {
  const { form, ports, person, now, say } = visit;
  const chosen = ports.models.filter(({ mnemonic }) => form.all('model').includes(mnemonic));
  if (chosen.length === 0) return library(visit, [say('frame.nothingChosen')]);
  const refused: string[] = [];
  for (const model of chosen) {
    const added = await addState(ports.context, model, person.name, now);
    if ('faults' in added) refused.push(faultWords(visit, model.mnemonic, added.faults));
  }
  return refused.length > 0 ? library(visit, refused) : go('/states', { key: 'states.saidAddedMany', values: { n: chosen.length } });
}
