import { readdirSync, readFileSync } from 'node:fs';
import { languages } from '../../src/syncing/diagnosis.ts';
import type { DiagnosisFile } from '../../src/syncing/diagnosis.ts';
import type { ModelFiles } from '../../src/orders/state-models.ts';

const config = new URL('../../config/', import.meta.url);

export const marketplaces = ['amazon', 'ebay'];

export function table(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, config), 'utf8'));
}

export const modelFiles: ModelFiles = { models: table('state-models/models'), texts: { fr: table('state-models/fr/texts'), en: table('state-models/en/texts') } };

export const diagnosisFiles: readonly DiagnosisFile[] = languages.flatMap((language) =>
  readdirSync(new URL(`diagnoses/${language}`, config)).map((file) => ({ name: `${language}/${file}`, language, json: table(`diagnoses/${language}/${file.replace('.json', '')}`) })),
);
