import { hash } from 'node:crypto';
import type { Wish } from '../../orders/applied-state.ts';
import type { OrderState } from '../../orders/order-state.ts';
import { parcelsWanted } from '../../orders/parcel-wish.ts';
import type { ParcelWish } from '../../orders/parcel-wish.ts';
import type { Answer } from '../../store/intake.ts';
import type { OrderToApply } from '../../store/views/orders-to-apply.ts';
import type { Form } from '../form.ts';

/** The ticks of the form, and what each changes. */
export const flags = [
  ['publish', 'publish'],
  ['mail', 'notifyByMail'],
  ['sms', 'notifyBySms'],
  ['invoice', 'generateInvoice'],
] as const;

/** What stands in the form of a state that was just chosen: the customer's text in the language of the first order. */
export function commentOf(state: OrderState, orders: readonly OrderToApply[]): string {
  const { texts } = state;
  return (texts[orders[0]?.language ?? 'fr'] ?? texts['fr'] ?? texts['en'] ?? Object.values(texts)[0])?.comment ?? '';
}

/**
 * What the form asks for, order by order. What stands as the state has it is not said: each order keeps its own
 * language's text, and a marketplace's customers are not written to by a tick that nobody touched.
 */
export function wishesOf(form: Form, state: OrderState, orders: readonly OrderToApply[]): readonly Wish[] {
  const comment = form.exact('comment').replaceAll('\r\n', '\n').trim();
  const changed = Object.fromEntries(flags.flatMap(([name, member]) => (form.has(name) === state.actions[member] ? [] : [[member, form.has(name)]])));
  const column = pasted(form);
  return orders.map((order, index): Wish => {
    const parcel = parcelsWanted(state.type) ? parcelOf(form, order, column[index] ?? '') : null;
    return { account: order.account, order: order.reference, state: state.mnemonic, ...(comment === commentOf(state, orders).trim() ? {} : { comment }), ...changed, ...(parcel === null ? {} : { parcels: [parcel] }) };
  });
}

/** Numbers that were pasted as a column, for the rows in their order. */
function pasted(form: Form): readonly string[] {
  const text = form.text('column');
  return text === '' ? [] : text.split(/\r?\n/).map((line) => line.trim());
}

/** What a row of the grid holds: typed, or pasted beneath it. */
export function cellsOf(form: Form, { id }: OrderToApply, index: number): { readonly carrier: string; readonly tracking: string } {
  return { carrier: form.text(`carrier-${id}`), tracking: form.text(`tracking-${id}`) || (pasted(form)[index] ?? '') };
}

function parcelOf(form: Form, order: OrderToApply, fromColumn: string): ParcelWish | null {
  const tracking = form.text(`tracking-${order.id}`) || fromColumn;
  const carrier = form.text(`carrier-${order.id}`) || form.text('carrier');
  const lines = order.lines.flatMap(({ lineId }, n) => {
    const given = form.text(`line-${order.id}-${n}`);
    return given === '' || given === '0' ? [] : [{ lineId, quantity: Number(given) }];
  });
  const parcel: ParcelWish = {
    ...(carrier === '' ? {} : { carrier }),
    ...(tracking === '' ? {} : { trackingNumber: tracking }),
    ...(tracking === '' && form.has('untracked') ? { untracked: true } : {}),
    ...(lines.length === 0 ? {} : { lines }),
  };
  return Object.keys(parcel).length === 0 ? null : parcel;
}

/** The wishes of one form as it was shown: sent again, however much later, they are known. */
export function ofForm(form: Pick<Form, 'text'>, wishes: readonly Wish[]): readonly Wish[] {
  const page = hash('sha256', form.text('csrf'), 'base64url');
  return wishes.map((wish, index) => ({ ...wish, sourceRef: `${page}/${index}` }));
}

/** What the preview says would come of the wishes; how far each has got is left to the line. */
export function consequencesOf(answers: readonly Answer[]): unknown {
  return answers.map((answer) => ('faults' in answer ? answer.faults.map(({ code }) => code) : [answer.again, answer.syncs.map(({ operation, cause }) => [operation, cause]), answer.warnings.map(({ code }) => code)]));
}

/** Stands for what was shown: what is applied is what was seen. @param consequences what it was shown to bring about */
export function sealOf(wishes: readonly Wish[], consequences: unknown): string {
  return hash('sha256', JSON.stringify([wishes, consequences]), 'base64url');
}
