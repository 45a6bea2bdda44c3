import { stateFaults } from '../orders/order-state.ts';
import type { OrderState, StateDraft, StateTexts, StateType } from '../orders/order-state.ts';
import type { Fault } from '../orders/fault.ts';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { allocateOne } from './identifiers.ts';
import { truth } from './rows.ts';
import type { Db, Tx } from './rows.ts';
import type { OrderStateTable } from './schema.ts';
import { transact } from './transact.ts';

/** All state definitions, in the merchant's order; archived ones last. */
export async function listStates(db: Db | Tx): Promise<readonly OrderState[]> {
  const rows = await db.selectFrom('order_state').selectAll().orderBy('position').orderBy('id').execute();
  return rows.map(stateOf).toSorted((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null));
}

/** Saves a new definition, or says what is wrong with it. */
export async function addState(context: Context, draft: StateDraft, author: string, now: Instant): Promise<{ readonly state: OrderState } | { readonly faults: readonly Fault[] }> {
  return transact(context.store.db, async (tx) => {
    const others = await listStates(tx);
    const faults = stateFaults(draft, others);
    if (faults.length > 0) return { faults };
    const id = await allocateOne(tx, 'state');
    const position = Math.max(0, ...others.map((other) => other.position)) + 1;
    const state: OrderState = { ...draft, mnemonic: draft.mnemonic.trim(), id, position, archivedAt: null };
    await tx.insertInto('order_state').values(rowOf(state)).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'state-added', sync: null, attempt: null, what: state.mnemonic, cause: null, body: { by: author, state } }]);
    return { state };
  });
}

/**
 * Changes a definition. What was applied under it keeps its texts and flags.
 * @param changes `place` counts from 1 among those in use; beyond the last it is the last
 */
export async function editState(context: Context, mnemonic: string, changes: Partial<StateDraft> & { readonly archived?: boolean; readonly place?: number }, author: string, now: Instant): Promise<{ readonly state: OrderState } | { readonly faults: readonly Fault[] }> {
  return transact(context.store.db, async (tx) => {
    const all = await listStates(tx);
    const before = all.find((state) => state.mnemonic.toUpperCase() === mnemonic.toUpperCase());
    if (before === undefined) return { faults: [{ code: 'unknown-state', field: 'state', found: mnemonic, expected: all.map((state) => state.mnemonic).join(', ') }] };
    const { archived, place, ...draft } = changes;
    const state: OrderState = {
      ...before,
      ...draft,
      position: before.position,
      archivedAt: archived === undefined ? before.archivedAt : archived ? (before.archivedAt ?? now) : null,
    };
    const faults = stateFaults(state, all.filter((other) => other.id !== before.id));
    if (faults.length > 0) return { faults };
    const positions = place === undefined ? [] : positionsWith(state, all, place);
    for (const { id, position } of positions) await tx.updateTable('order_state').set({ position }).where('id', '=', id).execute();
    const { id, ...values } = rowOf({ ...state, position: positions.find((one) => one.id === state.id)?.position ?? state.position });
    await tx.updateTable('order_state').set(values).where('id', '=', id).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'state-edited', sync: null, attempt: null, what: state.mnemonic, cause: null, body: { by: author, before, after: state } }]);
    return { state };
  });
}

/** Where each stands once one of them is put at a place; archived ones keep their neighbours. */
function positionsWith(moved: OrderState, all: readonly OrderState[], place: number): readonly { readonly id: number; readonly position: number }[] {
  const others = all.filter(({ id }) => id !== moved.id).toSorted((a, b) => a.position - b.position || a.id - b.id);
  const next = others.filter(({ archivedAt }) => archivedAt === null)[place - 1];
  const index = next === undefined ? others.length : others.indexOf(next);
  return [...others.slice(0, index), moved, ...others.slice(index)].map(({ id }, before) => ({ id, position: before + 1 }));
}

function stateOf(row: OrderStateTable): OrderState {
  return {
    id: row.id,
    mnemonic: row.mnemonic,
    type: row.type as StateType,
    texts: JSON.parse(row.texts) as Record<string, StateTexts>,
    colour: row.colour,
    indicator: row.indicator,
    actions: { publish: row.publish === 1, notifyByMail: row.notify_by_mail === 1, notifyBySms: row.notify_by_sms === 1, generateInvoice: row.generate_invoice === 1 },
    graceS: row.grace_s,
    position: row.position,
    archivedAt: row.archived_at,
  };
}

function rowOf(state: OrderState): OrderStateTable {
  return {
    id: state.id,
    mnemonic: state.mnemonic,
    mnemonic_key: state.mnemonic.toUpperCase(),
    type: state.type,
    texts: JSON.stringify(state.texts),
    colour: state.colour,
    indicator: state.indicator,
    publish: truth(state.actions.publish),
    notify_by_mail: truth(state.actions.notifyByMail),
    notify_by_sms: truth(state.actions.notifyBySms),
    generate_invoice: truth(state.actions.generateInvoice),
    grace_s: state.graceS,
    position: state.position,
    archived_at: state.archivedAt,
  };
}
