import { capital } from '../../../language/speak.ts';
import type { Operation } from '../../../planning/operation.ts';
import type { SyncStory } from '../../../store/views/sync-story.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { stateChip } from '../../parts/state.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { evidenceOf, textOf } from './evidence.ts';

/** What is known of a sync, in a list. */
export function facts(visit: Visit, { row, applied, parcel, story }: SyncStory): Html {
  const { say, speech } = visit;
  const request = story.toReversed().map((entry) => textOf(evidenceOf(entry), 'requestId')).find((id) => id !== null) ?? null;
  const own = story.filter(({ lane }) => lane === row.account);
  const [first, last] = [own[0], own.at(-1)];
  const lines: readonly (readonly [string, Html | string] | null)[] = [
    [say('syncs.operation'), capital(speech.operation(row.operation as Operation | 'nothing'))],
    [say('syncs.to'), row.account === 'shop' ? say('frame.shop') : row.account],
    row.operation === 'nothing' ? null : [say('syncs.deadline'), at(visit, row.ship_by, 'moment')],
    applied === null ? null : [say('syncs.state'), stateChip({ id: applied.stateId, mnemonic: applied.state })],
    parcel === null ? null : [say('syncs.parcel'), html`${parcel.carrier ?? ''}<br>${parcel.trackingNumber === null ? say('syncs.untracked') : html`<span class="id">${parcel.trackingNumber}</span>`}`],
    unitsOf(row.payload) === 0 ? null : [say('syncs.lines'), say('syncs.units', { n: unitsOf(row.payload) })],
    row.cause === null ? null : [say('syncs.cause'), html`<span class="id">${row.cause}</span>`],
    row.reference === null ? null : [say('syncs.reference'), html`<span class="id">${row.reference}</span>`],
    request === null ? null : [say('syncs.request'), html`<span class="id">${request}</span>`],
    first === undefined || last === undefined ? null : [say('syncs.journal'), first.number === last.number ? say('syncs.entries', { lane: row.account, from: speech.formatNumber(first.number) }) : say('syncs.entriesRange', { lane: row.account, from: speech.formatNumber(first.number), to: speech.formatNumber(last.number) })],
    last === undefined ? null : [say('syncs.hash'), html`<span class="id">${last.hash.slice(0, 20).replace(/(.{4})(?=.)/g, '$1 ')}</span>`],
  ];
  return html`<section class="sheet"><h2>${say('syncs.facts')}</h2><dl class="facts small">${lines.map((line) => (line === null ? none : html`<dt>${line[0]}</dt><dd>${line[1]}</dd>`))}</dl></section>`;
}

function unitsOf(payload: string): number {
  const { lines = [] } = JSON.parse(payload) as { lines?: readonly { quantity?: number }[] };
  return lines.reduce((all, { quantity = 0 }) => all + quantity, 0);
}
