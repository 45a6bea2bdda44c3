import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { setParcel } from '../../src/store/parcels.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { perform } from '../../src/store/verbs.ts';
import { verbs } from '../../src/syncing/rerun.ts';
import { everyOffer } from '../support/offers.ts';
import type { Kind, Script } from '../support/script.ts';
import { openStage } from '../support/stage.ts';
import type { Running, Stage } from '../support/stage.ts';
import { wearOut } from '../support/ways.ts';
import { expectEachIntentAnswered, expectWhole } from '../support/whole.ts';

/** What anybody may do to a shop, in any order. */
type Command =
  | { readonly do: 'apply'; readonly order: number; readonly state: string; readonly tracking: number; readonly units: number; readonly byHand: boolean; readonly carrier: string }
  | { readonly do: 'script'; readonly call: string; readonly answer: Script }
  | { readonly do: 'verb'; readonly verb: (typeof verbs)[number]; readonly sync: number }
  | { readonly do: 'undo'; readonly applied: number }
  | { readonly do: 'wear'; readonly sync: number }
  | { readonly do: 'parcel'; readonly parcel: number; readonly tracking: number }
  | { readonly do: 'change'; readonly order: number; readonly facts: object }
  | { readonly do: 'by-hand'; readonly order: number; readonly tracking: number; readonly units: number }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'jump'; readonly ms: number }
  | { readonly do: 'die' }
  | { readonly do: 'stop' }
  | { readonly do: 'cut' };

/** Three that are known, and one that is only there. */
const order = fc.oneof({ weight: 7, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.constant(4) });
const tracking = fc.integer({ min: 1, max: 5 });
const sync = fc.integer({ min: 1, max: 7 });
const units = fc.integer({ min: 1, max: 2 });
const answers: readonly Script[] = ['ok', 'lost-before', 'lost-after', 'unavailable', 'credentials', 'role', 'silent-yes', 'bug', 'never', 'never-after', { late: 40 * second }, { late: 110 * second }, { throttled: 20 * second }, { rejected: 'remote/no' }, { rejected: 'remote/no' }];

function commands(kind: Kind): fc.Arbitrary<Command[]> {
  const calls = Object.values(everyOffer(kind)).flatMap((offer) => (offer === 'not-offered' ? [] : [offer.send[0], offer.check[0]]));
  const apply = fc.record({ do: fc.constant('apply' as const), order, state: fc.constantFrom('EXPEDIEE', 'EXPEDIEE_PART', 'EXPEDIEE_PART', 'EXPEDIEE_PART', 'ANNULEE', 'REMBOURSEE', 'FACTUREE'), tracking: fc.integer({ min: 0, max: 8 }), units, byHand: fc.constantFrom(false, false, true), carrier: fc.constantFrom('Colissimo', 'Colissimo', 'Colissimo', 'Colissimo', 'Unknown') });
  const script = fc.record({ do: fc.constant('script' as const), call: fc.constantFrom('*', ...calls), answer: fc.constantFrom(...answers) });
  const one = fc.oneof(
    { weight: 5, arbitrary: apply },
    { weight: 5, arbitrary: script },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('verb' as const), verb: fc.constantFrom(...verbs), sync }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wear' as const), sync }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), applied: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('parcel' as const), parcel: fc.integer({ min: 1, max: 6 }), tracking }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), order, facts: fc.constantFrom({ payment: 'in-progress' }, { payment: 'confirmed' }, { cancellation: 'requested' }, { cancellation: 'cancelled' }, { cancellation: 'none' }, { fulfilment: 'label' }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('by-hand' as const), order, tracking, units }) },
    { weight: 1, arbitrary: fc.constantFrom({ do: 'pause' as const }, { do: 'resume' as const }, { do: 'resume' as const }) },
    { weight: 7, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 0, 20 * second, minute, 2 * minute, 5 * minute, 11 * minute) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.constantFrom(hour, -hour) }) },
    { weight: 1, arbitrary: fc.constantFrom({ do: 'die' as const }, { do: 'stop' as const }, { do: 'cut' as const }) },
  );
  // Something to be told, and answers that are not what they should be: else little happens.
  const begin = fc.tuple(fc.array(script, { maxLength: 5 }), fc.array(apply, { minLength: 3, maxLength: 6 }));
  return fc.tuple(begin, fc.array(one, { minLength: 8, maxLength: 30, size: 'max' })).map(([[scripts, applied], rest]) => [...scripts, ...applied, ...rest]);
}

/** A stage with somebody at its lane, whoever died before. */
class Play {
  readonly stage: Stage;
  private running: Running | null = null;
  private workers = 0;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async serve(): Promise<void> {
    this.workers += 1;
    this.running = await this.stage.start({ name: `worker-${this.workers}`, sweeping: true, pace: minute });
  }

  async run(command: Command): Promise<void> {
    const { stage } = this;
    const { context } = stage.shop;
    const now = stage.clock.now();
    switch (command.do) {
      case 'apply': {
        const parcel = { carrier: command.carrier, ...(command.tracking === 0 ? {} : { trackingNumber: `T-${command.tracking}` }), lines: [{ lineId: 'L1', quantity: command.units }] };
        const ships = command.state.startsWith('EXPEDIEE');
        await stage.apply({ order: `O-${command.order}`, state: command.state, ...(ships ? { parcels: [parcel] } : {}) }, { byHand: command.byHand });
        return;
      }
      case 'script':
        return stage.remote.script(command.call, command.answer);
      case 'verb':
        await perform(context, { verb: command.verb, filter: { ids: [command.sync] }, author: 'Ana', reason: 'model' }, now);
        return stage.ring();
      case 'undo':
        await undoApplied(context, command.applied, 'Ana', now);
        return stage.ring();
      case 'wear':
        return wearOut(stage, command.sync);
      case 'parcel':
        await setParcel(context, command.parcel, { trackingNumber: `T-${command.tracking}` }, 'Ana', now);
        return stage.ring();
      case 'change':
        return stage.remote.change(`O-${command.order}`, command.facts);
      case 'by-hand':
        return stage.remote.shipByHand(`O-${command.order}`, { trackingNumber: `T-${command.tracking}`, lines: [{ lineId: 'L1', quantity: command.units }] });
      case 'pause':
        return pauseAccount(context, stage.account, 'Ana', 'model', now);
      case 'resume':
        await resumeAccount(context, stage.account, 'Ana', 'model', now);
        return stage.ring();
      case 'pass':
        return stage.pass(command.ms);
      case 'jump':
        return stage.clock.jump(command.ms);
      case 'die':
        this.running?.kill();
        return this.serve();
      case 'stop':
        await Promise.all([this.running?.stop(), stage.pass(95 * second)]);
        return this.serve();
      case 'cut':
        await this.running?.cut();
        return this.serve();
    }
  }

  /** Everything works again, nobody does anything more, and time goes by. */
  async calm(): Promise<void> {
    const { stage } = this;
    for (const call of new Set(['*', ...Object.values(stage.remote.offers).flatMap((offer) => (offer === 'not-offered' ? [] : [...offer.send, ...offer.check]))])) stage.remote.drop(call);
    await resumeAccount(stage.shop.context, stage.account, 'Ana', 'model', stage.clock.now());
    stage.ring();
    // Two hours for a tracking number, one for the longest wait between two tries.
    await stage.pass(3 * hour + 30 * minute);
  }
}

/** Long, so that two hours cost little: a lease is renewed every forty seconds. */
const patience = { timeout: minute, settle: 2 * minute, sweep: 10 * minute };
const budget = { ebay: 45, amazon: 45 } as const;
/** How long one marketplace looks for a counterexample (ms). */
const looking = process.env['FAULTS'] === 'all' ? 40_000 : 15_000;

test.each(['ebay', 'amazon'] as const)('%s: whatever is done in whatever order, the store is whole at every step, and in the end nothing is left undone', { timeout: 120_000 }, async (kind) => {
  await fc.assert(
    fc.asyncProperty(commands(kind), async (given) => {
      const stage = await openStage({ kind, offers: everyOffer(kind), plan: { patience } });
      // The clock jumps here: what a clock that is off does to sending is asked elsewhere.
      stage.remote.skew = null;
      for (const n of [1, 2, 3, 4]) await stage.sell(`O-${n}`, { imported: n < 4, lines: [{ lineId: 'L1', quantity: 3, cancelled: 0 }] });
      const play = new Play(stage);
      await play.serve();
      for (const command of given) {
        await play.run(command);
        await expectWhole(stage.shop.context, stage.observed);
      }
      await play.calm();
      await expectWhole(stage.shop.context, stage.observed);
      await expectEachIntentAnswered(stage.shop.context);
      const { db } = stage.shop.context.store;
      const open = await db.selectFrom('sync').select(['id', 'status', 'cause']).where('status', 'in', ['ready', 'delayed', 'sending', 'checking', 'submitted']).execute();
      expect(open, 'syncs that nothing stops, and that are not told').toEqual([]);
      // Nothing was told twice that nobody asked to be told again.
      const resent = new Set((await db.selectFrom('audit_entry').innerJoin('rerun_item', (join) => join.onTrue()).select('rerun_item.sync_id').where('audit_entry.kind', '=', 'resend').execute()).map((row) => row.sync_id));
      const twice = (await db.selectFrom('sync').select(['id', 'operation']).execute()).filter(({ id }) => !resent.has(id) && stage.remote.doneFor(id).length > 1);
      expect(twice, 'told twice').toEqual([]);
      stage.forgive();
      await stage.close();
    }),
    { numRuns: budget[kind], interruptAfterTimeLimit: looking, markInterruptAsFailure: false },
  );
});
