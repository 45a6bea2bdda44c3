import { carrierCode, normalCarrier } from '../../../planning/carriers.ts';
import { mapCarrier } from '../../../store/carriers.ts';
import { perform } from '../../../store/verbs.ts';
import type { CarrierReach } from '../../../store/views/carriers.ts';
import { go, missing, page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { field, hidden, key, select, tick } from '../../parts/forms.ts';
import { head } from '../../parts/head.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import type { CarrierCodeChoice } from '../../ports.ts';
import type { Key } from '../../words.ts';
import { alsoFields, alsoTargets } from './also.ts';
import { wordsOf } from './choice.ts';

/** Chosen where the code is not among those that are offered. */
const typed = ':typed';

const longest = { carrier: 80, code: 60, name: 80, reason: 500 } as const;

/** Above this many, the reader does not wait for the end of it. */
const whileYouWait = 300;

interface Wanted {
  readonly account: string;
  readonly marketplace: string;
  readonly carrier: string;
}

type Faults = Partial<Readonly<Record<'code' | 'typed' | 'other-name' | 'reason', Key>>>;

/** GET /carriers/map: the codes to choose from, and how much the choice will reach. */
export async function mapPage(visit: Visit): Promise<Answer> {
  const wanted = wantedOf(visit, (name) => (visit.query.get(name) ?? '').trim());
  if (wanted === null) return missing;
  return wanted === 'nameless' ? go('/carriers', { key: 'carriers.nameless', tone: 'warn' }) : shown(visit, wanted, {});
}

/** POST /carriers/map */
export async function mapCode(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const wanted = wantedOf(visit, (name) => form.text(name));
  if (wanted === null || wanted === 'nameless') return missing;
  const { account, carrier, marketplace } = wanted;
  const choices = ports.carriers.codes.get(marketplace) ?? [];
  const code = form.text('code') === typed ? form.text('typed') : form.text('code');
  const choice = choices.find((one) => one.code === code);
  const otherName = choice?.other === 'name' ? form.text('other-name') : '';
  const first = { account, code, otherName };
  const targets = [first, ...alsoTargets(visit, wanted, first)];
  const reaches = await Promise.all(targets.map((target) => ports.reader.view('carrierReach', { account: target.account, carrier })));
  const refused = reaches.flatMap((reach) => reach.refused);
  const again = form.has('rerun') && refused.length > 0;
  const faults = faultsOf(visit, code, choice, again);
  if (Object.keys(faults).length > 0) return shown(visit, wanted, faults);
  const accounts = targets.map((target) => target.account);
  const whole = visit.background('the mapping of a carrier', async (stop) => {
    let [released, changed] = [0, 0];
    for (const target of targets) {
      const mapped = await mapCarrier(ports.context, { ...target, carrier, otherName: target.otherName === '' ? null : target.otherName }, person.name, now);
      released += mapped.released;
      changed += mapped.changed;
    }
    ports.notify(accounts);
    if (!again) return { released, changed, rerun: 0 };
    const { done } = await perform(ports.context, { verb: 'rerun', filter: { ids: refused }, author: person.name, reason: form.text('reason') }, now, () => undefined, stop);
    ports.notify(accounts);
    return { released, changed, rerun: done.length };
  });
  const [everywhere, n] = [accounts.join(', '), reaches.reduce((all, { held, waiting }) => all + held + waiting, again ? refused.length : 0)];
  if (n > whileYouWait) return go('/carriers', { key: 'carriers.begun', values: { carrier, account: everywhere, n } });
  const codes = [...new Set(targets.map((target) => (target.otherName === '' ? target.code : `${target.code} (${target.otherName})`)))].join(', ');
  return go('/carriers', { key: 'carriers.done', values: { carrier, account: everywhere, code: codes, ...(await whole) } });
}

/** What is wrong with what was filled in, field by field. */
function faultsOf({ form }: Visit, code: string, choice: CarrierCodeChoice | undefined, again: boolean): Faults {
  const isTyped = form.text('code') === typed;
  const reason = form.text('reason');
  const otherName = form.text('other-name');
  return {
    ...(!isTyped && choice === undefined ? { code: 'carriers.codeMissing' as const } : {}),
    ...(isTyped && (code === '' || code.length > longest.code) ? { typed: 'carriers.codeMissing' as const } : {}),
    ...(choice?.other === 'name' && (otherName === '' || otherName.length > longest.name) ? { 'other-name': 'carriers.otherNameMissing' as const } : {}),
    ...(again && reason === '' ? { reason: 'frame.reasonMissing' as const } : {}),
    ...(again && reason.length > longest.reason ? { reason: 'frame.reasonTooLong' as const } : {}),
  };
}

async function shown(visit: Visit, wanted: Wanted, faults: Faults): Promise<Answer> {
  const { say, speech, csrf, form, ports } = visit;
  const { account, marketplace, carrier } = wanted;
  const reach = await ports.reader.view('carrierReach', { account, carrier });
  const there = speech.channel(marketplace);
  const title = say('carriers.mapTitle', { carrier, there });
  const choices = ports.carriers.codes.get(marketplace) ?? [];
  const now = reach.mapped?.code ?? carrierCode(carrier, account, marketplace, new Map(), ports.context.tables.defaultCarriers)?.code ?? '';
  const isTyped = form.text('code') === typed || (now !== '' && !choices.some(({ code }) => code === now));
  const faultOf = (name: keyof Faults): string | null => (faults[name] === undefined ? null : say(faults[name]));
  const options = [{ value: '', words: say('carriers.choose') }, ...choices.map((choice) => ({ value: choice.code, words: wordsOf(visit, choice, there) })), { value: typed, words: say('carriers.typedChoice') }];
  const chosen = form.text('code') === '' ? (isTyped ? typed : now) : form.text('code');
  const name = choices.some(({ other }) => other === 'name');
  const first = form.fields.size === 0;
  const also = await alsoFields(visit, wanted);
  const goes = reach.held + also.held;
  const body = html`${head(title, { above: { to: '/carriers', words: say('carriers.title') }, under: account })}
<div class="split"><form method="post" action="/carriers/map" class="sheet stack tight">${csrf}${hidden('account', account)}${hidden('carrier', carrier)}
${select('code', say('carriers.code', { there }), options, chosen, { fault: faultOf('code') })}
${field('typed', say('carriers.typed'), { value: form.has('typed') ? form.text('typed') : isTyped ? now : '', longest: longest.code, autocomplete: 'off', hint: say('carriers.typedHint', { there }), fault: faultOf('typed') })}
${name ? field('other-name', say('carriers.otherName'), { value: form.has('other-name') ? form.text('other-name') : (reach.mapped?.otherName ?? carrier), longest: longest.name, hint: say('carriers.otherNameHint'), fault: faultOf('other-name') }) : none}
${also.fields}
${reach.refused.length === 0 ? none : html`<fieldset class="stack tight">${tick('rerun', say('carriers.rerun', { n: reach.refused.length }), first || form.has('rerun'))}${field('reason', say('frame.reason'), { value: first ? say('carriers.rerunReason', { carrier }) : form.text('reason'), longest: longest.reason, fault: faultOf('reason') })}</fieldset>`}
<p class="keys">${key(goes === 0 ? say('carriers.save') : say('carriers.saveAndRelease', { n: goes }), { main: true })}<a class="btn" href="/carriers">${say('carriers.notNow')}</a></p></form>
${reachOf(visit, reach, there)}</div>`;
  return page(title, body, { status: Object.keys(faults).length === 0 ? 200 : 422 });
}

/** What will change and what will not, before anything does. */
function reachOf(visit: Visit, { held, waiting, refused, mapped }: CarrierReach, there: string): Html {
  const { say } = visit;
  return html`<aside><section><h2>${say('carriers.reach')}</h2><table class="sum"><caption class="unseen">${say('carriers.reach')}</caption><tbody>
<tr><th scope="row">${say('carriers.reachHeld')}</th><td class="num">${held}</td></tr><tr><th scope="row">${say('carriers.reachWaiting')}</th><td class="num">${waiting}</td></tr>${refused.length === 0 ? none : html`<tr><th scope="row">${say('carriers.reachRefused')}</th><td class="num">${refused.length}</td></tr>`}</tbody></table>
<p class="small quiet apart">${say('carriers.reachLead', { there })}</p>${mapped === null ? none : html`<p class="small quiet apart">${say('carriers.mappedBy', { by: mapped.author, at: at(visit, mapped.at), code: mapped.otherName === null ? mapped.code : `${mapped.code} (${mapped.otherName})` })}</p>`}</section></aside>`;
}

/** `nameless`: nothing in it is a name. Null: there is no such account. */
function wantedOf({ ports }: Visit, text: (name: string) => string): Wanted | 'nameless' | null {
  const profile = ports.context.profiles.get(text('account'));
  if (profile === undefined) return null;
  const carrier = text('carrier');
  return normalCarrier(carrier) === '' || carrier.length > longest.carrier ? 'nameless' : { account: profile.account, marketplace: profile.marketplace, carrier };
}
