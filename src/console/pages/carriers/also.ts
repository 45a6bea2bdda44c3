import type { CarrierReach } from '../../../store/views/carriers.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { select, tick } from '../../parts/forms.ts';
import type { CarrierCodeChoice } from '../../ports.ts';
import type { Visit } from '../../visit.ts';
import { wordsOf } from './choice.ts';

/** One account that a carrier is to be mapped at. */
export interface Target {
  readonly account: string;
  readonly code: string;
  readonly otherName: string;
}

interface Wanted {
  readonly account: string;
  readonly marketplace: string;
  readonly carrier: string;
}

/** The accounts beside the one that was asked for: at the same marketplace one code serves all, elsewhere each takes its own. */
function others({ ports }: Visit, wanted: Wanted): readonly { readonly account: string; readonly same: boolean; readonly choices: readonly CarrierCodeChoice[] }[] {
  return [...ports.context.profiles.values()].filter(({ account }) => account !== wanted.account).map(({ account, marketplace }) => ({ account, same: marketplace === wanted.marketplace, choices: ports.carriers.codes.get(marketplace) ?? [] }));
}

/** @param first what was chosen for the account that was asked for */
export function alsoTargets(visit: Visit, wanted: Wanted, first: Target): readonly Target[] {
  const { form } = visit;
  const ticked = new Set(form.all('also'));
  return others(visit, wanted).flatMap(({ account, same, choices }): Target[] => {
    if (same) return ticked.has(account) ? [{ ...first, account }] : [];
    const choice = choices.find(({ code }) => code !== '' && code === form.text(`code-${account}`));
    const name = form.text('other-name');
    return choice === undefined ? [] : [{ account, code: choice.code, otherName: choice.other === 'name' ? (name === '' ? wanted.carrier : name) : '' }];
  });
}

/** What else the same form maps, with how much each waits for it: ticked where something does. `held`: what is let go by the ticks. */
export async function alsoFields(visit: Visit, wanted: Wanted): Promise<{ readonly fields: Html; readonly held: number }> {
  const { say, form, ports } = visit;
  const all = others(visit, wanted);
  if (all.length === 0) return { fields: none, held: 0 };
  const isFirst = form.fields.size === 0;
  const lines = [];
  let held = 0;
  for (const { account, same, choices } of all) {
    const reach = await ports.reader.view('carrierReach', { account, carrier: wanted.carrier });
    const words = [account, ...waitingWords(visit, reach)].join(' · ');
    const isTicked = isFirst ? reach.held + reach.refused.length > 0 : form.all('also').includes(account);
    if (same && isTicked) held += reach.held;
    lines.push(same ? tick('also', words, isTicked, account) : select(`code-${account}`, words, [{ value: '', words: say('carriers.notThere') }, ...choices.map((choice) => ({ value: choice.code, words: wordsOf(visit, choice, visit.speech.channel(ports.context.profiles.get(account)?.marketplace ?? null)) }))], form.text(`code-${account}`)));
  }
  return { fields: html`<fieldset class="stack tight"><legend class="strong">${say('carriers.also')}</legend>${lines}</fieldset>`, held };
}

function waitingWords({ say }: Visit, { held, refused, mapped }: CarrierReach): readonly string[] {
  return [...(held === 0 ? [] : [say('carriers.alsoHeld', { n: held })]), ...(refused.length === 0 ? [] : [say('carriers.alsoRefused', { n: refused.length })]), ...(mapped === null ? [] : [say('carriers.alsoMapped', { code: mapped.code })])];
}
