import { sayFinding } from '../../../language/proof.ts';
import { capital } from '../../../language/speak.ts';
import type { Operation } from '../../../planning/operation.ts';
import type { Instant } from '../../../runtime/clock.ts';
import { proofOf } from '../../../store/proof.ts';
import { headText } from '../../../store/verify.ts';
import type { OutcomeKind } from '../../../syncing/outcome.ts';
import type { Answered, Finding, Proof } from '../../../syncing/proof.ts';
import { plainProof } from '../../../syncing/proof-json.ts';
import { file, missing, page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { head } from '../../parts/head.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

/** GET /syncs/:id/proof.json */
export async function proofFile(visit: Visit): Promise<Answer> {
  const proof = await proofFor(visit);
  if (proof === null) return missing;
  const said = plainProof(proof, visit.now, { say: (finding) => sayFinding(visit.language, finding, visit.ports.timeZone), headText });
  return file('application/json; charset=utf-8', `suivi-S-${proof.sync}-proof.json`, `${JSON.stringify(said, null, 2)}\n`);
}

/** GET /syncs/:id/proof: the same for paper. */
export async function proofPage(visit: Visit): Promise<Answer> {
  const proof = await proofFor(visit);
  if (proof === null) return missing;
  const { say, speech, now, person } = visit;
  const { sync, order, account, operation, status, tellings, readBacks, entries, proves, leavesOpen, deadline } = proof;
  const facts: readonly (readonly [string, string])[] = [[say('syncs.order'), order], [say('syncs.to'), account], [say('syncs.operation'), capital(speech.operation(operation as Operation))], [say('syncs.status'), capital(speech.exactStatus(status, proof.cause))], [say('syncs.deadline'), exact(visit, deadline)], ...(proof.reference === null ? [] : [[say('syncs.reference'), proof.reference] as const])];
  return page(`${say('syncs.proofTitle')} S-${sync}`, html`${head(`${say('syncs.proofTitle')} S-${sync}`, { above: { to: `/syncs/${sync}`, words: `S-${sync}` }, under: say('syncs.proofMade', { at: exact(visit, now), by: person.name }), right: html`<button class="btn no-print" type="button" data-print hidden>${say('syncs.print')}</button>` })}
<div class="stack"><section class="sheet"><dl class="facts small">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
${findings(visit, say('syncs.proofProves'), proves)}${findings(visit, say('syncs.proofOpen'), leavesOpen)}
<section><h2>${say('syncs.proofTellings')}</h2>${tellings.length === 0 ? html`<p>${say('syncs.proofNothing')}</p>` : tellings.map(({ call, at: told, tells, answer }, index) => html`<h3>${say('syncs.proofTelling', { telling: index + 1, call })}</h3><p>${say('syncs.proofWritten', { at: exact(visit, told) })}${answer === null ? none : html`<br>${answered(visit, answer)}`}</p>${tells === null ? none : html`<pre tabindex="0">${JSON.stringify(tells, null, 2)}</pre>`}`)}</section>
${readBacks.length === 0 ? none : html`<section><h2>${say('syncs.proofReadBacks')}</h2><ul>${readBacks.map((answer) => html`<li>${answered(visit, answer)}</li>`)}</ul></section>`}
<section><h2>${say('syncs.proofEntries')}</h2><table class="rows"><caption class="unseen">${say('syncs.proofEntries')}</caption><thead><tr><th scope="col">${say('syncs.proofEntry')}</th><th scope="col">${say('syncs.time')}</th><th scope="col">${say('syncs.proofKind')}</th><th scope="col">${say('syncs.proofWhole')}</th><th scope="col">${say('syncs.hash')}</th></tr></thead><tbody>${entries.map(({ lane, number, at: moment, kind, what, hash, whole }) => html`<tr><th scope="row" class="first nb">${lane} ${number}</th><td class="wide">${exact(visit, moment)}</td><td>${what === null ? kind : `${kind}: ${what}`}</td><td>${say(whole ? 'syncs.yesWord' : 'syncs.noWord')}</td><td class="wide id">${hash}</td></tr>`)}</tbody></table>
${proof.head === null ? none : html`<p class="small apart">${say('syncs.proofHead', { head: '' })}<span class="id">${headText(proof.head)}</span></p>`}</section></div>`);
}

async function proofFor({ part, ports }: Visit): Promise<Proof | null> {
  return /^[1-9]\d{0,14}$/.test(part('id')) ? proofOf(ports.context, Number(part('id'))) : null;
}

function findings({ language, ports }: Visit, title: string, all: readonly Finding[]): Html {
  return all.length === 0 ? none : html`<section><h2>${title}</h2><ul class="findings">${all.map((finding) => html`<li>${sayFinding(language, finding, ports.timeZone)}</li>`)}</ul></section>`;
}

function answered(visit: Visit, { outcome, at: moment, httpStatus, requestId, date }: Answered): string {
  const { say, speech } = visit;
  return say('syncs.proofAnswered', { outcome: capital(speech.outcome(outcome as OutcomeKind)), at: exact(visit, moment), isStatus: httpStatus === null ? 'no' : 'yes', status: httpStatus ?? 0, isRequest: requestId === null ? 'no' : 'yes', request: requestId ?? '', isDate: date === null ? 'no' : 'yes', date: date === null ? '' : exact(visit, date) });
}

/** To the second, in the merchant's zone and in UTC. */
function exact(visit: Visit, moment: Instant): string {
  return `${at(visit, moment, 'exact')} (${Temporal.Instant.fromEpochMilliseconds(moment).toString({ smallestUnit: 'second' })})`;
}
