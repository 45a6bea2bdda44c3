import type { ConsolePorts } from '../console/ports.ts';
import { marketplaces } from '../marketplaces/registry.ts';
import type { CarrierEntry } from '../planning/carriers.ts';

/** What the console offers when a carrier is mapped. @param known the table of carriers that comes with Suivi, or the operator's */
export function carrierChoices(known: readonly CarrierEntry[]): ConsolePorts['carriers'] {
  return { known, codes: new Map(marketplaces.map(({ name, carrierCodes }) => [name, carrierCodes])) };
}

/** The carrier codes that a marketplace is known to take: its own list, and those of the table. */
export function knownCodes(table: readonly CarrierEntry[], marketplace: string): readonly string[] {
  const own = marketplaces.find(({ name }) => name === marketplace)?.carrierCodes ?? [];
  return [...new Set([...own.map(({ code }) => code), ...table.flatMap(({ codes }) => codes[marketplace]?.code ?? []), 'Other'])];
}
