import type { Command } from '../command.ts';
import { stateJson } from '../../api/state-json.ts';
import { stateNamed } from '../find.ts';
import { refusedByFaults } from '../refused-faults.ts';
import { stateChanges, stateOptions } from '../state-options.ts';
import { exportStates, importStates } from '../state-files.ts';
import { tableText } from '../table.ts';
import { exits } from '../../app/exits.ts';
import { alike } from '../../orders/order-state.ts';
import type { OrderState, StateDraft } from '../../orders/order-state.ts';
import { nearest } from '../../settings/nearest.ts';
import { addState, editState, listStates } from '../../store/states.ts';
import type { Call } from '../command.ts';
import { Refused } from '../refused.ts';
import { plain } from '../terminal.ts';

export const stateCommands: readonly Command[] = [
  {
    name: 'states list',
    options: [{ flags: '--all' }, { flags: '--models' }],
    lists: true,
    examples: ['states list', 'states list --models', 'states list --json'],
    async run(call) {
      const { given, terminal } = call;
      const suivi = await call.open();
      if (given.flag('models')) {
        const { models } = suivi.tables;
        if (given.flag('json')) terminal.json({ models });
        else terminal.print(statesTable(call, models));
        return;
      }
      const states = (await listStates(suivi.context.store.db)).filter(({ archivedAt }) => archivedAt === null || given.flag('all'));
      if (given.flag('json')) terminal.json({ states: states.map(stateJson) });
      else if (states.length === 0) terminal.tell(call.say('noStates'));
      else terminal.print(statesTable(call, states));
    },
  },
  {
    name: 'states add',
    takes: ['[model...]'],
    options: [{ flags: '--mnemonic <name>' }, ...stateOptions],
    changes: true,
    examples: ['states add VALIDEE EXPEDIEE LIVREE', 'states add EXPEDIEE --grace 0', 'states add --mnemonic GRAVURE --type none --name "En gravure" --indicator to-prepare'],
    run: add,
  },
  {
    name: 'states edit',
    takes: ['<state>'],
    options: [{ flags: '--mnemonic <name>' }, ...stateOptions, { flags: '--position <count>' }],
    changes: true,
    examples: ['states edit EXPEDIEE --name en:"On its way" --no-mail', 'states edit EXPEDIEE --grace 0'],
    async run(call) {
      const { given, terminal, say, world } = call;
      const suivi = await call.open();
      const before = await stateNamed(call, given.first);
      const mnemonic = given.text('mnemonic');
      const place = given.whole('position', 1, 9_999);
      const changes = { ...stateChanges(call, before), ...(mnemonic === undefined ? {} : { mnemonic }), ...(place === undefined ? {} : { place }) };
      if (Object.keys(changes).length === 0) throw new Refused(exits.usage, say('nothingToChange'), say('seeHelp', { command: 'suivi states edit' }));
      const edited = await editState(suivi.context, before.mnemonic, changes, call.author, world.clock.now());
      if ('faults' in edited) throw refusedByFaults(call, edited.faults);
      await pointOutAlike(call, edited.state);
      terminal.print(say('stateEdited', { state: edited.state.mnemonic }));
    },
  },
  {
    name: 'states archive',
    takes: ['<state>'],
    options: [{ flags: '--back' }],
    changes: true,
    examples: ['states archive GRAVURE', 'states archive GRAVURE --back'],
    async run(call) {
      const { given, terminal, say, world } = call;
      const suivi = await call.open();
      const before = await stateNamed(call, given.first);
      const archived = !given.flag('back');
      const edited = await editState(suivi.context, before.mnemonic, { archived }, call.author, world.clock.now());
      if ('faults' in edited) throw refusedByFaults(call, edited.faults);
      terminal.print(say(archived ? 'stateArchived' : 'stateBack', { state: edited.state.mnemonic }));
    },
  },
  { name: 'states export', takes: ['[file]'], options: [{ flags: '--all' }, { flags: '--overwrite' }], examples: ['states export etats.json', 'states export > etats.json'], run: exportStates },
  { name: 'states import', takes: ['<file>'], options: [{ flags: '--dry-run' }], changes: true, examples: ['states import etats.json --dry-run', 'states import etats.json'], run: importStates },
];

async function add(call: Call): Promise<number> {
  const { say, terminal, world } = call;
  const suivi = await call.open();
  const drafts = draftsOf(call, suivi.tables.models);
  for (const draft of drafts) {
    const added = await addState(suivi.context, draft, call.author, world.clock.now());
    if ('faults' in added) throw refusedByFaults(call, added.faults);
    terminal.print(say('stateAdded', { state: added.state.mnemonic }));
    await pointOutAlike(call, added.state);
  }
  if (drafts.some(({ actions }) => actions.notifyByMail || actions.notifyBySms || actions.generateInvoice)) terminal.tell(say('noticesNotYet'));
  return exits.done;
}

/** From models, or from a blank card. */
function draftsOf(call: Call, models: readonly StateDraft[]): readonly StateDraft[] {
  const { given, say } = call;
  const mnemonic = given.text('mnemonic');
  if (given.words.length === 0) {
    if (mnemonic === undefined) throw new Refused(exits.usage, say('modelOrMnemonic'), say('modelsAre', { models: models.map((model) => model.mnemonic).join(', ') }));
    const blank: StateDraft = { mnemonic, type: 'none', texts: {}, colour: '#888888', indicator: null, actions: { publish: false, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 60 };
    return [{ ...blank, ...stateChanges(call, blank) }];
  }
  if (mnemonic !== undefined && given.words.length > 1) throw new Refused(exits.usage, say('oneMnemonic'));
  return given.words.map((name) => {
    const model = models.find((one) => one.mnemonic.toUpperCase() === name.toUpperCase());
    if (model === undefined) {
      const near = nearest(name, models.map((one) => one.mnemonic));
      throw new Refused(exits.usage, say('unknownModel', { found: plain(name, 60), isNear: near === null ? 'no' : 'yes', near: near ?? '' }), say('modelsAre', { models: models.map((one) => one.mnemonic).join(', ') }));
    }
    return { ...model, ...stateChanges(call, model), ...(mnemonic === undefined ? {} : { mnemonic }) };
  });
}

/** Names that a reader could take for one another are said, and saved all the same. */
async function pointOutAlike({ open, say, terminal }: Call, state: OrderState): Promise<void> {
  const { context } = await open();
  const others = (await listStates(context.store.db)).filter((other) => other.id !== state.id && other.archivedAt === null);
  const names = alike(state.mnemonic, others);
  if (names.length > 0) terminal.tell(say('alike', { state: state.mnemonic, names: names.join(', ') }));
}

function statesTable({ terminal, say, speech, language }: Call, states: readonly (StateDraft & { readonly archivedAt?: number | null })[]): string {
  return tableText(
    terminal,
    [{ head: say('headState') }, { head: say('headType'), gives: 12 }, { head: say('headCustomerReads'), gives: 12 }, { head: say('headIndicator'), gives: 8 }, { head: say('headPublished') }, { head: say('headGrace'), right: true }],
    states.map(({ mnemonic, type, texts, indicator, actions, graceS, archivedAt }) => [
      archivedAt == null ? mnemonic : `${mnemonic} (${say('archived')})`,
      speech.type(type),
      (texts[language] ?? texts['fr'] ?? Object.values(texts)[0])?.name ?? '',
      indicator === null ? '' : speech.indicator(indicator),
      say(actions.publish ? 'yes' : 'no'),
      graceS === 0 ? say('none') : speech.formatDuration(graceS * 1_000),
    ]),
  );
}
