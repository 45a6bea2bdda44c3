import { stateTypes } from '../orders/order-state.ts';
import type { StateType } from '../orders/order-state.ts';
import { operations } from './operation.ts';
import type { Operation } from './operation.ts';

/** What one Type asks of one marketplace: an operation, or nothing for a reason that is stored with the sync. */
export type Asked =
  | { readonly operation: Operation; readonly per: 'parcel' | 'order'; readonly onlyIf?: 'acknowledge'; readonly otherwise?: Reason }
  | { readonly nothing: Reason };

/** Why nothing is sent; its words are in config/diagnoses, like a cause's. */
export type Reason = `${string}/${string}`;

/** config/state-types.json: Type × marketplace. */
export type StateTypeTable = Readonly<Record<StateType, Readonly<Record<string, Asked>>>>;

/**
 * Reads the table, and says everything that is wrong with it.
 * @param marketplaces the names of those that the software knows: each Type must answer for each of them
 */
export function readStateTypes(json: unknown, marketplaces: readonly string[]): { readonly table: StateTypeTable } | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  if (!isRecord(json)) return { faults: ['expected an object with one entry per Type'] };
  for (const type of Object.keys(json)) {
    if (type !== '$comment' && !(stateTypes as readonly string[]).includes(type)) faults.push(`${type}: no such Type; expected one of ${stateTypes.join(', ')}`);
  }
  for (const type of stateTypes) {
    const row = json[type];
    if (!isRecord(row)) {
      faults.push(`${type}: missing`);
      continue;
    }
    for (const marketplace of marketplaces) {
      const fault = askedFault(row[marketplace]);
      if (fault !== null) faults.push(`${type}.${marketplace}: ${fault}`);
    }
  }
  return faults.length > 0 ? { faults } : { table: json as unknown as StateTypeTable };
}

function askedFault(asked: unknown): string | null {
  if (!isRecord(asked)) return 'missing; expected { "operation", "per" } or { "nothing": "room/why" }';
  if ('nothing' in asked) return isReason(asked['nothing']) ? null : '"nothing" wants a reason such as "planning/internal-state"';
  if (!(operations as readonly unknown[]).includes(asked['operation'])) return `"operation" must be one of ${operations.join(', ')}`;
  if (asked['per'] !== 'parcel' && asked['per'] !== 'order') return '"per" must be "parcel" or "order"';
  if ('onlyIf' in asked && (asked['onlyIf'] !== 'acknowledge' || !isReason(asked['otherwise']))) return '"onlyIf" must be "acknowledge", with a reason in "otherwise"';
  return null;
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && /^[a-z-]+\/[a-z-]+$/.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
