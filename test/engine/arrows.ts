import { minute, second } from '../../src/runtime/clock.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { settle } from '../../src/syncing/settle.ts';
import type { Outcome } from '../../src/syncing/outcome.ts';
import type { Verb } from '../../src/syncing/rerun.ts';
import type { Status } from '../../src/syncing/status.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { apply, cancelling, everything, refused, ship, verb, ways, wearOut } from '../support/ways.ts';

/** What draws some arrows of the status table, each as `from>to`. */
export interface Scene {
  readonly name: string;
  readonly draws: readonly string[];
  play(): Promise<Stage>;
}

function scene(name: string, draws: readonly string[], play: () => Promise<Stage>): Scene {
  return { name, draws, play };
}

/** A person's word on a sync in that status. */
function word(from: Status, what: Verb, to: Status): Scene {
  return scene(`${what} of what is ${from}`, [`${from}>${to}`], async () => {
    const { stage, id } = await ways[from]();
    await verb(stage, what, id);
    return stage;
  });
}

/** Something about the order has changed there, and is read. */
function fact(from: Status, change: (stage: Stage) => void, to: Status): Scene {
  return scene(`${from}, and then the order is read: ${to}`, [`${from}>${to}`], async () => {
    const { stage } = await ways[from]();
    change(stage);
    await stage.read();
    return stage;
  });
}

const paid = (stage: Stage): void => stage.remote.change('A-1', { payment: 'confirmed' });
const unpaid = (stage: Stage): void => stage.remote.change('A-1', { payment: 'in-progress' });
const labelled = (stage: Stage): void => stage.remote.change('A-1', { fulfilment: 'label' });
const fewer = (stage: Stage): void => stage.remote.change('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 1 }] });
/** The merchant told it by hand, with the same tracking number. */
const told = (stage: Stage): void => stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1' });

/** The merchant corrects there what was in doubt. */
const putRight = (stage: Stage): void => stage.remote.change('A-1', { parcels: stage.remote.order('A-1').parcels.map((parcel) => ({ ...parcel, trackingNumber: 'T-A-1' })) });

const sends: readonly Scene[] = [
  scene('a yes, and a read-back', ['ready>sending', 'sending>accepted', 'accepted>confirmed'], async () => (await ways.confirmed()).stage),
  scene('a no', ['sending>rejected'], async () => (await ways.rejected()).stage),
  scene('throttled', ['sending>ready'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', { throttled: minute });
    await stage.start();
    return stage;
  }),
  scene('worn out', ['sending>exhausted'], async () => (await ways.exhausted()).stage),
  scene('lost, found', ['sending>delayed', 'delayed>ready', 'ready>checking', 'checking>confirmed'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', 'lost-after');
    await stage.start();
    await stage.pass(2 * minute);
    return stage;
  }),
  scene('lost, absent twice', ['checking>delayed', 'checking>ready'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', 'lost-before');
    await stage.start();
    await stage.pass(3 * minute);
    return stage;
  }),
  scene('lost, and something else is there', ['checking>in-doubt'], async () => (await ways['in-doubt']()).stage),
  scene('lost, and the look says no', ['checking>rejected'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', 'lost-before');
    stage.remote.script('getOrder', refused);
    await stage.start();
    await stage.pass(2 * minute);
    return stage;
  }),
  scene('lost, and worn out by looks', ['checking>exhausted'], async () => {
    const { stage, id } = await ways.ready();
    stage.remote.script('confirmShipment', 'lost-before');
    stage.remote.script('getOrder', 'unavailable');
    await stage.start();
    await wearOut(stage, id);
    await stage.pass(2 * minute);
    return stage;
  }),
  scene('an upload and its verdict', ['sending>submitted', 'submitted>ready', 'checking>submitted', 'checking>accepted'], async () => {
    const { stage } = await ways.submitted();
    await stage.pass(5 * minute);
    return stage;
  }),
  scene('a yes that did nothing', ['accepted>in-doubt'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', 'silent-yes');
    await stage.start();
    await stage.pass(2 * minute);
    await stage.swept();
    await stage.pass(5 * minute);
    return stage;
  }),
  scene('a lost worker’s upload is heard of late, while it waits', ['delayed>submitted'], () => late({ kind: 'submitted', reference: 'F', checkAt: 0, evidence: null }, false)),
  scene('a lost worker’s upload is heard of late, when it could be looked for', ['ready>submitted'], () => late({ kind: 'submitted', reference: 'F', checkAt: 0, evidence: null }, true)),
];

/** A worker loses its lane in the middle of a call; its answer comes when another one holds the lane. */
async function late(outcome: Outcome, ready: boolean): Promise<Stage> {
  const stage = await openStage({ kind: 'ebay' });
  await stage.sell('A-1');
  await ship(stage);
  await stage.swept();
  const { ledger, clock } = stage.shop;
  const profile = stage.shop.profile('ebay-fr');
  const old = await ledger.take(profile, 'one', clock.now());
  if (old === null) throw new Error('not taken');
  const [group] = (await ledger.intend(old, profile, { orders: 8, busy: new Set(), send: true }, clock.now())).groups;
  const [member] = group?.members ?? [];
  if (group === undefined || member === undefined) throw new Error('nothing claimed');
  await stage.pass(31 * second);
  stage.remote.always('getShippingFulfillments', 'credentials');
  await stage.start({ name: 'two' });
  if (ready) await stage.pass(90 * second);
  const checked = outcome.kind === 'submitted' ? { ...outcome, checkAt: clock.now() + minute } : outcome;
  await ledger.record(old, profile, [{ group, member, outcome: checked, settlement: settle(member.attempted, checked, profile.patience, { now: clock.now(), chance: 0, probing: false, sweptUntil: null }) }], clock.now());
  stage.ring();
  await stage.pass(0);
  return stage;
}

const waits: readonly Scene[] = [
  fact('held', paid, 'ready'),
  scene('held, and paid within its grace', ['held>delayed'], async () => {
    const stage = await everything({ payment: 'in-progress' });
    await ship(stage, true);
    paid(stage);
    await stage.read();
    return stage;
  }),
  scene('held while it waited, then waiting again', ['blocked>held', 'held>blocked'], async () => {
    const { stage } = await ways.blocked();
    unpaid(stage);
    await stage.read();
    paid(stage);
    await stage.read();
    return stage;
  }),
  scene('one thing has come, another is missing', ['held>held'], async () => {
    const stage = await everything({ payment: 'in-progress' });
    await stage.ship('A-1', { carrier: 'Nobody knows it' });
    paid(stage);
    await stage.read();
    return stage;
  }),
  fact('held', labelled, 'skipped'),
  scene('the marketplace knows no such order', ['held>rejected'], async () => {
    const stage = await openStage();
    await stage.ship('NO-SUCH');
    await stage.start({ sweeping: true });
    return stage;
  }),
  ...(['held', 'blocked', 'ready', 'delayed', 'rejected', 'exhausted', 'submitted'] as const).map((from) => fact(from, told, 'confirmed')),
  fact('in-doubt', putRight, 'confirmed'),
  scene('what it waited for has failed', ['blocked>ready'], async () => {
    const { stage } = await ways.blocked();
    await stage.pass(3 * minute);
    return stage;
  }),
  scene('what it waited for has failed within its grace', ['blocked>delayed'], async () => {
    const stage = await everything();
    await cancelling(stage);
    await stage.pass(110 * second);
    await ship(stage, true);
    await stage.pass(20 * second);
    return stage;
  }),
  scene('what it waited for was not done', ['blocked>skipped'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', refused);
    await apply(stage, 'FACTUREE');
    await stage.start();
    return stage;
  }),
  scene('what it waited for was done and stands against it', ['blocked>rejected'], async () => {
    const { stage } = await ways.ready();
    stage.remote.script('confirmShipment', 'lost-after');
    await stage.start();
    await apply(stage, 'ANNULEE');
    await stage.pass(2 * minute);
    return stage;
  }),
  fact('ready', unpaid, 'held'),
  fact('delayed', unpaid, 'held'),
  fact('ready', labelled, 'skipped'),
  fact('delayed', labelled, 'skipped'),
  fact('ready', fewer, 'rejected'),
  fact('delayed', fewer, 'rejected'),
  ...(['ready', 'delayed', 'held', 'blocked'] as const).map((from) =>
    scene(`a cancellation takes the place of what is ${from}`, [`${from}>superseded`], async () => {
      const { stage } = await ways[from]();
      await apply(stage, 'ANNULEE');
      return stage;
    }),
  ),
];

/** The order changes while the sync stands as it is, and then a person reruns it. */
function rerunAfter(from: 'rejected' | 'exhausted' | 'cancelled', change: (stage: Stage) => Promise<unknown>, to: Status): Scene {
  return scene(`rerun of what is ${from}: ${to}`, [`${from}>${to}`], async () => {
    const { stage, id } = await ways[from]();
    await change(stage);
    await verb(stage, 'rerun', id);
    return stage;
  });
}

const read = (change: (stage: Stage) => void) => async (stage: Stage): Promise<unknown> => {
  change(stage);
  return stage.read();
};

/** Something stands against it meanwhile, and the cancellation that had superseded it is undone. */
function undone(to: Status, before: (stage: Stage) => Promise<unknown>, byHand = false): Scene {
  return scene(`what superseded it is undone: ${to}`, [`superseded>${to}`], async () => {
    const stage = await everything();
    await ship(stage, byHand);
    const { id } = await apply(stage, 'ANNULEE');
    await before(stage);
    await undoApplied(stage.shop.context, id, 'Ana', stage.clock.now());
    return stage;
  });
}

/** It waits for a first cancellation, and a second one supersedes it; then the second is undone. */
function undoneBehind(to: Status, first: 'lost-before' | 'lost-after', before: (stage: Stage) => Promise<void>): Scene {
  return scene(`what superseded it is undone behind another: ${to}`, [`superseded>${to}`], async () => {
    const stage = await everything();
    stage.remote.script('cancelOrder', first);
    await apply(stage, 'ANNULEE');
    await stage.start();
    await ship(stage);
    const { id } = await apply(stage, 'ANNULEE');
    await before(stage);
    await undoApplied(stage.shop.context, id, 'Ana', stage.clock.now());
    return stage;
  });
}

const words: readonly Scene[] = [
  ...(['ready', 'delayed', 'blocked', 'held', 'in-doubt', 'rejected', 'exhausted'] as const).flatMap((from) => [word(from, 'cancel', 'cancelled'), word(from, 'resolve', 'accepted')]),
  word('submitted', 'resolve', 'accepted'),
  ...(['rejected', 'exhausted', 'in-doubt', 'cancelled'] as const).map((from) => word(from, 'rerun', 'ready')),
  ...(['rejected', 'exhausted', 'cancelled'] as const).flatMap((from) => [
    rerunAfter(from, async (stage) => stage.shop.context.store.db.updateTable('parcel').set({ carrier: 'Nobody knows it' }).execute(), 'held'),
    rerunAfter(from, cancelling, 'blocked'),
    rerunAfter(from, read(labelled), 'skipped'),
  ]),
  rerunAfter('exhausted', read(fewer), 'rejected'),
  rerunAfter('cancelled', read(fewer), 'rejected'),
  undone('ready', async () => undefined),
  undone('delayed', async () => undefined, true),
  undone('held', read(unpaid)),
  undone('skipped', read(labelled)),
  undoneBehind('blocked', 'lost-before', async () => undefined),
  undoneBehind('rejected', 'lost-after', async (stage) => stage.pass(2 * minute)),
  word('accepted', 'resend', 'ready'),
  word('confirmed', 'resend', 'ready'),
];

export const scenes: readonly Scene[] = [...sends, ...waits, ...words];
