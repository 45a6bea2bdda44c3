import type { StateTexts } from './order-state.ts';
import { fill } from './texts.ts';
import type { Variable } from './texts.ts';

type Values = Readonly<Partial<Record<Variable, string>>>;

/** A mail as a state writes it to a customer. */
export interface Mail {
  readonly subject: string;
  readonly body: string;
}

export function mailOf({ name, comment }: StateTexts, values: Values): Mail {
  return { subject: values.order === undefined ? name : `${name} (${values.order})`, body: fill(comment, values) };
}

/** An SMS as a state writes it, and what it takes to send it. */
export interface Sms {
  readonly text: string;
  readonly characters: number;
  /** What the gateway counts and bills. */
  readonly parts: number;
  /** Characters that the short alphabet does not have: with a single one of them, a part holds 70 characters instead of 160. */
  readonly outside: readonly string[];
}

/** 3GPP TS 23.038, default alphabet. The ones of the extension table count twice. */
const basic = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const extension = new Set('^{}\\[~]|€');

export function smsOf({ sms }: StateTexts, values: Values): Sms {
  const text = fill(sms, values);
  const characters = Array.from(text);
  const outside = [...new Set(characters.filter((one) => !basic.has(one) && !extension.has(one)))];
  const units = outside.length > 0 ? text.length : characters.reduce((sum, one) => sum + (extension.has(one) ? 2 : 1), 0);
  const [single, joined] = outside.length > 0 ? [70, 67] : [160, 153];
  return { text, characters: characters.length, parts: units === 0 ? 0 : units <= single ? 1 : Math.ceil(units / joined), outside };
}
