import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import type { Visit } from '../../visit.ts';

/** For whoever has no account at hand: simulated marketplaces, in a trial of their own. */
export function trialHint({ say, may, ports }: Visit): Html {
  if (ports.trial.inside || !may('get /trial')) return none;
  return html`<section><h2>${say('trial.title')}</h2><p>${say('accounts.demoLead')}</p><p class="keys apart"><a class="btn" href="/trial">${say('trial.title')}</a></p></section>`;
}
