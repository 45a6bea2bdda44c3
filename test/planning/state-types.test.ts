import { describe, expect, it } from 'vitest';
import { readStateTypes } from '../../src/planning/state-types.ts';
import { tables } from './made.ts';

const faults = (json: unknown, marketplaces = ['amazon', 'ebay']): readonly string[] => {
  const read = readStateTypes(json, marketplaces);
  return 'faults' in read ? read.faults : [];
};

const shipped = structuredClone(tables.stateTypes) as unknown as Record<string, Record<string, unknown>>;

describe('reading the table of Types', () => {
  it('takes the one that is shipped', () => {
    expect(faults(tables.stateTypes)).toEqual([]);
  });

  it('wants an answer of every Type for every marketplace', () => {
    expect(faults({ ...shipped, 'none': undefined })).toEqual(['none: missing']);
    expect(faults(shipped, ['amazon', 'ebay', 'cdiscount'])).toHaveLength(11);
  });

  it.each([
    [{ ...shipped, 'order-lost': {} }, /^order-lost: no such Type/],
    [{ ...shipped, 'none': { ...shipped['none'], ebay: {} } }, /^none\.ebay: "operation" must be one of/],
    [{ ...shipped, 'none': { ...shipped['none'], ebay: { nothing: 'because' } } }, /^none\.ebay: "nothing" wants a reason/],
    [{ ...shipped, 'none': { ...shipped['none'], ebay: { operation: 'confirm-shipment' } } }, /^none\.ebay: "per" must be/],
    [{ ...shipped, 'none': { ...shipped['none'], ebay: { operation: 'confirm-shipment', per: 'parcel', onlyIf: 'acknowledge' } } }, /^none\.ebay: "onlyIf" must be/],
    [null, /^expected an object/],
    [[], /^expected an object/],
  ])('names what is wrong (%#)', (json, fault) => {
    expect(faults(json)).toHaveLength(1);
    expect(faults(json)[0]).toMatch(fault);
  });
});
