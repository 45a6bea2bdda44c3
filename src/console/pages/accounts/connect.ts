import { page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { area, field, hidden, key, select, tick } from '../../parts/forms.ts';
import { head } from '../../parts/head.ts';
import { address } from '../../parts/link.ts';
import { mark } from '../../parts/sync.ts';
import type { Visit } from '../../visit.ts';
import type { Key } from '../../words.ts';
import { trialHint } from './trial-hint.ts';

/** Fields that name a variable in which a secret is, with the name that is usual; `{ID}` stands for the account's. */
const secrets: Readonly<Record<string, readonly { readonly name: string; readonly usual: string }[]>> = {
  amazon: [{ name: 'clientId', usual: 'AMAZON_CLIENT_ID' }, { name: 'clientSecret', usual: 'AMAZON_CLIENT_SECRET' }, { name: 'refreshToken', usual: '{ID}_REFRESH_TOKEN' }],
  ebay: [{ name: 'appId', usual: 'EBAY_APP_ID' }, { name: 'certId', usual: 'EBAY_CERT_ID' }, { name: 'refreshToken', usual: '{ID}_REFRESH_TOKEN' }],
};

/** What is said of a field that the start would refuse. */
const said: Readonly<Record<string, Key>> = { id: 'accounts.faultId', sellerId: 'accounts.faultSeller', from: 'accounts.faultFrom', sandbox: 'accounts.faultSandbox', marketplaceId: 'accounts.faultSite', region: 'accounts.faultSite', site: 'accounts.faultSite' };

type Examined = ReturnType<Visit['ports']['connecting']['examine']>;

/** GET /accounts/connect: first which marketplace, then what it needs. */
export function connectPage(visit: Visit): Answer {
  const marketplace = visit.query.get('marketplace') ?? '';
  return visit.ports.connecting.marketplaces.has(marketplace) ? shown(visit, marketplace, null) : choice(visit);
}

/** POST /accounts/connect: says field by field what is wrong; else gives what is to be written, and where. Writes nothing. */
export function connectAccount(visit: Visit): Answer {
  const marketplace = visit.form.text('marketplace');
  if (!visit.ports.connecting.marketplaces.has(marketplace)) return choice(visit);
  const examined = visit.ports.connecting.examine(accountOf(visit, marketplace));
  return examined.faults.length > 0 ? shown(visit, marketplace, examined) : written(visit, marketplace, examined);
}

function choice(visit: Visit): Answer {
  const { say, speech, ports } = visit;
  const ways = [...ports.connecting.marketplaces.keys()].map((name) => html`<li><span class="n">${(secrets[name] ?? []).length + (name === 'amazon' ? 1 : 0)}</span><div class="what"><h3>${speech.channel(name)}</h3><p>${say(name === 'amazon' ? 'accounts.needsAmazon' : 'accounts.needsEbay')}</p></div><a class="btn" href="${address('/accounts/connect', { marketplace: name })}">${say('accounts.connectTo', { there: speech.channel(name) })}</a></li>`);
  return page(say('accounts.connectTitle'), html`${head(say('accounts.connectTitle'), { above: { to: '/accounts', words: say('accounts.title') }, under: say('accounts.connectLead') })}<div class="stack"><ul class="ledger">${ways}</ul>${trialHint(visit)}</div>`);
}

function shown(visit: Visit, marketplace: string, examined: Examined | null): Answer {
  const { say, speech, csrf, form, ports } = visit;
  const there = speech.channel(marketplace);
  const title = say('accounts.connectOne', { there });
  const faultOf = (...names: readonly string[]): string | null => {
    const fault = examined?.faults.find((one) => names.includes(one.field));
    if (fault === undefined) return null;
    const word = said[fault.field];
    return word === undefined ? fault.expected : say(word);
  };
  const places = new Set([...Object.keys(said), ...(secrets[marketplace] ?? []).map(({ name }) => name)]);
  const whole = examined?.faults.filter(({ field: name }) => !places.has(name)) ?? [];
  const countries = new Intl.DisplayNames(speech.language, { type: 'region' });
  const sites = (ports.connecting.marketplaces.get(marketplace) ?? []).map(({ id, country }) => ({ value: id, words: `${countries.of(country) ?? country} · ${id}` }));
  const france = (ports.connecting.marketplaces.get(marketplace) ?? []).find(({ country }) => country === 'FR')?.id ?? '';
  const body = html`${head(title, { above: { to: '/accounts/connect', words: say('accounts.connectTitle') }, under: say('accounts.connectNothing') })}
${whole.length === 0 ? none : html`<div class="note warn" role="alert">${whole.map(({ field: name, found, expected }) => html`<p>${name === '' ? say('accounts.faultTwice') : `${name}: ${found}; ${expected}`}</p>`)}</div>`}
<form method="post" action="/accounts/connect" class="sheet stack">${csrf}${hidden('marketplace', marketplace)}
<fieldset class="stack tight"><legend class="strong">${say('accounts.partAccount')}</legend><div class="line-up top">${field('id', say('accounts.fieldId'), { value: form.has('id') ? form.text('id') : `${marketplace}-fr`, required: true, longest: 64, autocomplete: 'off', hint: say('accounts.hintId', { example: `${marketplace}-fr` }), fault: faultOf('id') })}
${select('site', say('accounts.fieldSite'), sites, form.text('site') === '' ? france : form.text('site'), { fault: faultOf('marketplaceId', 'region', 'site') })}
${marketplace === 'amazon' ? field('sellerId', say('accounts.fieldSeller'), { value: form.text('sellerId'), required: true, longest: 30, autocomplete: 'off', hint: say('accounts.hintSeller'), fault: faultOf('sellerId') }) : none}</div></fieldset>
<fieldset class="stack tight"><legend class="strong">${say('accounts.partSecrets')}</legend><p class="note">${say('accounts.secretsLead')}</p><div class="line-up top">${(secrets[marketplace] ?? []).map(({ name }) => secretField(visit, marketplace, name, examined))}</div></fieldset>
<fieldset class="stack tight"><legend class="strong">${say('accounts.partStart')}</legend><div class="line-up top">${select('mode', say('accounts.mode'), (['observe', 'live'] as const).map((mode) => ({ value: mode, words: say(mode === 'live' ? 'accounts.modeLive' : 'accounts.modeObserve') })), form.text('mode') === '' ? 'observe' : form.text('mode'))}
${field('from', say('accounts.fieldFrom'), { value: form.text('from'), longest: 30, placeholder: '2026-11-23T00:00:00Z', hint: say('accounts.hintFrom'), fault: faultOf('from') })}</div>${marketplace === 'ebay' ? html`${tick('sandbox', say('accounts.fieldSandbox'), form.has('sandbox'))}${faultOf('sandbox') === null ? none : html`<span class="fault">${faultOf('sandbox')}</span>`}` : none}</fieldset>
<p class="keys">${key(say('accounts.examine'), { main: true })}<a class="btn" href="/accounts">${say('accounts.notNow')}</a></p></form>`;
  return page(title, body, { status: examined === null ? 200 : 422 });
}

/** The name of a variable. What is none may be the secret itself: it is not shown again. */
function secretField({ say, form }: Visit, marketplace: string, name: string, examined: Examined | null): Html {
  const typed = form.has(name) ? form.text(name) : usual(marketplace, name, `${marketplace}-fr`);
  const isName = /^[A-Z_][A-Z0-9_]{0,99}$/.test(typed);
  const fault = examined?.faults.some((one) => one.field === name) === true ? say(isName ? 'accounts.faultValue' : 'accounts.faultVariable') : null;
  return field(name, say(`accounts.secret_${name as 'clientId' | 'clientSecret' | 'refreshToken' | 'appId' | 'certId'}`), { value: isName ? typed : '', required: true, longest: 100, autocomplete: 'off', fault });
}

/** What is written, where, and what comes after. */
function written(visit: Visit, marketplace: string, { variables, block, whole, others }: Examined): Answer {
  const { say, speech, ports, form } = visit;
  const title = say('accounts.writtenTitle', { account: form.text('id'), there: speech.channel(marketplace) });
  const missing = variables.filter(({ isSet }) => !isSet);
  const copied = (id: string): Html => html`<p class="keys"><button class="btn" type="button" data-copy="f-${id}" data-copied="${say('people.copied')}" hidden>${say('people.copy')}</button></p>`;
  const text = (name: string, label: string, value: string): Html => html`${area(name, label, { value, readonly: true })}${copied(name)}`;
  return page(title, html`${head(title, { above: { to: '/accounts', words: say('accounts.title') }, under: say('accounts.writtenLead') })}<ol class="steps stack">
<li><section class="sheet stack tight"><h2>${say('accounts.stepSecrets')}</h2><ul>${variables.map(({ name, isSet }) => html`<li>${mark(isSet ? 'accepted' : 'held', say(isSet ? 'accounts.isSet' : 'accounts.isMissing'))} <span class="id">${name}</span></li>`)}</ul>${missing.length === 0 ? none : text('env', say('accounts.envLines'), missing.map(({ name }) => `${name}=""`).join('\n'))}</section></li>
<li><section class="sheet stack tight"><h2>${say('accounts.stepFile')}</h2><p>${say('accounts.filePath')} <span class="id">${ports.connecting.path}</span></p>${text('whole', say(others === 0 ? 'accounts.wholeFile' : 'accounts.wholeFileWith', { n: others }), whole)}${others === 0 ? none : html`<details><summary>${say('accounts.blockOnly')}</summary>${text('block', say('accounts.block'), block)}</details>`}</section></li>
<li><section class="sheet stack tight"><h2>${say('accounts.stepRestart')}</h2><p>${say('accounts.restartLead')}</p><p class="keys"><a class="btn" href="/accounts">${say('accounts.toAccounts')}</a></p></section></li></ol>`);
}

/** The account as accounts.json has it; what is left empty is left out. */
function accountOf({ form, ports }: Visit, marketplace: string): Readonly<Record<string, unknown>> {
  const site = (ports.connecting.marketplaces.get(marketplace) ?? []).find(({ id }) => id === form.text('site'));
  return {
    id: form.text('id'),
    marketplace,
    ...site?.fields,
    ...(marketplace === 'amazon' ? { sellerId: form.text('sellerId') } : {}),
    ...(form.text('mode') === 'live' ? {} : { mode: 'observe' }),
    ...(form.text('from') === '' ? {} : { from: form.text('from') }),
    ...(form.has('sandbox') ? { sandbox: true } : {}),
    ...Object.fromEntries((secrets[marketplace] ?? []).map(({ name }) => [name, { env: form.text(name) }])),
  };
}

function usual(marketplace: string, name: string, id: string): string {
  const found = (secrets[marketplace] ?? []).find((one) => one.name === name)?.usual ?? '';
  return found.replace('{ID}', id.toUpperCase().replace(/[^A-Z0-9]+/g, '_'));
}
