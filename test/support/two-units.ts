import { setParcel } from '../../src/store/parcels.ts';
import { everyOffer } from './offers.ts';
import type { Script } from './script.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

export const two = [{ lineId: 'L1', quantity: 2, cancelled: 0 }];
export const one = [{ lineId: 'L1', quantity: 1 }];

/** An account where every operation is offered, and one order of two units. */
export async function opened(): Promise<Stage> {
  const stage = await openStage({ kind: 'amazon', offers: everyOffer('amazon') });
  await stage.sell('A-1', { lines: two });
  return stage;
}

/** Applies a state, and returns its first sync. */
export async function told(stage: Stage, state: string): Promise<number> {
  const answer = await stage.apply({ order: 'A-1', state });
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
  return answer.syncs[0]?.id ?? 0;
}

/** Ships the order, or some of its lines. */
export async function shipped(stage: Stage, tracking = 'T-1', lines?: typeof one): Promise<number> {
  const { syncs } = await stage.ship('A-1', { trackingNumber: tracking, ...(lines === undefined ? {} : { lines }) });
  return syncs[0]?.id ?? 0;
}

/** Changes the tracking number of the only parcel. */
export async function corrected(stage: Stage, trackingNumber: string): Promise<number> {
  const { id } = await stage.shop.context.store.db.selectFrom('parcel').select('id').executeTakeFirstOrThrow();
  const set = await setParcel(stage.shop.context, id, { trackingNumber }, 'Ana', stage.clock.now());
  if ('faults' in set) throw new Error(JSON.stringify(set.faults));
  stage.ring();
  return set.syncs.at(-1)?.id ?? 0;
}

/** An answer that comes when it is told to. */
export function later(): { readonly script: Script; readonly come: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { script: { until: promise }, come: resolve };
}

/** What was done there, in order. */
export function sent(stage: Stage): readonly string[] {
  return stage.remote.effects.map((effect) => effect.operation);
}
