import type { StateTexts } from '../../orders/order-state.ts';
import type { Language } from '../../syncing/diagnosis.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** A state in the merchant's colour: its mnemonic. */
export function stateChip({ id, mnemonic }: { readonly id: number; readonly mnemonic: string }): Html {
  return html`<span class="state e${id}">${mnemonic}</span>`;
}

/** What the customer reads, in the reader's language where it was written in it. */
export function stateName(texts: Readonly<Record<string, StateTexts>>, language: Language): string {
  return (texts[language] ?? texts['fr'] ?? texts['en'] ?? Object.values(texts)[0])?.name ?? '';
}
