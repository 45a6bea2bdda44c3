import { html } from '../../html.ts';
import type { Html } from '../../html.ts';
import { field } from '../../parts/forms.ts';
import type { Visit } from '../../visit.ts';

/** For whoever has no account at hand: the marketplaces that come with Suivi, on this machine alone. */
export function demoHint({ say }: Visit): Html {
  return html`<section><h2>${say('accounts.demoTitle')}</h2><p>${say('accounts.demoLead')}</p><div class="keys low apart">${field('demo', say('accounts.demoCommand'), { value: 'npm run demo', readonly: true })}<button class="btn" type="button" data-copy="f-demo" data-copied="${say('people.copied')}" hidden>${say('people.copy')}</button></div></section>`;
}
