import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { truth } from './rows.ts';
import { transact } from './transact.ts';

/** Shows one applied state to the customer, or keeps it internal. False: this order has no such application that stands. */
export async function publishApplied(context: Context, order: number, applied: number, publish: boolean, author: string, now: Instant): Promise<boolean> {
  return transact(context.store.db, async (tx) => {
    const row = await tx.selectFrom('applied_state').innerJoin('order_state', 'order_state.id', 'applied_state.state_id').select(['applied_state.publish', 'order_state.mnemonic']).where('applied_state.id', '=', applied).where('applied_state.order_id', '=', order).where('applied_state.undone_at', 'is', null).executeTakeFirst();
    if (row === undefined) return false;
    if (row.publish === truth(publish)) return true;
    await tx.updateTable('applied_state').set({ publish: truth(publish) }).where('id', '=', applied).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: publish ? 'applied-published' : 'applied-internal', sync: null, attempt: null, what: row.mnemonic, cause: null, body: { by: author, order, applied } }]);
    return true;
  });
}
