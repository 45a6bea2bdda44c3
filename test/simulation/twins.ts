import { fakeBuyer } from '../../src/marketplaces/simulator/credentials.ts';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Intent } from '../../src/syncing/destination.ts';
import type { Ledger, Result, Tenure } from '../../src/syncing/ledger.ts';
import type { Outcome } from '../../src/syncing/outcome.ts';
import type { Settlement } from '../../src/syncing/settle.ts';
import { tamper } from './broken.ts';
import type { Broken } from './broken.ts';
import type { Event } from './plan.ts';
import type { World } from './world.ts';

/** An engine with one promise taken out, and a plan in which that shows. */
export interface Twin {
  readonly does: string;
  /** The promise that the checker must find broken. */
  readonly promise: string;
  readonly broken: Broken;
  /** What happens; the sound engine lives through it without a finding. */
  readonly events: readonly Event[];
  /** Whether its quiet must be long enough for whatever it puts off. */
  readonly patiently?: true;
}

const ebay = '12-00001-00001';
const amazon = '171-0000001-0000001';

/** One order at each marketplace, imported, then applied. */
function trade(extra: { readonly units?: readonly number[] } = {}): Event[] {
  return [
    { at: minute, do: 'sell', account: 'ebay-fr', order: ebay, lines: [2], shipBy: 30 * hour, payment: 'paid' },
    { at: minute, do: 'sell', account: 'amazon-fr', order: amazon, lines: [2], shipBy: 30 * hour, payment: 'paid' },
    { at: 30 * minute, do: 'apply', order: ebay, ref: 'E', byHand: false, parcel: { carrier: 'GLS', tracking: 'TWIN1', ...extra } },
    { at: 30 * minute, do: 'apply', order: amazon, ref: 'A', byHand: false, parcel: { carrier: 'GLS', tracking: 'TWIN2', ...extra } },
  ];
}

/** The answer to eBay's first telling is lost; with what was told done there, or not. */
const lost = (kind: 'cut-after' | 'cut-before'): Event => ({ at: 20 * minute, do: 'fault', market: 'ebay', rule: { call: 'createShippingFulfillment', times: 1, fault: { kind } } });

/** Makes another settlement of what was settled. */
function resettled(change: (settlement: Settlement, result: Result) => Settlement): NonNullable<Broken['ledger']> {
  return (ledger) => ({ ...ledger, record: (tenure, profile, results, now) => ledger.record(tenure, profile, results.map((result) => ({ ...result, settlement: change(result.settlement, result) })), now) });
}

/** Tells by itself, before anything of it is written, what the engine is about to tell. */
function tellsFirst(): Broken {
  const told = new Map<number, readonly Outcome[]>();
  return {
    destination: (destination, world) => ({
      ...destination,
      send: async (intents, permit) => {
        const [{ sync } = { sync: 0 }] = intents;
        await tamper(world, 'drop trigger if exists audit_entry_kept', `delete from audit_entry where sync_id = ${sync} and kind = 'intent'`);
        const outcomes = told.get(sync) ?? (await destination.send(intents, permit));
        told.set(sync, outcomes);
        return outcomes;
      },
    }),
  };
}

/** Acts under whatever number the lane has now, whoever holds it. */
function unfenced(ledger: Ledger, world: World): Ledger {
  const current = async ({ account, worker, number }: Tenure): Promise<Tenure> => {
    const lane = await world.context.store.db.selectFrom('lane').select(['holder', 'number']).where('account', '=', account).executeTakeFirst();
    return { account, worker: lane?.holder ?? worker, number: lane?.number ?? number };
  };
  return {
    ...ledger,
    renew: () => Promise.resolve(true),
    intend: async (tenure, profile, room, now) => ledger.intend(await current(tenure), profile, room, now),
    record: async (tenure, profile, results, now) => ledger.record(await current(tenure), profile, results, now),
  };
}

/** What each destination sends is changed on the way. */
function altered(change: (intent: Intent) => Intent): Broken {
  return { destination: (destination) => ({ ...destination, send: (intents, permit) => destination.send(intents.map(change), permit) }) };
}

function answered(change: (outcome: Outcome) => Outcome): NonNullable<Broken['ledger']> {
  return (ledger) => ({ ...ledger, record: (tenure, profile, results, now) => ledger.record(tenure, profile, results.map((result) => ({ ...result, outcome: change(result.outcome) })), now) });
}

const heap: Event[] = Array.from({ length: 40 }, (_, i): Event[] => {
  const order = `171-${String(i + 1).padStart(7, '0')}-${String(i + 1).padStart(7, '0')}`;
  return [
    { at: minute, do: 'sell', account: 'amazon-fr', order, lines: [1], shipBy: (90 - i) * hour, payment: 'paid' },
    { at: 30 * minute, do: 'apply', order, ref: `H${i}`, byHand: false, parcel: { carrier: 'GLS', tracking: `HEAP${i}` } },
  ];
}).flat();

export const twins: readonly Twin[] = [
  { does: 'tells before its intent is on disk', promise: 'intent-first', broken: tellsFirst(), events: trade() },
  {
    does: 'looks at once, instead of after a settling time',
    promise: 'settling',
    broken: { ledger: resettled((s) => (s.status === 'delayed' && s.unsettled ? { ...s, dueAt: 0 } : s)) },
    events: [...trade(), lost('cut-before')],
  },
  {
    does: 'takes a lost answer for a refusal, and tells again what may be done a second time',
    promise: 'twice',
    broken: { ledger: resettled((s, { outcome }) => (outcome.kind === 'unknown' ? { ...s, status: 'ready', step: 'send', unsettled: false, dueAt: null } : s)) },
    events: [...trade(), lost('cut-after')],
  },
  {
    does: 'works on under a lease that has gone to another',
    promise: 'lease',
    broken: { ledger: unfenced },
    events: [...trade(), { at: 15 * minute, do: 'suspend', place: 0, lasts: 5 * minute }, { at: 15 * minute, do: 'join', place: 1, lasts: 40 * minute }],
  },
  {
    does: 'ignores Retry-After',
    promise: 'limits',
    broken: { ledger: answered((outcome) => (outcome.kind === 'throttled' ? { ...outcome, retryAfter: 1 } : outcome)) },
    events: [...trade(), { at: 20 * minute, do: 'fault', market: 'amazon', rule: { call: 'confirmShipment', times: 1, fault: { kind: '429', retryAfterS: 600 } } }],
  },
  {
    does: 'forgets what it has taken out of its budgets',
    promise: 'limits',
    broken: { ledger: (ledger, world) => ({ ...ledger, intend: async (tenure, profile, room, now) => tamper(world, 'update quota set tokens = burst, closed_until = 0').then(() => ledger.intend(tenure, profile, room, now)) }) },
    events: heap,
  },
  {
    does: 'tells of an order although its buyer asks to cancel it',
    promise: 'held',
    broken: { ledger: (ledger, world) => ({ ...ledger, intend: async (tenure, profile, room, now) => tamper(world, `update sync set status = 'ready', cause = null where status = 'held' and created_at < ${now - minute}`).then(() => ledger.intend(tenure, profile, room, now)) }) },
    events: [...trade(), { at: 15 * minute, do: 'ask-to-cancel', order: ebay }],
  },
  {
    does: 'supersedes a sync whose fate is open',
    promise: 'fate',
    broken: { beforeApplying: (world) => tamper(world, 'update sync set unsettled = 0 where unsettled = 1') },
    events: [...trade(), lost('cut-after'), { at: 30 * minute + 30 * second, do: 'give-up', order: ebay }],
  },
  {
    does: 'drops what failed once',
    promise: 'lost',
    broken: {
      ledger: (ledger, world) => ({
        ...ledger,
        record: async (tenure, profile, results, now) => {
          const recorded = await ledger.record(tenure, profile, results, now);
          for (const { member, outcome } of results) if (outcome.kind === 'unknown') await tamper(world, `update sync set status = 'cancelled', unsettled = 0, ended_at = 1, due_at = null where id = ${member.intent.sync}`);
          return recorded;
        },
      }),
    },
    events: [...trade(), lost('cut-before')],
  },
  {
    does: 'waits for hours after a failure',
    promise: 'late',
    patiently: true,
    broken: { ledger: resettled((s) => (s.status === 'delayed' && s.failures > 0 ? { ...s, dueAt: (s.dueAt ?? 0) + 100 * minute } : s)) },
    events: [...trade(), lost('cut-before')],
  },
  { does: 'takes the last deadline first', promise: 'order', broken: { afterApplying: (world) => tamper(world, 'update sync set ship_by = 4000000000000 - ship_by where ship_by < 2000000000000') }, events: heap },
  {
    does: 'repeats a call by itself',
    promise: 'unaudited',
    broken: { destination: (destination) => ({ ...destination, send: async (intents, permit) => destination.send(intents, permit).then(() => destination.send(intents, permit)) }) },
    events: trade(),
  },
  {
    does: 'rewrites an entry of its audit',
    promise: 'chain',
    broken: { afterApplying: (world) => tamper(world, 'drop trigger if exists audit_entry_never_changed', "update audit_entry set cause = 'amazon/refused' where number = 2") },
    events: trade(),
  },
  {
    does: 'keeps what a marketplace told of the buyer',
    promise: 'privacy',
    broken: { ledger: answered((outcome) => (outcome.evidence === null ? outcome : { ...outcome, evidence: { ...outcome.evidence, answer: { status: 200, body: { buyer: fakeBuyer.name } } } })) },
    events: trade(),
  },
  {
    does: 'logs what a marketplace told of the buyer',
    promise: 'privacy',
    broken: {
      destination: (destination, world) => ({
        ...destination,
        check: async (intents, permit) => {
          world.log.info('looked', { shown: fakeBuyer.street });
          return destination.check(intents, permit);
        },
      }),
    },
    events: trade(),
  },
  {
    does: 'tells what was undone',
    promise: 'undone',
    broken: { afterApplying: (world) => tamper(world, "update sync set status = 'ready', ended_at = null, cause = null, call = case account when 'ebay-fr' then 'createShippingFulfillment' else 'confirmShipment' end where status = 'cancelled'") },
    events: [...trade().map((event) => (event.do === 'apply' ? { ...event, byHand: true } : event)), { at: 30 * minute + 20 * second, do: 'undo', ref: 'E' }],
  },
  { does: 'tells fewer units than were applied', promise: 'wrong', broken: altered((intent) => ({ ...intent, payload: { ...intent.payload, lines: intent.payload.lines.map((line) => ({ ...line, quantity: 1 })) } })), events: trade({ units: [2] }) },
  { does: 'names a carrier that nobody knows', promise: 'refused', broken: altered((intent) => ({ ...intent, payload: { ...intent.payload, parcel: intent.payload.parcel === null ? null : { ...intent.payload.parcel, carrierCode: 'Pigeon' } } })), events: trade() },
  { does: 'never looks again at what was accepted', promise: 'rest', broken: { ledger: resettled((s) => (s.status === 'accepted' || s.status === 'confirmed' ? { ...s, status: 'accepted', dueAt: null } : s)) }, events: trade() },
  { does: 'does not end when it is asked to', promise: 'stop', broken: { ledger: (ledger) => ({ ...ledger, release: () => new Promise<never>(() => undefined) }) }, events: trade() },
];
