import { sql } from 'kysely';
import type { OrderState } from '../../orders/order-state.ts';
import { findLetterhead } from '../letterhead.ts';
import type { Letterhead } from '../letterhead.ts';
import { listStates } from '../states.ts';
import type { ViewContext } from './view.ts';

/** All definitions, in the merchant's order; archived ones last. */
export async function states({ store: { db } }: ViewContext): Promise<readonly OrderState[]> {
  return listStates(db);
}

/** Beyond this it is not counted on (20 states of it are counted in 2 ms): the page says "more than". */
export const mostCounted = 1_000;

/** How often each state is applied, by its identifier, up to one more than {@link mostCounted}. What was undone does not count. */
export async function stateUses({ store: { db } }: ViewContext): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ id: number; n: number }>`select order_state.id as id, (select count(*) from (select 1 from applied_state where applied_state.state_id = order_state.id and applied_state.undone_at is null limit ${mostCounted + 1}) as used) as n from order_state`.execute(db);
  return new Map(rows.map(({ id, n }) => [id, n]));
}

/** What stands around every order that a customer sees. */
export async function letterhead({ store: { db } }: ViewContext): Promise<Letterhead> {
  return findLetterhead(db);
}
