import { readFileSync } from 'node:fs';
import { defaultCodes } from '../../src/planning/carriers.ts';
import { operations } from '../../src/planning/operation.ts';
import type { Operation } from '../../src/planning/operation.ts';
import { readStateTypes } from '../../src/planning/state-types.ts';
import type { StateDraft, StateType } from '../../src/orders/order-state.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { createBell } from '../../src/runtime/bell.ts';
import type { Random } from '../../src/runtime/random.ts';
import { meetAccounts } from '../../src/store/accounts.ts';
import type { Context } from '../../src/store/context.ts';
import { openStore } from '../../src/store/database.ts';
import type { Store } from '../../src/store/database.ts';
import { createLedger } from '../../src/store/ledger.ts';
import { addState } from '../../src/store/states.ts';
import { createClockGuard } from '../../src/syncing/clock-guard.ts';
import type { ClockGuard } from '../../src/syncing/clock-guard.ts';
import type { Daemon } from '../../src/syncing/daemon.ts';
import type { Destination, Offer, Offered } from '../../src/syncing/destination.ts';
import type { Lane, LaneReport } from '../../src/syncing/lane.ts';
import type { LaneProfile } from '../../src/syncing/ledger.ts';
import { watchServer } from './activity.ts';
import { isOnServer, lendStore } from './databases.ts';
import { createRandom } from './random.ts';

/** A shop with real tables and a real database in memory, for tests of the engine and the store. */
export interface Shop {
  readonly context: Context;
  readonly ledger: ReturnType<typeof createLedger>;
  readonly clock: Clock;
  readonly guard: ClockGuard;
  /** Faults of our own that were reported while it ran. */
  readonly errors: unknown[];
  /** Another process begins: it knows nothing of what the clock did before. */
  reboot(): void;
  profile(account: string): LaneProfile;
  /** @param over what differs from an ordinary lane: another worker, a ledger that dies */
  lane(account: string, destination: Destination, over?: Partial<Lane>): Lane;
  daemon(lanes: readonly Lane[], sweepings?: Daemon['sweepings'], pace?: number): Daemon;
  close(): Promise<void>;
}

export interface AccountPlan {
  readonly id: string;
  readonly marketplace: 'amazon' | 'ebay';
  readonly offers?: Partial<Record<Operation, Offer>>;
  readonly limits?: LaneProfile['limits'];
  readonly references?: LaneProfile['references'];
  readonly patience?: Partial<LaneProfile['patience']>;
  readonly scope?: LaneProfile['scope'];
  readonly scopeAccounts?: readonly string[];
  readonly mode?: LaneProfile['mode'];
  /** What was applied before this moment is history. */
  readonly from?: number;
  readonly acknowledge?: boolean;
}

const amazonOffer: Offered = { send: ['confirmShipment'], check: ['getOrder'], batch: 1, again: 'edit', untracked: 'refused' };
const ebayOffer: Offered = { send: ['createShippingFulfillment'], check: ['getShippingFulfillments'], batch: 1, again: 'twice', untracked: 'look-first' };

export async function openShop(clock: Clock, accounts: readonly AccountPlan[] = [{ id: 'amazon-fr', marketplace: 'amazon' }, { id: 'ebay-fr', marketplace: 'ebay' }], options: { readonly file?: string; readonly store?: Store; readonly random?: Random } = {}): Promise<Shop> {
  const random = options.random ?? createRandom(1);
  const onServer = isOnServer && options.file === undefined && options.store === undefined;
  if (onServer) watchServer();
  const store = options.store ?? (onServer ? await lendStore(clock) : await openStore(options.file ?? ':memory:', 'upgrade'));
  const read = readStateTypes(JSON.parse(readFileSync(new URL('../../config/state-types.json', import.meta.url), 'utf8')), ['amazon', 'ebay']);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  const errors: unknown[] = [];
  const profiles = new Map(accounts.map((plan) => [plan.id, { ...profileOf(plan), acknowledge: plan.acknowledge ?? false, trackingGraceMs: 2 * 3_600_000 }]));
  const context: Context = {
    store,
    audit: { keyring: { current: 'test', keys: new Map([['test', new Uint8Array(32).fill(7)]]) }, random },
    clock,
    tables: {
      stateTypes: read.table,
      defaultCarriers: defaultCodes([
        { name: 'Colissimo', codes: { amazon: { code: 'Colissimo', verified: false }, ebay: { code: 'Colissimo' } } },
        { name: 'Chronopost', codes: { amazon: { code: 'Chronopost' }, ebay: { code: 'Chronopost' } } },
      ]),
    },
    profiles,
    timeZone: 'Europe/Paris',
  };
  await meetAccounts(context, accounts.map((plan) => ({ id: plan.id, marketplace: plan.marketplace, mode: 'live' as const, from: plan.from ?? 0 })), clock.now());
  for (const [mnemonic, type] of states) await addState(context, draftOf(mnemonic, type), 'test', clock.now());
  const ledger = createLedger(context);
  const guardFromNow = (): ClockGuard => createClockGuard(clock, (owed) => ledger.shift(owed));
  let guard = guardFromNow();
  const profileNamed = (account: string): LaneProfile => {
    const profile = profiles.get(account);
    if (profile === undefined) throw new Error(`no account ${account}`);
    return profile;
  };
  return {
    context,
    ledger,
    clock,
    get guard() {
      return guard;
    },
    errors,
    reboot: () => void (guard = guardFromNow()),
    profile: profileNamed,
    lane: (account, destination, over = {}) => {
      const report: LaneReport = {
        attempted: (_, { outcome }) => {
          if (outcome.evidence?.date != null) guard.heard(outcome.evidence.date);
        },
        recorded: () => undefined,
        failed: (_, what, error) => void errors.push([what, error]),
      };
      return {
        profile: profileNamed(account),
        destination,
        bell: createBell(clock),
        ledger,
        clock,
        random,
        worker: 'test',
        moment: () => guard.moment(),
        maySend: () => guard.trusted(),
        askSweep: () => undefined,
        report,
        ...over,
      };
    },
    daemon: (lanes, sweepings = [], pace = 5_000) => ({ ledger, clock, guard, lanes, sweepings, pace, mayImport: () => true, onError: (what, error) => void errors.push([what, error]) }),
    close: () => store.close(),
  };
}

const states: readonly (readonly [string, StateType])[] = [
  ['EXPEDIEE', 'order-shipped'],
  ['EXPEDIEE_PART', 'order-partially-shipped'],
  ['ANNULEE', 'order-cancelled'],
  ['REMBOURSEE', 'order-refunded'],
  ['FACTUREE', 'invoice-issued'],
  ['RETIREE', 'picked-up'],
  ['VALIDEE', 'order-accepted'],
  ['LIVREE', 'order-delivered'],
  ['PREPARATION', 'none'],
];

function draftOf(mnemonic: string, type: StateType): StateDraft {
  return { mnemonic, type, texts: { fr: { name: mnemonic.toLowerCase(), comment: '', sms: '' } }, colour: '#2e7d5b', indicator: null, actions: { publish: true, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 60 };
}

function profileOf(plan: AccountPlan): LaneProfile {
  const offers = Object.fromEntries(operations.map((operation) => [operation, 'not-offered'])) as Record<Operation, Offer>;
  offers['confirm-shipment'] = plan.marketplace === 'amazon' ? amazonOffer : ebayOffer;
  const published = plan.marketplace === 'amazon' ? ['confirmShipment', 'getOrder', 'searchOrders'] : ['createShippingFulfillment', 'getShippingFulfillments', 'getOrders', 'getOrder'];
  const calls = new Set([...published, ...Object.values(plan.offers ?? {}).flatMap((offer) => (offer === 'not-offered' ? [] : [...offer.send, ...offer.check]))]);
  return {
    account: plan.id,
    marketplace: plan.marketplace,
    mode: plan.mode ?? 'live',
    scope: plan.scope ?? { sweep: `scope/${plan.id}`, quota: `scope/${plan.id}` },
    scopeAccounts: plan.scopeAccounts ?? [plan.id],
    offers: { ...offers, ...plan.offers },
    limits: { ...Object.fromEntries([...calls].map((call) => [call, { rate: 1_000, burst: 1_000 }])), ...plan.limits },
    references: plan.references ?? (plan.marketplace === 'amazon' ? 'ours' : 'its-own'),
    patience: { timeout: 15_000, settle: 60_000, readBack: 300_000, sweep: 180_000, ...plan.patience },
  };
}
