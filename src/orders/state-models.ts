import type { Fault } from './fault.ts';
import { stateFaults, stateTypes } from './order-state.ts';
import type { Actions, StateDraft, StateTexts } from './order-state.ts';

/** config/state-models as it was parsed: what a model is (models.json), and its texts (LANGUAGE/texts.json). */
export interface ModelFiles {
  readonly models: unknown;
  /** By language (ISO 639-1), each an object from mnemonic to texts. */
  readonly texts: Readonly<Record<string, unknown>>;
}

const members = ['mnemonic', 'type', 'colour', 'indicator', 'graceS', 'actions'];
const actions = ['publish', 'notifyByMail', 'notifyBySms', 'generateInvoice'] as const satisfies readonly (keyof Actions)[];
const parts = ['name', 'comment', 'sms'] as const satisfies readonly (keyof StateTexts)[];

/**
 * Reads the library of models that a merchant adds states from, in the order in which it is offered.
 * Each model is a state ready to be saved, with the texts of all languages.
 * Everything that is wrong is reported at once, with the file and the field.
 */
export function readStateModels(files: ModelFiles): { readonly models: readonly StateDraft[] } | { readonly faults: readonly string[] } {
  if (!Array.isArray(files.models)) return { faults: ['models.json: expected a list of models'] };
  const faults: string[] = [];
  const drafts: StateDraft[] = [];
  const known = new Set<string>();
  for (const [index, model] of files.models.entries()) {
    const mnemonic = isRecord(model) && typeof model['mnemonic'] === 'string' ? model['mnemonic'] : null;
    const name = mnemonic ?? `model ${index + 1}`;
    const wrong = [...modelFaults(model).map((fault) => `models.json: ${name}.${fault}`), ...(mnemonic === null ? [] : textsFaults(mnemonic, files.texts))];
    faults.push(...wrong);
    if (mnemonic !== null) known.add(mnemonic);
    if (wrong.length > 0 || mnemonic === null) continue;
    const draft = draftOf(model as Omit<StateDraft, 'texts'>, files.texts);
    faults.push(...stateFaults(draft, drafts).map((fault) => worded(mnemonic, fault)));
    drafts.push(draft);
  }
  for (const [language, texts] of Object.entries(files.texts)) {
    for (const mnemonic of isRecord(texts) ? Object.keys(texts) : []) {
      if (!known.has(mnemonic)) faults.push(`${language}/texts.json: ${mnemonic}: no such model in models.json`);
    }
  }
  return faults.length > 0 ? { faults } : { models: drafts };
}

function modelFaults(model: unknown): string[] {
  if (!isRecord(model)) return ['model: expected an object'];
  const faults = Object.keys(model).filter((member) => !members.includes(member)).map((member) => `${member}: no such member; expected one of ${members.join(', ')}`);
  if (typeof model['mnemonic'] !== 'string') faults.push('mnemonic: expected a name');
  if (!(stateTypes as readonly unknown[]).includes(model['type'])) faults.push(`type: expected one of ${stateTypes.join(', ')}`);
  if (typeof model['colour'] !== 'string') faults.push('colour: expected #rrggbb');
  const { indicator } = model;
  if (indicator !== null && (typeof indicator !== 'string' || !/^[a-z][a-z-]{0,39}$/.test(indicator))) faults.push('indicator: expected null or a name in small letters and hyphens');
  if (typeof model['graceS'] !== 'number') faults.push('graceS: expected a number of seconds');
  if (!isRecord(model['actions'])) return [...faults, `actions: expected an object with ${actions.join(', ')}`];
  for (const action of actions) if (typeof model['actions'][action] !== 'boolean') faults.push(`actions.${action}: expected true or false`);
  for (const action of Object.keys(model['actions'])) if (!(actions as readonly string[]).includes(action)) faults.push(`actions.${action}: no such action; expected one of ${actions.join(', ')}`);
  return faults;
}

function textsFaults(mnemonic: string, texts: ModelFiles['texts']): string[] {
  const faults: string[] = [];
  for (const language of new Set(['fr', 'en', ...Object.keys(texts)])) {
    const file = `${language}/texts.json`;
    const all = Object.hasOwn(texts, language) ? texts[language] : undefined;
    const own = isRecord(all) && Object.hasOwn(all, mnemonic) ? all[mnemonic] : undefined;
    if (!isRecord(own)) {
      faults.push(`${file}: ${mnemonic}: missing; expected { ${parts.map((part) => `"${part}"`).join(', ')} }`);
      continue;
    }
    for (const part of parts) if (typeof own[part] !== 'string') faults.push(`${file}: ${mnemonic}.${part}: expected a text`);
    for (const part of Object.keys(own)) if (!(parts as readonly string[]).includes(part)) faults.push(`${file}: ${mnemonic}.${part}: no such text; expected one of ${parts.join(', ')}`);
  }
  return faults;
}

function draftOf(model: Omit<StateDraft, 'texts'>, texts: ModelFiles['texts']): StateDraft {
  const ofModel = Object.entries(texts).map(([language, all]) => [language, (all as Record<string, StateTexts>)[model.mnemonic]]);
  return { ...model, texts: Object.fromEntries(ofModel) as Record<string, StateTexts> };
}

/** A fault of a definition, with the file in which it was written. */
function worded(mnemonic: string, { code, field, found, expected, limit, min, max }: Fault): string {
  const [, language, part] = /^texts\.([^.]+)\.?(.*)$/.exec(field) ?? [];
  const place = language === undefined ? `models.json: ${mnemonic}.${field}` : `${language}/texts.json: ${mnemonic}${part === '' || part === undefined ? '' : `.${part}`}`;
  const bounds = limit !== undefined ? `at most ${limit} characters` : min !== undefined || max !== undefined ? `from ${min ?? 'any'} to ${max ?? 'any'}` : undefined;
  const more = [found === undefined ? '' : `found "${found}"`, expected === undefined ? '' : `expected ${expected}`, bounds === undefined ? '' : `expected ${bounds}`].filter((words) => words !== '');
  return `${place}: ${[code, ...more].join('; ')}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
