import type { StateDraft } from '../orders/order-state.ts';
import { readStateModels } from '../orders/state-models.ts';
import { defaultCodes } from '../planning/carriers.ts';
import type { CarrierCodes, CarrierEntry } from '../planning/carriers.ts';
import { readCarriers } from '../planning/carrier-table.ts';
import { readStateTypes } from '../planning/state-types.ts';
import type { StateTypeTable } from '../planning/state-types.ts';
import type { Fault } from '../settings/fault.ts';
import { readTable, shippedTables, tableNames } from '../settings/tables.ts';
import { languages, readDiagnoses } from '../syncing/diagnosis.ts';
import type { Diagnoses, DiagnosisFile } from '../syncing/diagnosis.ts';

/** What config/ holds, read and checked. */
export interface ConfigTables {
  readonly stateTypes: StateTypeTable;
  readonly carriers: readonly CarrierEntry[];
  readonly defaultCarriers: CarrierCodes;
  readonly models: readonly StateDraft[];
  readonly diagnoses: Diagnoses;
}

/** Reads every table: the operator's where it is there, else the one that comes with Suivi. All faults come together. */
export function loadTables(configDir: string, marketplaces: readonly string[]): { readonly tables: ConfigTables } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const json = (name: string): unknown => {
    const table = readTable(configDir, name);
    if ('fault' in table) faults.push(table.fault);
    return 'fault' in table ? null : table.json;
  };
  const complain = (name: string, found: readonly string[]): void => {
    for (const fault of found) faults.push({ name: `${name}.json`, found: fault, expected: 'as in the table that comes with Suivi', example: null });
  };

  const stateTypes = readStateTypes(json('state-types'), marketplaces);
  if ('faults' in stateTypes) complain('state-types', stateTypes.faults);
  const carriers = readCarriers(json('carriers'), marketplaces);
  if ('faults' in carriers) complain('carriers', carriers.faults);
  const models = readStateModels({ models: json('state-models/models'), texts: Object.fromEntries(languages.map((language) => [language, json(`state-models/${language}/texts`)])) });
  if ('faults' in models) complain('state-models', models.faults);
  const files: DiagnosisFile[] = languages.flatMap((language) =>
    tableNames(configDir, `diagnoses/${language}`).map((name) => ({ name: name.replace('diagnoses/', ''), language, json: over(shippedJson(name), json(name)) })),
  );
  const diagnoses = readDiagnoses(files);
  if ('faults' in diagnoses) complain('diagnoses', diagnoses.faults);

  /** An operator's own words for some causes leave the others as they come with Suivi, those of later versions too. */
  function shippedJson(name: string): unknown {
    const table = readTable(shippedTables, name);
    return 'fault' in table ? null : table.json;
  }

  if (faults.length > 0 || 'faults' in stateTypes || 'faults' in carriers || 'faults' in models || 'faults' in diagnoses) return { faults };
  return { tables: { stateTypes: stateTypes.table, carriers: carriers.carriers, defaultCarriers: defaultCodes(carriers.carriers), models: models.models, diagnoses: diagnoses.diagnoses } };
}

function over(shipped: unknown, own: unknown): unknown {
  return isObject(shipped) && isObject(own) ? { ...shipped, ...own } : own;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
