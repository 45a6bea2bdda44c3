import { z } from 'zod';
import { readShape } from '../api/shape-faults.ts';
import { sayFault } from '../api/words.ts';
import { exits } from '../app/exits.ts';
import { stateFaults, stateTypes } from '../orders/order-state.ts';
import type { OrderState, StateDraft } from '../orders/order-state.ts';
import { addState, editState, listStates } from '../store/states.ts';
import { readJson } from '../settings/json.ts';
import type { Call } from './command.ts';
import { bytesOf, refuseToReplace, writeOwnFile } from './files.ts';
import { optionOf } from './refused-faults.ts';
import { Refused } from './refused.ts';
import { jsonText, plain } from './terminal.ts';

const text = z.strictObject({ name: z.string(), comment: z.string(), sms: z.string() });

/** A state's definition in a file of `states export`. */
const draftShape: z.ZodType<StateDraft> = z.strictObject({
  mnemonic: z.string(),
  type: z.enum(stateTypes),
  texts: z.record(z.string(), text),
  colour: z.string(),
  indicator: z.string().nullable(),
  actions: z.strictObject({ publish: z.boolean(), notifyByMail: z.boolean(), notifyBySms: z.boolean(), generateInvoice: z.boolean() }),
  graceS: z.number(),
});

/** Definitions as JSON, to a file or to standard output: what `states import` takes. */
export async function exportStates(call: Call): Promise<number> {
  const { given, terminal, say } = call;
  const { context } = await call.open();
  const states = (await listStates(context.store.db)).filter(({ archivedAt }) => archivedAt === null || given.flag('all'));
  const drafts = states.map(({ mnemonic, type, texts, colour, indicator, actions, graceS }): StateDraft => ({ mnemonic, type, texts, colour, indicator, actions, graceS }));
  const [file] = given.words;
  if (file === undefined || file === '-') {
    terminal.json(drafts);
    return exits.done;
  }
  refuseToReplace(call, file);
  terminal.tell(say('statesExported', { count: drafts.length, file: writeOwnFile(call, file, `${jsonText(drafts, 2)}\n`) }));
  return exits.done;
}

/** Adds the definitions of a file, and changes those that are there already. All of them are right, or none is saved. */
export async function importStates(call: Call): Promise<number> {
  const { given, terminal, say, world } = call;
  const drafts = readDrafts(call, await bytesOf(call, given.first));
  const { context } = await call.open();
  const existing = await listStates(context.store.db);
  refuseFaults(call, drafts, existing);
  const changes = drafts.map((draft) => ({ draft, before: existing.find((state) => same(state, draft)) }));
  for (const { draft, before } of changes) {
    if (before !== undefined && isEqual(before, draft)) {
      terminal.print(say('stateUnchanged', { state: plain(draft.mnemonic) }));
      continue;
    }
    if (!given.flag('dry-run')) {
      const saved = before === undefined ? await addState(context, draft, call.author, world.clock.now()) : await editState(context, before.mnemonic, draft, call.author, world.clock.now());
      if ('faults' in saved) throw new Refused(exits.someFailed, say('changedMeanwhile', { state: plain(draft.mnemonic) }));
    }
    terminal.print(say(before === undefined ? 'stateAdded' : 'stateEdited', { state: plain(draft.mnemonic) }));
  }
  if (given.flag('dry-run')) terminal.tell(say('dryRun'));
  return exits.done;
}

function readDrafts({ say, given, language }: Call, bytes: Uint8Array): readonly StateDraft[] {
  const read = readJson(new TextDecoder().decode(bytes));
  if (!('value' in read)) throw new Refused(exits.someFailed, say('fileNoJson', { file: plain(given.first), line: read.line, column: read.column }));
  const list = readShape(draftShape.array(), read.value);
  if ('value' in list) return list.value;
  const lines = list.faults.map((fault) => sayFault(language, fault)).map(({ field, message }) => say('labelled', { label: field, value: message }));
  throw new Refused(exits.someFailed, say('fileNoStates', { file: plain(given.first) }), ...lines);
}

function refuseFaults({ say, speech }: Call, drafts: readonly StateDraft[], existing: readonly OrderState[]): void {
  const lines = drafts.flatMap((draft, index) => {
    const others = [...existing.filter((state) => !same(state, draft)), ...drafts.slice(0, index)];
    return stateFaults(draft, others).map((fault) => say('labelled', { label: `${plain(draft.mnemonic)}, ${optionOf(fault.field).replace(/^--/, '')}`, value: speech.mend(fault) }));
  });
  if (lines.length > 0) throw new Refused(exits.someFailed, say('statesWrong', { count: lines.length }), ...lines);
}

function same(state: Pick<StateDraft, 'mnemonic'>, draft: Pick<StateDraft, 'mnemonic'>): boolean {
  return state.mnemonic.toUpperCase() === draft.mnemonic.trim().toUpperCase();
}

function isEqual({ mnemonic, type, texts, colour, indicator, actions, graceS }: OrderState, draft: StateDraft): boolean {
  const inOrder = (one: StateDraft): string => JSON.stringify([one.mnemonic, one.type, Object.entries(one.texts).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([language, { name, comment, sms }]) => [language, name, comment, sms]), one.colour, one.indicator, one.actions.publish, one.actions.notifyByMail, one.actions.notifyBySms, one.actions.generateInvoice, one.graceS]);
  return inOrder({ mnemonic, type, texts, colour, indicator, actions, graceS }) === inOrder(draft);
}
