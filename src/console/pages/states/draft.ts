import { stateTypes } from '../../../orders/order-state.ts';
import type { StateDraft, StateTexts } from '../../../orders/order-state.ts';
import type { Form } from '../../form.ts';

/** A blank card. */
export const blank: StateDraft = { mnemonic: '', type: 'none', texts: {}, colour: '#4a6f8a', indicator: null, actions: { publish: true, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 60 };

/** The ticks of the form, and what each stands for. */
export const ticks = [
  ['publish', 'publish'],
  ['mail', 'notifyByMail'],
  ['sms', 'notifyBySms'],
  ['invoice', 'generateInvoice'],
] as const;

export const parts = ['name', 'comment', 'sms'] as const satisfies readonly (keyof StateTexts)[];

/** The console's own languages, and those that the texts have on top. */
export function languagesOf({ texts }: Pick<StateDraft, 'texts'>): readonly string[] {
  return [...new Set(['fr', 'en', ...Object.keys(texts)])];
}

/** The languages of the form that was sent, one that was asked for last. */
export function languagesIn(form: Form): readonly string[] {
  return [...new Set(['fr', 'en', ...form.all('language'), form.text('newLanguage').toLowerCase()])].filter((one) => /^[a-z]{2}$/.test(one)).slice(0, 12);
}

/** What the form was filled in with. A language of which nothing is written is left out. */
export function draftIn(form: Form): StateDraft {
  const text = (name: string): string => form.exact(name).replaceAll('\r\n', '\n').trim();
  const texts = languagesIn(form).flatMap((language): [string, StateTexts][] => {
    const [name = '', comment = '', sms = ''] = parts.map((part) => text(`${part}-${language}`));
    return name === '' && comment === '' && sms === '' ? [] : [[language, { name, comment, sms }]];
  });
  const grace = form.text('graceS');
  return {
    mnemonic: form.text('mnemonic'),
    type: stateTypes.find((one) => one === form.text('type')) ?? 'none',
    texts: Object.fromEntries(texts),
    colour: form.text('colour').toLowerCase(),
    indicator: form.text('ownIndicator') || form.text('indicator') || null,
    actions: { publish: form.has('publish'), notifyByMail: form.has('mail'), notifyBySms: form.has('sms'), generateInvoice: form.has('invoice') },
    graceS: /^\d{1,9}$/.test(grace) ? Number(grace) : Number.NaN,
  };
}
