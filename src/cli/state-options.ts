import { exits } from '../app/exits.ts';
import { stateTypes } from '../orders/order-state.ts';
import type { StateDraft, StateTexts } from '../orders/order-state.ts';
import type { Call, Option } from './command.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** What can be said of a state's definition. */
export const stateOptions: readonly Option[] = [
  { flags: '--type <type>' },
  { flags: '--name <text>', many: true },
  { flags: '--comment <text>', many: true },
  { flags: '--sms <text>', many: true },
  { flags: '--colour <colour>' },
  { flags: '--indicator <name>' },
  { flags: '--grace <seconds>' },
  { flags: '--publish' },
  { flags: '--no-publish' },
  { flags: '--mail' },
  { flags: '--no-mail' },
  { flags: '--notify-sms' },
  { flags: '--no-notify-sms' },
  { flags: '--invoice' },
  { flags: '--no-invoice' },
];

/** What the options change of a definition. */
export function stateChanges(call: Call, before: StateDraft): Partial<StateDraft> {
  const { given } = call;
  const type = given.oneOf('type', stateTypes);
  const colour = given.text('colour');
  const indicator = given.text('indicator')?.trim();
  const graceS = given.whole('grace', 0, 3_600);
  const texts = textChanges(call, before.texts);
  const actions = actionChanges(call, before.actions);
  return {
    ...(type === undefined ? {} : { type }),
    ...(texts === null ? {} : { texts }),
    ...(colour === undefined ? {} : { colour: colour.toLowerCase() }),
    ...(indicator === undefined ? {} : { indicator: ['none', 'aucun'].includes(indicator) ? null : indicator }),
    ...(graceS === undefined ? {} : { graceS }),
    ...(actions === null ? {} : { actions }),
  };
}

function actionChanges({ given }: Call, before: StateDraft['actions']): StateDraft['actions'] | null {
  const [publish, notifyByMail, notifyBySms, generateInvoice] = [given.either('publish'), given.either('mail'), given.either('notify-sms'), given.either('invoice')];
  if ([publish, notifyByMail, notifyBySms, generateInvoice].every((one) => one === undefined)) return null;
  return { publish: publish ?? before.publish, notifyByMail: notifyByMail ?? before.notifyByMail, notifyBySms: notifyBySms ?? before.notifyBySms, generateInvoice: generateInvoice ?? before.generateInvoice };
}

/** `--name "En route"`, or with its language: `--name en:"On its way"`. */
function textChanges(call: Call, before: StateDraft['texts']): StateDraft['texts'] | null {
  const texts = new Map(Object.entries(before));
  let changed = false;
  for (const part of ['name', 'comment', 'sms'] as const) {
    for (const given of call.given.texts(part)) {
      const [, language = call.language, text = given] = /^([a-z]{2}):([\s\S]*)$/i.exec(given) ?? [];
      const own: StateTexts = texts.get(language.toLowerCase()) ?? { name: '', comment: '', sms: '' };
      texts.set(language.toLowerCase(), { ...own, [part]: text });
      changed = true;
    }
  }
  if (changed && [...texts.values()].some(({ name }) => name.trim() === '')) {
    const [language = ''] = [...texts].find(([, { name }]) => name.trim() === '') ?? [];
    throw new Refused(exits.usage, call.say('nameNeeded', { language: plain(language) }));
  }
  return changed ? Object.fromEntries(texts) : null;
}
