import { exits } from '../app/exits.ts';
import type { Suivi } from '../app.ts';
import type { Wish } from '../orders/applied-state.ts';
import { applyBulk } from '../store/bulk.ts';
import { applyStates, previewStates } from '../store/intake.ts';
import type { Answer } from '../store/intake.ts';
import { findSyncs } from '../store/log.ts';
import { answerJson, isApplied, printAnswer } from './answers.ts';
import { overrides, parcelOf } from './apply-options.ts';
import type { Call } from './command.ts';
import { accountNamed, orderNamed, stateNamed } from './find.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** Applies a state to the orders that are named one by one. */
export async function applyOrders(call: Call): Promise<number> {
  const { given, terminal, world } = call;
  refuseFileOptions(call);
  const suivi = await call.open();
  const state = await stateNamed(call, given.first);
  const parcel = parcelOf(call);
  const orders = [...new Set(given.texts('order'))];
  if (orders.length > 1 && parcel !== null && (parcel.trackingNumber !== undefined || parcel.lines !== undefined)) throw new Refused(exits.usage, call.say('parcelForOne'));
  const wishes: Wish[] = [];
  for (const order of orders) {
    const account = await accountOf(call, order);
    wishes.push({ account, order, state: state.mnemonic, ...overrides(call), ...(parcel === null ? {} : { parcels: [parcel] }) });
  }
  if (given.flag('preview')) return preview(call, suivi, wishes);

  const now = world.clock.now();
  const giver = { source: 'cli', author: call.author, byHand: true };
  const bulk = wishes.length === 1 ? null : await applyBulk(suivi.context, { state: state.mnemonic, author: call.author, source: 'cli', wishes }, now, () => undefined, call.stop);
  const answers = bulk?.answers ?? (await applyStates(suivi.context, wishes, giver, now));
  if (given.flag('json')) terminal.json(wishes.map(({ order }, index) => answerJson(call, order, answers[index] ?? { faults: [] }, false)));
  else await show(call, suivi, wishes, answers, bulk?.id ?? null);
  return answers.every(isApplied) ? exits.done : exits.someFailed;
}

async function preview(call: Call, suivi: Suivi, wishes: readonly Wish[]): Promise<number> {
  const { terminal, say, given, world } = call;
  const answers = await previewStates(suivi.context, wishes, { source: 'cli', author: call.author, byHand: true }, world.clock.now());
  if (given.flag('json')) {
    terminal.json(wishes.map(({ order }, index) => answerJson(call, order, answers[index] ?? { faults: [] }, true)));
  } else {
    for (const [index, { order, account, state }] of wishes.entries()) {
      const answer = answers[index] ?? { faults: [] };
      if (isApplied(answer)) terminal.print(say('wouldApply', { state, order: plain(order), account }));
      printAnswer(call, suivi, order, answer, new Map());
    }
    terminal.tell(say('previewOnly'));
  }
  return answers.every(isApplied) ? exits.done : exits.someFailed;
}

async function show(call: Call, suivi: Suivi, wishes: readonly Wish[], answers: readonly Answer[], bulk: number | null): Promise<void> {
  const { terminal, say } = call;
  const rows = await findSyncs(suivi.context.store.db, answers.flatMap((answer) => (isApplied(answer) ? answer.syncs.map(({ id }) => id) : [])));
  for (const [index, { order, account, state }] of wishes.entries()) {
    const answer = answers[index] ?? { faults: [] };
    if (isApplied(answer)) terminal.print(say(answer.again ? 'appliedBefore' : 'applied', { id: answer.id, state, order: plain(order), account }));
    printAnswer(call, suivi, order, answer, rows);
  }
  const fresh = answers.filter((answer) => isApplied(answer) && !answer.again);
  const [only] = fresh;
  if (bulk !== null && fresh.length > 0) terminal.tell(say('undoHint', { command: `suivi bulk undo ${bulk}` }));
  else if (only !== undefined && isApplied(only)) terminal.tell(say('undoHint', { command: `suivi undo ${only.id}` }));
}

/** As it was given; else that of the only order of this number. An order that nobody knows needs its account said. */
async function accountOf(call: Call, order: string): Promise<string> {
  const account = call.given.text('account');
  if (account !== undefined) return accountNamed(call, account, true);
  return (await orderNamed(call, order, undefined)).account;
}

function refuseFileOptions({ given, say }: Call): void {
  const option = ['columns', 'refused'].find((one) => given.has(one));
  if (option !== undefined) throw new Refused(exits.usage, say('onlyWithFile', { option: `--${option}` }));
}
