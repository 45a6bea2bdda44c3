import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { carriers, otherCarrier, withoutCode } from '../../../src/marketplaces/ebay/carriers.ts';

it('a carrier has one code, or none', () => {
  const names = carriers.map(({ carrier }) => carrier);
  expect(new Set([...names, ...withoutCode]).size).toBe(names.length + withoutCode.length);
  expect(new Set(carriers.map(({ code }) => code)).size).toBe(carriers.length);
});

it('codes are those of REST, never the upper-case ones of another of eBay’s APIs', () => {
  const codes = carriers.map(({ code }) => code);
  for (const foreign of ['COLISSIMO', 'LA_POSTE', 'MONDIAL_RELAY', 'CHRONOPOST', 'FEDEX', 'OTHER']) expect([...codes, otherCarrier]).not.toContain(foreign);
});

const table = new URL('../../../config/carriers.json', import.meta.url);

it.skipIf(!existsSync(table))('the shipped table of carriers uses no other codes', () => {
  const shipped = [...readFileSync(table, 'utf8').matchAll(/"ebay"\s*:\s*\{\s*"code"\s*:\s*"([^"]+)"/g)].map(([, code]) => code);
  expect(shipped.filter((code) => code !== otherCarrier && !carriers.some((known) => known.code === code))).toEqual([]);
});
