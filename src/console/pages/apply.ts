import type { Wish } from '../../orders/applied-state.ts';
import type { OrderState } from '../../orders/order-state.ts';
import { parcelsWanted } from '../../orders/parcel-wish.ts';
import { applyBulk, undoBulk } from '../../store/bulk.ts';
import { claimantName } from '../../store/claims.ts';
import { applyStates, previewStates } from '../../store/intake.ts';
import type { Answer as Applied } from '../../store/intake.ts';
import { breathe } from '../../store/breathe.ts';
import { mayAs } from '../../store/people.ts';
import type { OrderToApply } from '../../store/views/orders-to-apply.ts';
import { go, missing, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import { empty, head } from '../parts/head.ts';
import { link } from '../parts/link.ts';
import type { Visit } from '../visit.ts';
import { applyForm } from './apply-form.ts';
import type { Preview } from './apply-form.ts';
import { consequencesOf, ofForm, sealOf, wishesOf } from './apply-wishes.ts';
import { filterOf, readAsked } from './order-filter.ts';

/** So many orders are taken at once: a form of their rows can still be read. */
const most = 500;

/** Orders in one transaction that is rolled back: short enough that the daemon is not held up. */
const chunk = 100;

/** GET /orders/apply: the orders that were chosen, or all that a view finds. */
export async function applyPage(visit: Visit): Promise<Answer> {
  const { query, ports, now } = visit;
  const back = backOf(query.get('back'));
  const choices = await ports.reader.view('orderChoices');
  const ids = query.get('all') === 'yes' ? await ports.reader.view('orderIds', { filter: filterOf(readAsked(new URL(back, 'http://here').searchParams), choices, ports.timeZone, now), limit: most + 1 }) : query.getAll('order').filter((one) => /^\d{1,15}$/.test(one)).map(Number);
  return shown(visit, { ids: ids.slice(0, most), cut: ids.length > most, back, state: null, preview: null, status: 200 });
}

/** POST /orders/apply: a state is chosen, then what it would send is shown, then it is applied. */
export async function apply(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const ids = form.all('order').filter((one) => /^\d{1,15}$/.test(one)).map(Number).slice(0, most);
  const back = backOf(form.text('back'));
  const states = await statesFor(visit);
  const state = states.find(({ mnemonic }) => mnemonic === form.text('state')) ?? null;
  const asked = { ids, cut: false, back, state, preview: null, status: 200 } as const;
  const step = form.text('do');
  const orders = await ports.reader.view('ordersToApply', { ids });
  if (state === null || orders.length === 0) return shown(visit, { ...asked, status: step === '' ? 200 : 422 });
  // The fields of another state's form are not this one's.
  const fresh = form.text('of') !== state.mnemonic;
  if (fresh && parcelsWanted(state.type)) return shown(visit, asked);
  const wishes = fresh ? orders.map(({ account, reference }): Wish => ({ account, order: reference, state: state.mnemonic })) : wishesOf(form, state, orders);
  const answers = await previewed(visit, wishes);
  const good = wishes.filter((_, index) => 'id' in (answers[index] ?? {}));
  // What somebody did meanwhile may change what would be sent: it is shown anew. What was applied by this very form is not.
  const changed = step === 'apply' && form.text('seen') !== sealOf(wishes, consequencesOf(answers)) && !(await isApplied(visit, ofForm(form, wishes)));
  if (step !== 'apply' || changed || good.length === 0) {
    const foreseen = await ports.foresee(wishes, answers, now);
    return shown(visit, { ...asked, preview: { wishes, answers, foreseen, changed }, status: good.length === wishes.length ? 200 : 422 });
  }
  const accounts = [...new Set(good.map(({ account }) => account))];
  const first = orders.find(({ reference }) => reference === good[0]?.order)?.id ?? 0;
  if (orders.length === 1) {
    const [answer] = await applyStates(ports.context, ofForm(form, good), { source: 'console', author: person.name, byHand: true }, now);
    ports.notify(accounts);
    if (answer !== undefined && 'id' in answer) return go(`/orders/${first}`, { key: answer.again ? 'apply.again' : 'apply.one', values: { state: state.mnemonic } });
    // Something came in between the last look and the deed.
    const refused = answer === undefined ? [] : [answer];
    return shown(visit, { ...asked, preview: { wishes, answers: refused, foreseen: await ports.foresee(wishes, refused, now), changed: true }, status: 422 });
  }
  const bulk = await applyBulk(ports.context, { state: state.mnemonic, author: person.name, source: 'console', wishes: ofForm(form, good) }, now, () => undefined, ports.stop);
  ports.notify(accounts);
  const applied = bulk.answers.filter((answer) => 'id' in answer).length;
  return go(`${back.split('#')[0] ?? back}#o${first}`, { key: 'apply.many', values: { state: state.mnemonic, n: applied, refused: wishes.length - applied }, tone: applied === wishes.length ? 'done' : 'warn' });
}

/** Whether this very form, sent before, has begun to apply it. */
async function isApplied(visit: Visit, wishes: readonly Wish[]): Promise<boolean> {
  return (await previewed(visit, wishes)).some((answer) => 'id' in answer && answer.again);
}

/** POST /orders/bulk/:id/undo */
export async function undoMany(visit: Visit): Promise<Answer> {
  const { part, form, ports, person, now } = visit;
  const id = /^\d{1,15}$/.test(part('id')) ? Number(part('id')) : 0;
  const undone = await undoBulk(ports.context, id, person.name, now);
  if (undone === null) return missing;
  ports.notify([...ports.context.profiles.keys()]);
  const standing = undone.filter(({ standsFor }) => standsFor.length > 0);
  const late = undone.filter(({ whole }) => !whole).length - standing.length;
  const n = undone.length - late - standing.length;
  if (standing.length > 0) return go(backOf(form.text('back')), { key: 'apply.undoneStands', values: { n, late, stand: standing.length, names: [...new Set(standing.flatMap(({ standsFor }) => standsFor.map(claimantName)))].join(', ') }, tone: 'warn' });
  return go(backOf(form.text('back')), { key: 'apply.undone', values: { n, late }, tone: late === 0 ? 'done' : 'warn' });
}

/** What would come of it, by doing it and undoing it before anybody sees. */
export async function previewed({ ports, person, now }: Visit, wishes: readonly Wish[]): Promise<readonly Applied[]> {
  const answers: Applied[] = [];
  for (let from = 0; from < wishes.length; from += chunk) {
    await breathe();
    answers.push(...(await previewStates(ports.context, wishes.slice(from, from + chunk), { source: 'console', author: person.name, byHand: true }, now)));
  }
  return answers;
}

interface Asked {
  readonly ids: readonly number[];
  /** More were found than are taken. */
  readonly cut: boolean;
  readonly back: string;
  readonly state: OrderState | null;
  readonly preview: Preview | null;
  readonly status: number;
}

async function shown(visit: Visit, { ids, cut, back, state, preview, status }: Asked): Promise<Answer> {
  const { say, ports } = visit;
  const orders: readonly OrderToApply[] = await ports.reader.view('ordersToApply', { ids });
  const title = say('apply.title', { n: orders.length });
  const top = head(title, { above: { to: back, words: say('frame.back') }, under: cut ? say('apply.cut', { n: most }) : [...Map.groupBy(orders, ({ account }) => account)].map(([account, all]) => `${all.length} ${account}`).join(' · ') });
  if (orders.length === 0) return page(title, html`${top}${empty(say('frame.nothingChosen'), link(back, say('frame.back')))}`, { status });
  const states = await statesFor(visit);
  return page(title, html`${top}${states.length === 0 ? empty(say('apply.noStates'), visit.may('get /states/models') ? link('/states/models', say('states.fromModel')) : none) : applyForm(visit, { orders, back, states, state, preview })}`, { status });
}

/** Those that this person may apply: a cancellation is a merchant's. A refund is asked for with its sums, which this form has not. */
async function statesFor({ ports, person }: Visit): Promise<readonly OrderState[]> {
  const { states } = await ports.reader.view('orderChoices');
  return states.filter(({ type }) => type !== 'order-refunded' && (type !== 'order-cancelled' || mayAs(person.role, 'merchant')));
}

/** Only places of order tracking are come back to. */
function backOf(given: string | null): string {
  return given !== null && /^\/(?:orders|differences)(?:[/?#]|$)/.test(given) && !given.includes('\\') ? given : '/orders';
}
