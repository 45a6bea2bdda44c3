import { mailOf, smsOf } from '../../../orders/notices.ts';
import { alike, stateFaults } from '../../../orders/order-state.ts';
import type { OrderState, StateDraft } from '../../../orders/order-state.ts';
import { fill } from '../../../orders/texts.ts';
import { trackingLink } from '../../../planning/carriers.ts';
import { outlook } from '../../../planning/outlook.ts';
import type { Foreseen, Outlook } from '../../../planning/outlook.ts';
import { planningAccount } from '../../../store/situations.ts';
import { capital } from '../../../language/speak.ts';
import { contrastOn, inkOn } from '../../colours.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { customerLead, valuesOf } from '../../parts/customer.ts';
import type { ShownParcel } from '../../parts/customer.ts';
import type { Visit } from '../../visit.ts';
import type { Key } from '../../words.ts';
import { triedChip } from './chip.ts';

/** What a state would be once it is saved: its chip, what the customer sees, mail and SMS in one language, and what the marketplaces are asked. */
export function statePreview(visit: Visit, draft: StateDraft, language: string, others: readonly OrderState[]): Html {
  const { say, speech } = visit;
  const faults = stateFaults(draft, others);
  const names = draft.mnemonic === '' ? [] : alike(draft.mnemonic, others.filter(({ archivedAt }) => archivedAt === null));
  return html`${faults.length === 0 ? none : html`<div class="note warn"><b>${say('states.faults', { n: faults.length })}</b><ul>${faults.slice(0, 6).map((fault) => html`<li>${speech.fault({ ...fault, field: fieldWords(visit, fault.field) })}</li>`)}</ul></div>`}
${names.length === 0 ? none : html`<div class="note warn">${say('states.alike', { names: names.join(', ') })}</div>`}
<section><h3>${say('states.inLists')}</h3><p>${triedChip(draft)} ${draft.texts[language]?.name ?? ''}</p>${colourWords(visit, draft.colour)}</section>
${asSeen(visit, draft, language)}
<section><h3>${say('states.atMarketplaces')}</h3>${atMarketplaces(visit, draft)}</section>
${asSent(visit, draft, language)}`;
}

function colourWords({ say, speech }: Visit, colour: string): Html {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return none;
  return html`<p class="small quiet">${say(inkOn(colour) === '#fff' ? 'states.inkWhite' : 'states.inkBlack', { ratio: speech.formatNumber(contrastOn(colour), { maximumFractionDigits: 1 }) })}</p>`;
}

/** The order and the parcel that texts are tried on. */
function sample({ ports }: Visit): { readonly order: string; readonly parcel: ShownParcel } {
  const [carrier, tracking] = ['Colissimo', '6A22918338810'];
  return { order: 'AB-10391', parcel: { carrier, tracking, link: trackingLink(ports.carriers.known, carrier, tracking) } };
}

function asSeen(visit: Visit, { texts, actions }: StateDraft, language: string): Html {
  const { say } = visit;
  const own = texts[language];
  const { order, parcel } = sample(visit);
  const values = valuesOf(order, [parcel]);
  const page = own === undefined ? html`<p class="quiet">${say('states.nothingWritten')}</p>` : html`<div class="client letter" lang="${language}">${customerLead(visit, { name: { text: own.name, language: null }, comment: { text: fill(own.comment, values), language: null } }, /\{\{\s*tracking/.test(own.comment) ? [parcel] : [], 'p')}</div>`;
  return html`<section>${titled(visit, 'states.customerSees', actions.publish ? 'states.published' : 'states.internal')}${page}</section>`;
}

function asSent(visit: Visit, { texts, actions }: StateDraft, language: string): Html {
  const { say } = visit;
  const own = texts[language];
  if (own === undefined) return none;
  const { order, parcel } = sample(visit);
  const values = valuesOf(order, [parcel]);
  const mail = mailOf(own, values);
  const sms = smsOf(own, values);
  const outside = sms.outside.length === 0 ? '' : ` ${say('states.smsOutside', { characters: sms.outside.slice(0, 8).join(' ') })}`;
  const text = sms.parts === 0 ? html`<p class="quiet">${say('states.nothingWritten')}</p>` : html`<div class="letter sms" lang="${language}"><p class="prose">${sms.text}</p></div><p class="small quiet">${say('states.smsSize', { n: sms.characters, parts: sms.parts })}${outside}</p>`;
  return html`<section><p class="small quiet">${say('states.noticesNotYet')}</p>${titled(visit, 'states.mail', actions.notifyByMail ? 'states.sent' : 'states.notSent')}<div class="letter" lang="${language}"><p><b>${mail.subject}</b></p>${mail.body === '' ? none : html`<p class="prose">${mail.body}</p>`}</div></section>
<section>${titled(visit, 'states.smsTitle', actions.notifyBySms ? 'states.sent' : 'states.notSent')}${text}</section>`;
}

function titled({ say }: Visit, title: Key, whether: Key): Html {
  return html`<div class="title"><h3>${say(title)}</h3><span class="small quiet">${say(whether)}</span></div>`;
}

/** Accounts of one marketplace of which the same is foreseen stand in one line. */
function atMarketplaces(visit: Visit, draft: StateDraft): Html {
  const { say, speech, ports, now } = visit;
  const { context } = ports;
  const grace = Number.isSafeInteger(draft.graceS) ? draft.graceS : 0;
  const seen = [...context.profiles.values()].map(({ account, marketplace, mode }) => ({ account, marketplace, mode, outlook: outlook({ type: draft.type, graceS: grace }, planningAccount(context, account, new Map()), context.tables, now) }));
  const groups = [...Map.groupBy(seen, ({ marketplace, mode, outlook: one }) => JSON.stringify([marketplace, mode, one])).values()];
  const rows = groups.flatMap(([first, ...rest]) => (first === undefined ? [] : [html`<dt>${speech.channel(first.marketplace)}<br><small>${[first, ...rest].map(({ account }) => account).join(', ')}</small></dt><dd>${sayOutlook(visit, first.outlook)}${first.mode === 'observe' ? html`<p class="small quiet">${say('states.observing')}</p>` : none}</dd>`]));
  const asked = seen.length > 0 ? [] : Object.entries(context.tables.stateTypes[draft.type]).map(([marketplace, one]) => html`<dt>${speech.channel(marketplace)}</dt><dd>${'nothing' in one ? sayCause(visit, one.nothing).title : capital(speech.operation(one.operation))}</dd>`);
  return html`<dl class="facts outlook">${rows}${asked}<dt>${capital(speech.channel(null))}</dt><dd>${say('states.ownShop')}</dd></dl>${seen.length === 0 ? html`<p class="small quiet">${say('states.noAccounts')}</p>` : none}`;
}

function sayOutlook(visit: Visit, { told, untracked }: Outlook): Html {
  const { say, speech } = visit;
  if (told.operation === 'nothing') return html`<p>${told.cause === null ? '' : sayCause(visit, told.cause).title}</p>`;
  return html`<p><b>${capital(speech.operation(told.operation))}</b></p><p>${whenWords(visit, told)}</p>${untracked === null || untracked.status !== 'held' || untracked.cause !== 'order/tracking-missing' ? none : html`<p class="small quiet">${untracked.after === null ? say('states.waitsForTracking') : say('states.waitsUpTo', { length: speech.formatDuration(untracked.after) })}</p>`}`;
}

function whenWords(visit: Visit, { status, cause, after }: Foreseen): string {
  const { say, speech } = visit;
  if (cause !== null) return sayCause(visit, cause).title;
  return status === 'delayed' && after !== null ? say('states.leavesAfter', { length: speech.formatDuration(after) }) : say('states.leavesAtOnce');
}

/** A field as the form calls it. */
function fieldWords({ say }: Visit, field: string): string {
  const [, language = '', part = 'name'] = /^texts\.([a-z]+)(?:\.(\w+))?$/.exec(field) ?? [];
  if (language !== '') return `${say(part === 'comment' ? 'states.comment' : part === 'sms' ? 'states.smsText' : 'states.name')} (${language})`;
  switch (field) {
    case 'mnemonic':
      return say('states.mnemonic');
    case 'colour':
      return say('states.colour');
    case 'indicator':
      return say('states.indicator');
    case 'graceS':
      return say('states.grace');
    default:
      return field;
  }
}
