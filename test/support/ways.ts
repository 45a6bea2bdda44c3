import { minute, second } from '../../src/runtime/clock.ts';
import { perform } from '../../src/store/verbs.ts';
import type { Verb } from '../../src/syncing/rerun.ts';
import type { Status } from '../../src/syncing/status.ts';
import { createTestClock } from './clock.ts';
import { createFeedRemote } from './feed.ts';
import { everyOffer } from './offers.ts';
import { openStage } from './stage.ts';
import type { Running, Stage } from './stage.ts';

/** One sync, brought to a status by what really brings it there. */
export interface Brought {
  readonly stage: Stage;
  readonly id: number;
  readonly running: Running | null;
}

export const refused = { rejected: 'remote/no' } as const;

/** An Amazon account where every operation is offered, and one order of two units. */
export async function everything(facts: Parameters<Stage['sell']>[1] = {}): Promise<Stage> {
  const stage = await openStage({ kind: 'amazon', offers: everyOffer('amazon') });
  await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }], ...facts });
  return stage;
}

export async function apply(stage: Stage, state: string, byHand = false): Promise<{ readonly id: number; readonly sync: number }> {
  const answer = await stage.apply({ order: 'A-1', state }, { byHand });
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
  return { id: answer.id, sync: answer.syncs[0]?.id ?? 0 };
}

export async function ship(stage: Stage, byHand = false): Promise<number> {
  return (await stage.ship('A-1', {}, { byHand })).syncs[0]?.id ?? 0;
}

export async function verb(stage: Stage, what: Verb, ...ids: readonly number[]): Promise<void> {
  await perform(stage.shop.context, { verb: what, filter: { ids }, author: 'Ana', reason: 'because' }, stage.clock.now());
  stage.ring();
}

/** A cancellation whose answer was lost: what comes after it waits until its fate is known (two minutes), and is known to have failed. */
export async function cancelling(stage: Stage): Promise<{ readonly cancellation: number; readonly running: Running }> {
  stage.remote.script('cancelOrder', 'lost-before', refused);
  const { sync } = await apply(stage, 'ANNULEE');
  return { cancellation: sync, running: await stage.start() };
}

/** Worn out: twelve failures, and telling has become useless. */
export async function wearOut(stage: Stage, id: number): Promise<void> {
  await stage.shop.context.store.db.updateTable('sync').set({ failures: 11, useless_after: stage.clock.now() }).where('id', '=', id).execute();
}

async function shipped(stage: Stage): Promise<Brought> {
  const id = await ship(stage);
  return { stage, id, running: await stage.start() };
}

export const ways: Readonly<Record<Status, () => Promise<Brought>>> = {
  async ready() {
    const stage = await everything();
    return { stage, id: await ship(stage), running: null };
  },
  async delayed() {
    const stage = await everything();
    return { stage, id: await ship(stage, true), running: null };
  },
  async blocked() {
    const stage = await everything();
    const { running } = await cancelling(stage);
    return { stage, id: await ship(stage), running };
  },
  async held() {
    const stage = await everything({ payment: 'in-progress' });
    return { stage, id: await ship(stage), running: null };
  },
  async sending() {
    const stage = await everything();
    stage.remote.script('confirmShipment', 'never');
    return shipped(stage);
  },
  async submitted() {
    const clock = createTestClock();
    const stage = await openStage({ clock, remote: createFeedRemote(clock) });
    await stage.sell('A-1');
    return shipped(stage);
  },
  async checking() {
    const stage = await everything();
    stage.remote.script('confirmShipment', 'lost-before');
    stage.remote.script('getOrder', 'never');
    const brought = await shipped(stage);
    await stage.pass(minute + second);
    return brought;
  },
  async accepted() {
    return shipped(await everything());
  },
  async confirmed() {
    const brought = await shipped(await everything());
    await brought.stage.pass(5 * minute + second);
    return brought;
  },
  async rejected() {
    const stage = await everything();
    stage.remote.script('confirmShipment', refused);
    return shipped(stage);
  },
  async exhausted() {
    const stage = await everything();
    const id = await ship(stage);
    await wearOut(stage, id);
    stage.remote.script('confirmShipment', 'unavailable');
    return { stage, id, running: await stage.start() };
  },
  async 'in-doubt'() {
    const stage = await everything();
    stage.remote.script('confirmShipment', 'lost-before');
    const brought = await shipped(stage);
    const { payload } = await stage.row(brought.id);
    stage.remote.shipByHand('A-1', { trackingNumber: 'ANOTHER', reference: (JSON.parse(payload) as { parcel: { reference: string } }).parcel.reference });
    await stage.pass(minute + second);
    return brought;
  },
  async skipped() {
    const stage = await everything({ fulfilment: 'label' });
    return { stage, id: await ship(stage), running: null };
  },
  async superseded() {
    const stage = await everything();
    const id = await ship(stage);
    await apply(stage, 'ANNULEE');
    return { stage, id, running: null };
  },
  async cancelled() {
    const stage = await everything();
    const id = await ship(stage);
    await verb(stage, 'cancel', id);
    return { stage, id, running: null };
  },
};
