import type { z } from 'zod';
import type { Wish } from '../../orders/applied-state.ts';
import { findOrders } from '../../store/find-orders.ts';
import { applyStates, previewStates } from '../../store/intake.ts';
import type { Answer, Applied, Giver } from '../../store/intake.ts';
import { accountOfApplied, orderNames } from '../../store/names.ts';
import { undoApplied } from '../../store/undo.ts';
import type { Status } from '../../syncing/status.ts';
import { base } from '../base.ts';
import { idOf } from '../fields.ts';
import { inPlaces, together } from '../places.ts';
import { Problem } from '../problem.ts';
import { mostItems, route } from '../route.ts';
import type { Call } from '../route.ts';
import { sayRefused, sayWarnings } from '../said.ts';
import { appliedShape, previewedShape, undoneShape } from '../shapes/applied-states.ts';
import { wishShape } from '../shapes/wishes.ts';
import { undoneJson } from '../undone-json.ts';

type Asked = Call<unknown, unknown, z.output<typeof wishShape>>;

export const appliedStateRoutes = [
  route({
    method: 'post',
    path: `${base}/applied-states`,
    scope: 'write',
    operation: 'applyStates',
    summary: 'Apply states to orders',
    description: 'An item that is refused leaves the others alone; the answer has one element for each, in the same order. What is answered is on disk. A sourceRef makes an item safe to send again.',
    items: wishShape,
    answer: appliedShape.array(),
    async handle(call) {
      const { ports, language } = call;
      const told = await answersOf(call, together, (wishes) => applyStates(ports.context, wishes, giverOf(call), call.now));
      ports.notify([...new Set(told.flatMap(({ answer, wish }) => (isApplied(answer) && !answer.again && ports.context.profiles.has(wish.account) ? [wish.account] : [])))]);
      const names = await orderNames(ports.context.store.db, told.flatMap(({ answer }) => (isApplied(answer) ? [answer.order] : [])));
      const orderOf = (answer: Applied, wish: Told['wish']): string => names.get(answer.order)?.reference ?? wish.order;
      return told.map(({ answer, wish }) =>
        isApplied(answer) ? { id: answer.id, order: orderOf(answer, wish), syncs: answer.syncs.map((sync) => ({ id: sync.id, ...plannedJson(sync) })), warnings: sayWarnings(language, answer.warnings) } : sayRefused(language, answer.faults),
      );
    },
  }),
  route({
    method: 'post',
    path: `${base}/preview`,
    scope: 'read',
    operation: 'previewStates',
    summary: 'See what applying states would do',
    description: 'Takes what POST /applied-states takes. Nothing is stored, nothing is sent, and nothing in the answer has an identifier.',
    items: wishShape,
    answer: previewedShape.array(),
    async handle(call) {
      const { ports, language } = call;
      // All in one: what one item takes of an order is not left for the next.
      const told = await answersOf(call, mostItems, (wishes) => previewStates(ports.context, wishes, giverOf(call), call.now));
      const orderOf = await knownNames(call, told);
      return told.map(({ answer, wish }, index) => (isApplied(answer) ? { order: orderOf(index) ?? wish.order, syncs: answer.syncs.map(plannedJson), warnings: sayWarnings(language, answer.warnings) } : sayRefused(language, answer.faults)));
    },
  }),
  route({
    method: 'post',
    path: `${base}/applied-states/:id/undo`,
    scope: 'write',
    operation: 'undoAppliedState',
    summary: 'Undo an applied state',
    description: 'What has not left never leaves; what has left is told, and stays. Where others applied the same, it stands for them, nothing is cancelled, and standsFor names them: it is undone once each of them has undone it.',
    parts: { id: 'The applied state’s number' },
    answer: undoneShape,
    problems: ['unknown-application', 'undone-before'],
    async handle({ ports, part, author, now }) {
      const id = idOf(part('id'));
      const account = id === null ? null : await accountOfApplied(ports.context.store.db, id);
      if (id === null || account === null) return new Problem('unknown-application', { values: { found: part('id') } });
      const undone = await undoApplied(ports.context, id, author, now);
      if (undone === null) return new Problem('undone-before');
      // What it had superseded may be ready again.
      if (ports.context.profiles.has(account)) ports.notify([account]);
      return undoneJson(undone);
    },
  }),
];

/** A caller's own keys belong to their token. By API there is no grace. */
function giverOf({ author }: Asked): Giver {
  return { source: author, author, byHand: false };
}

interface Told {
  readonly wish: Pick<Wish, 'account' | 'order'>;
  readonly answer: Applied | { readonly faults: Parameters<typeof sayRefused>[1] };
}

async function answersOf({ items, failed }: Asked, atOnce: number, ask: (wishes: readonly Wish[]) => Promise<readonly Answer[]>): Promise<readonly Told[]> {
  const answers = await inPlaces<Wish, Answer>(items, atOnce, ask, failed);
  return answers.map((answer, index): Told => {
    const item = items[index];
    return { answer, wish: item !== undefined && 'value' in item ? item.value : { account: '', order: '' } };
  });
}

function isApplied(answer: Told['answer']): answer is Applied {
  return 'id' in answer;
}

/** Orders as their accounts number them, by place. One that a preview only thought of has no name of its own. */
async function knownNames({ ports }: Asked, told: readonly Told[]): Promise<(index: number) => string | undefined> {
  const { context } = ports;
  const found = await findOrders(context.store.db, context, told.map(({ wish }) => wish));
  const names = await orderNames(context.store.db, found.flatMap((one) => ('id' in one ? [one.id] : [])));
  return (index) => {
    const one = found[index];
    return one !== undefined && 'id' in one ? names.get(one.id)?.reference : undefined;
  };
}

function plannedJson({ operation, status, cause }: Applied['syncs'][number]) {
  return { operation, status: status as Status, ...(cause === null ? {} : { reason: cause }) };
}
