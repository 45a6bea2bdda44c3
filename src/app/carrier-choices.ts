import type { ConsolePorts } from '../console/ports.ts';
import { marketplaces } from '../marketplaces/registry.ts';
import type { CarrierEntry } from '../planning/carriers.ts';

/** What the console offers when a carrier is mapped. @param known the table of carriers that comes with Suivi, or the operator's */
export function carrierChoices(known: readonly CarrierEntry[]): ConsolePorts['carriers'] {
  return { known, codes: new Map(marketplaces.map(({ name, carrierCodes }) => [name, carrierCodes])) };
}
