import type { OrderState } from '../orders/order-state.ts';
import { iso, withValues } from './fields.ts';

/** A state's definition as the API shows it, and the command line. */
export function stateJson({ mnemonic, type, texts, colour, indicator, actions, graceS, archivedAt }: OrderState) {
  return { mnemonic, type, texts, colour, ...withValues({ indicator }), actions, graceS, ...(archivedAt === null ? {} : { archivedAt: iso(archivedAt) }) };
}
