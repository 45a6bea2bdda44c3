import type { Overview } from '../../../store/views/overview.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { mark } from '../../parts/sync.ts';
import type { Visit } from '../../visit.ts';
import type { Key } from '../../words.ts';

type Step = 'Account' | 'States' | 'Apply' | 'Arrive';

/** What leads to the first state that arrives, with what is done of it. Gone once it has; whoever only informs customers is not kept waiting for it. */
export function firstSteps(visit: Visit, { accounts, lastApplied, hasStates, hasArrived }: Overview): Html {
  const { say, ports } = visit;
  const isAlone = accounts.length === 0 && lastApplied !== null;
  if (!ports.trial.inside && (hasArrived || isAlone)) return none;
  const done: readonly (readonly [Step, boolean])[] = [['Account', accounts.length > 0], ['States', hasStates], ['Apply', lastApplied !== null], ['Arrive', hasArrived]];
  const next = done.find(([, is]) => !is)?.[0];
  return html`<section><h2>${say('trial.stepsTitle')}</h2><ol class="ledger">${done.map(([step, is], index) => html`<li><span class="n">${is ? html`${mark('accepted', html`<span class="unseen">${say('trial.stepsDone', { step: index + 1 })}</span>`)}` : index + 1}</span><div class="what"><h3>${say(`trial.step${step}`)}</h3><p>${is ? say(`trial.step${step}Done`, { n: accounts.length }) : say(`trial.step${step}Lead`)}</p></div>${is ? none : keysOf(visit, step, step === next)}</li>`)}</ol></section>`;
}

function keysOf(visit: Visit, step: Step, isNext: boolean): Html {
  const { say, may } = visit;
  const one = (to: string, words: Key, main: boolean): Html => (may(`get ${to}`) ? html`<a class="btn${main ? ' main' : ''}" href="${to}">${say(words)}</a>` : none);
  switch (step) {
    case 'Account':
      return html`<div class="keys">${one('/trial', 'trial.title', isNext)}${one('/accounts/connect', 'accounts.connect', false)}</div>`;
    case 'States':
      return one('/states/models', 'trial.stepStatesKey', isNext);
    case 'Apply':
      return one('/orders', 'trial.stepApplyKey', isNext);
    case 'Arrive':
      return one('/syncs', 'trial.stepArriveKey', isNext);
  }
}
