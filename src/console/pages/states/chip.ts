import type { StateDraft } from '../../../orders/order-state.ts';
import { inkOn } from '../../colours.ts';
import { html } from '../../html.ts';
import type { Html } from '../../html.ts';

/** A chip in a colour that no style sheet knows yet: drawn, since nothing inline is let in. */
export function triedChip({ mnemonic, colour }: Pick<StateDraft, 'mnemonic' | 'colour'>): Html {
  const known = /^#[0-9a-f]{6}$/i.test(colour) ? colour : '#70757a';
  return html`<span class="state tried ${inkOn(known) === '#fff' ? 'on-dark' : 'on-light'}"><svg aria-hidden="true"><rect width="100%" height="100%" fill="${known}"/></svg><span>${mnemonic === '' ? '…' : mnemonic}</span></span>`;
}
