import type { listTokens } from '../../store/tokens.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { field, key, select } from '../parts/forms.ts';
import { empty } from '../parts/head.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import type { Key } from '../words.ts';

/** Programs that may call the API. */
export function tokensSection(visit: Visit, tokens: Awaited<ReturnType<typeof listTokens>>, fault: Key | undefined): Html {
  const { say, csrf, form } = visit;
  const rows = tokens.map(({ id, name, scope, created_at, created_by, last_used_at, revoked_at }) => html`<tr><th scope="row" class="first">${name}</th><td>${say(scope === 'write' ? 'people.scopeWrite' : 'people.scopeRead')}</td>
<td class="wide">${at(visit, created_at)}<small>${say('people.madeBy', { by: created_by })}</small></td><td class="wide">${last_used_at === null ? say('people.unused') : at(visit, last_used_at)}</td>
<td class="end">${revoked_at === null ? html`<form method="post" action="/people/tokens/${id}/revoke">${csrf}${key(say('people.revokeToken'))}</form>` : say('people.tokenRevokedAt', { at: at(visit, revoked_at, 'day') })}</td></tr>`);
  return html`<section id="tokens"><div class="title"><h2>${say('people.tokensTitle')}</h2><span class="small quiet">${say('people.tokensLead')}</span></div>
${tokens.length === 0 ? empty(say('people.noTokens')) : html`<table class="rows"><caption class="unseen">${say('people.tokensTitle')}</caption><thead><tr><th scope="col">${say('people.tokenName')}</th><th scope="col">${say('people.scope')}</th><th scope="col">${say('people.made')}</th><th scope="col">${say('people.lastUse')}</th><th scope="col">${say('people.actions')}</th></tr></thead><tbody>${rows}</tbody></table>`}
<form method="post" action="/people/tokens" class="line-up apart">${csrf}${field('token', say('people.tokenName'), { value: form.text('token'), required: true, longest: 64, autocomplete: 'off', fault: fault === undefined ? null : say(fault) })}
${select('scope', say('people.scope'), [{ value: 'read', words: say('people.scopeRead') }, { value: 'write', words: say('people.scopeWrite') }], form.text('scope'))}<div class="keys">${key(say('people.createToken'))}</div></form></section>`;
}
