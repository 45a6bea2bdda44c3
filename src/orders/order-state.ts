import type { Instant } from './order.ts';
import type { Fault } from './fault.ts';
import { textFaults } from './texts.ts';

/** What a state means to a marketplace. What each asks for is in config/state-types.json. */
export const stateTypes = [
  'none',
  'order-accepted',
  'order-shipped',
  'order-partially-shipped',
  'order-cancelled',
  'order-refunded',
  'ready-for-pickup',
  'picked-up',
  'pickup-refused',
  'invoice-issued',
  'order-delivered',
] as const;
export type StateType = (typeof stateTypes)[number];

/** Internal progress of an order. A merchant may add others of their own. */
export const commonIndicators = ['to-prepare', 'to-deliver', 'delivered', 'in-dispute'] as const;

/** What the customer reads, in one language. */
export interface StateTexts {
  readonly name: string;
  readonly comment: string;
  readonly sms: string;
}

export interface Actions {
  readonly publish: boolean;
  readonly notifyByMail: boolean;
  readonly notifyBySms: boolean;
  readonly generateInvoice: boolean;
}

/** A state's definition, as a merchant writes it. */
export interface StateDraft {
  /** Internal name, at most 16 characters, unique. */
  readonly mnemonic: string;
  readonly type: StateType;
  /** By language (ISO 639-1). French or English at least. */
  readonly texts: Readonly<Record<string, StateTexts>>;
  /** `#rrggbb` */
  readonly colour: string;
  readonly indicator: string | null;
  readonly actions: Actions;
  /** Seconds between applying by hand and sending, in which it can be undone. */
  readonly graceS: number;
}

export interface OrderState extends StateDraft {
  readonly id: number;
  readonly position: number;
  readonly archivedAt: Instant | null;
}

const longestMnemonic = 16;
const longestIndicator = 40;
/** In seconds. */
export const longestGrace = 3_600;

/** What is wrong with a definition; empty where it can be saved. */
export function stateFaults(draft: StateDraft, others: readonly Pick<OrderState, 'mnemonic'>[]): Fault[] {
  const faults: Fault[] = [];
  const mnemonic = draft.mnemonic.trim();
  if (mnemonic === '') faults.push({ code: 'required', field: 'mnemonic' });
  if (Array.from(mnemonic).length > longestMnemonic) faults.push({ code: 'too-long', field: 'mnemonic', found: mnemonic, limit: longestMnemonic });
  if (!/^[\p{L}\p{N}_.+-]*$/u.test(mnemonic)) faults.push({ code: 'mnemonic-characters', field: 'mnemonic', found: mnemonic });
  if (others.some((other) => other.mnemonic.toUpperCase() === mnemonic.toUpperCase())) faults.push({ code: 'mnemonic-taken', field: 'mnemonic', found: mnemonic });
  if (!/^#[0-9a-f]{6}$/i.test(draft.colour)) faults.push({ code: 'colour', field: 'colour', found: draft.colour });
  if (draft.indicator !== null && draft.indicator.trim() === '') faults.push({ code: 'required', field: 'indicator' });
  if (draft.indicator !== null && Array.from(draft.indicator).length > longestIndicator) faults.push({ code: 'too-long', field: 'indicator', limit: longestIndicator });
  if (!Number.isInteger(draft.graceS) || draft.graceS < 0 || draft.graceS > longestGrace) {
    faults.push({ code: 'out-of-range', field: 'graceS', found: String(draft.graceS), min: 0, max: longestGrace });
  }
  const languages = Object.entries(draft.texts);
  // The console's own languages; others come on top.
  if (!languages.some(([language]) => language === 'fr' || language === 'en')) faults.push({ code: 'required', field: 'texts.fr' });
  for (const [language, texts] of languages) {
    if (!/^[a-z]{2}$/.test(language)) faults.push({ code: 'language', field: `texts.${language}`, found: language });
    faults.push(...textFaults(language, texts));
  }
  return faults;
}

/** Names of other states that a reader could take for this one, to be pointed out before saving. */
export function alike(mnemonic: string, others: readonly Pick<OrderState, 'mnemonic'>[]): string[] {
  const wanted = skeleton(mnemonic);
  return others.map((other) => other.mnemonic).filter((name) => name !== mnemonic && distanceAtMostOne(skeleton(name), wanted));
}

function skeleton(name: string): string {
  return name.normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
}

function distanceAtMostOne(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i += 1;
  return short.slice(i + (short.length === long.length ? 1 : 0)) === long.slice(i + 1);
}
