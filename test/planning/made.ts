import { readFileSync } from 'node:fs';
import type { Parcel } from '../../src/orders/parcel.ts';
import type { StateType } from '../../src/orders/order-state.ts';
import { defaultCodes } from '../../src/planning/carriers.ts';
import type { Earlier, Phase } from '../../src/planning/dependence.ts';
import { operations } from '../../src/planning/operation.ts';
import type { Operation } from '../../src/planning/operation.ts';
import type { Application } from '../../src/planning/plan.ts';
import type { Offering, PlanningAccount, Situation, Tables } from '../../src/planning/situation.ts';
import { readStateTypes } from '../../src/planning/state-types.ts';
import { day, hour, now, order, parcel } from '../orders/made.ts';

function stateTypes(): Tables['stateTypes'] {
  const read = readStateTypes(JSON.parse(readFileSync(new URL('../../config/state-types.json', import.meta.url), 'utf8')), ['amazon', 'ebay']);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.table;
}

/** The Type table as it is shipped, and two carriers. */
export const tables: Tables = {
  stateTypes: stateTypes(),
  defaultCarriers: defaultCodes([
    { name: 'Colissimo', aliases: ['Colissimo Domicile'], codes: { amazon: { code: 'Colissimo', verified: false }, ebay: { code: 'Colissimo' } } },
    { name: 'Mondial Relay', codes: { ebay: { code: 'MondialRelay' } } },
  ]),
  mappedCarriers: new Map(),
};

/** What the marketplaces' rooms say of a shipment without a number. */
const untracked: Readonly<Record<string, Offering>> = { amazon: { untracked: 'refused' }, ebay: { untracked: 'look-first' } };

/** An account whose marketplace offers every operation, so that a plan shows what is asked and not what is missing. */
export function account(marketplace: 'amazon' | 'ebay' | null, more: Partial<PlanningAccount> = {}): PlanningAccount {
  const offers = Object.fromEntries(operations.map((operation) => [operation, untracked[marketplace ?? ''] ?? 'not-offered'])) as Record<Operation, Offering>;
  return { id: marketplace === null ? 'shop' : `${marketplace}-fr`, marketplace, from: 0, acknowledge: true, trackingGraceMs: 2 * hour, offers, ...more };
}

export function situation(more: Partial<Situation> = {}): Situation {
  return { account: account('amazon'), order: order({ shipBy: now + 3 * day }), parcels: [], earlier: [], now, ...more };
}

export function application(type: StateType, more: Partial<Application> = {}): Application {
  const shipping = type === 'order-shipped' || type === 'order-partially-shipped';
  return { state: { type }, appliedAt: now, graceUntil: null, parcels: shipping ? [toldNow()] : [], noParcels: null, cancelReason: null, ...more };
}

/** A parcel that was told of this very second. */
export function toldNow(more: Partial<Parcel> = {}): Parcel {
  return parcel({ reference: String(Math.floor(now / 1000)), ...more });
}

let id = 1_000;
export function earlier(operation: Operation, phase: Phase, more: Partial<Earlier> = {}): Earlier {
  id += 1;
  return { id, operation, parcel: null, lines: [{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 1 }], phase, dormant: false, ...more };
}
