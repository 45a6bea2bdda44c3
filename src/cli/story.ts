import { attemptsOf, eventsOf } from '../api/story.ts';
import type { Suivi } from '../app.ts';
import { deadline, leftToShip } from '../orders/order.ts';
import { isPublished } from '../orders/publication.ts';
import type { OutcomeKind } from '../syncing/outcome.ts';
import { diagnose } from '../syncing/diagnosis.ts';
import { tellingOf } from '../syncing/tellings.ts';
import { hasEnded } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { storyOf } from '../store/log.ts';
import type { LogRow } from '../store/log.ts';
import type { OrderHistory } from '../store/history.ts';
import type { Operation } from '../planning/operation.ts';
import type { Call } from './command.ts';
import { entryWords } from './entry-words.ts';
import { nextSteps } from './next-steps.ts';
import { factsText, tableText } from './table.ts';
import { jsonText, plain } from './terminal.ts';
import { paragraph } from './wrap.ts';

/** One order's whole story, for whoever was asked about it: what it is, what was packed, what was applied, who was told. */
export async function printStory(call: Call, suivi: Suivi, history: OrderHistory, syncs: readonly LogRow[], raw: boolean): Promise<void> {
  const { terminal, say } = call;
  printOrder(call, suivi, history);
  printLines(call, history);
  printStates(call, suivi, history);
  printParcels(call, suivi, history);
  heading(call, say('headSyncs'));
  if (syncs.length === 0) terminal.print(`  ${say('noSyncs')}`);
  for (const sync of syncs) await printSync(call, suivi, sync, raw);
}

function heading({ terminal }: Call, text: string): void {
  terminal.print();
  terminal.print(terminal.style('bold', text));
}

function printOrder({ terminal, say, speech, world }: Call, { settings, links, context }: Suivi, { id, link, order, unknownAt, state, indicator }: OrderHistory): void {
  const zone = settings.timeZone;
  const shipBy = deadline(order);
  const marketplace = context.profiles.get(order.account)?.marketplace ?? null;
  terminal.print(terminal.style('bold', `${order.reference}${order.ownReference === null ? '' : ` (${plain(order.ownReference)})`}`));
  terminal.print(
    factsText(terminal, [
      [say('headAccount'), `${order.account} (${speech.channel(marketplace)})`],
      [say('headPlaced'), order.imported ? speech.formatInstant(order.placedAt, zone) : null],
      [say('headShipBy'), order.imported ? `${speech.formatInstant(shipBy, zone)} (${speech.deadline(shipBy, world.clock.now())})` : null],
      [say('headImported'), order.imported ? null : unknownAt === null ? say('notImportedYet') : say('unknownThere')],
      [say('headPayment'), speech.payment(order.payment)],
      [say('headFulfilment'), order.fulfilment === 'merchant' ? null : speech.fulfilment(order.fulfilment)],
      [say('headCancellation'), order.cancellation === 'none' ? null : speech.cancellation(order.cancellation)],
      [say('headTotal'), order.total === null ? null : speech.formatMoney(order.total, order.currency)],
      [say('headCurrentState'), state === null ? null : `${state}${indicator === null ? '' : ` (${speech.indicator(indicator)})`}`],
      [say('headPublication'), `${speech.publication(order.publication)}${isPublished(order) ? ` · ${links.url({ id, link })}` : ` · ${say('notShown')}`}`],
    ]),
  );
}

function printLines(call: Call, { order, parcels }: OrderHistory): void {
  const { terminal, say } = call;
  if (order.lines.length === 0) return;
  const left = leftToShip(order.lines, parcels);
  heading(call, say('headLines'));
  terminal.print(
    tableText(
      terminal,
      [{ head: say('headLine') }, { head: 'SKU', gives: 8 }, { head: say('headArticle'), gives: 16 }, { head: say('headOrdered'), right: true }, { head: say('headCancelled'), right: true }, { head: say('headLeft'), right: true }],
      order.lines.map((line) => [line.lineId, line.sku, line.title, line.quantity, line.cancelled, left.get(line.lineId) ?? 0]),
    ),
  );
}

function printStates(call: Call, { settings }: Suivi, { applied }: OrderHistory): void {
  const { terminal, say, speech } = call;
  heading(call, say('headApplied'));
  if (applied.length === 0) {
    terminal.print(`  ${say('noApplied')}`);
    return;
  }
  terminal.print(
    tableText(
      terminal,
      [{ head: 'ID', right: true }, { head: say('headState') }, { head: say('headWhen') }, { head: say('headBy'), gives: 8 }, { head: say('headShown') }, { head: say('headRemark'), gives: 12 }],
      applied.map((one) => [one.id, one.state, speech.formatInstant(one.appliedAt, settings.timeZone, 'short'), `${one.author} (${one.source})`, say(one.publish ? 'yes' : 'no'), one.undoneAt === null ? '' : say('undoneBy', { name: plain(one.undoneBy) })]),
    ),
  );
}

function printParcels(call: Call, { settings }: Suivi, { order, parcels }: OrderHistory): void {
  const { terminal, say, speech } = call;
  if (parcels.length === 0) return;
  const skus = new Map(order.lines.map((line) => [line.lineId, line.sku]));
  heading(call, say('headParcels'));
  terminal.print(
    tableText(
      terminal,
      [{ head: 'ID', right: true }, { head: say('headCarrier') }, { head: say('headTracking') }, { head: say('headShippedAt') }, { head: say('headHolds'), gives: 12 }, { head: say('headOrigin') }],
      parcels.map((parcel) => [
        parcel.id,
        parcel.carrier ?? '—',
        parcel.trackingNumber ?? say(parcel.untracked ? 'untracked' : 'trackingMissing'),
        speech.formatInstant(parcel.shippedAt, settings.timeZone, 'short'),
        parcel.lines === null ? say('allThatIsLeft') : parcel.lines.map(({ lineId, quantity }) => `${quantity} × ${skus.get(lineId) || lineId}`).join(', '),
        parcel.origin === 'marketplace' ? say('toldByOthers') : '',
      ]),
    ),
  );
}

/** One sync: where it stands and why, what to do, and each attempt with its outcome. */
export async function printSync(call: Call, suivi: Suivi, sync: LogRow, raw: boolean): Promise<void> {
  const { terminal, say, speech, language, world } = call;
  const { settings, tables } = suivi;
  const zone = settings.timeZone;
  const head = `#${sync.id} ${speech.operation(sync.operation as Operation)} · ${statusWords(call, sync.status, sync.cause)}`;
  terminal.print(`  ${terminal.style(hasEnded(sync.status) ? 'reset' : 'yellow', head)}`);
  if (!hasEnded(sync.status)) terminal.print(`    ${say('headShipBy')} ${speech.formatInstant(sync.ship_by, zone, 'short')} (${speech.deadline(sync.ship_by, world.clock.now())})`);
  if (sync.due_at !== null && !hasEnded(sync.status)) terminal.print(`    ${say('dueAt', { at: speech.formatInstant(sync.due_at, zone, 'short') })}`);
  if (sync.reference !== null) terminal.print(`    ${say('referenceThere', { reference: plain(sync.reference) })}`);
  if (sync.cause !== null) {
    const { what, remedy, button } = diagnose(tables.diagnoses, sync.cause as `${string}/${string}`, language);
    terminal.print(paragraph(terminal, '    ', `${what} [${plain(sync.cause)}]`));
    terminal.print(paragraph(terminal, '    → ', remedy));
    for (const step of nextSteps(button, sync)) terminal.print(`      ${step}`);
  }
  await printAttempts(call, suivi, sync, raw);
}

/** What people see, with the exact status behind it where that says more. */
export function statusWords({ speech }: Pick<Call, 'speech'>, status: Status, cause: string | null): string {
  const [shown, exact] = [speech.status(status, cause), speech.exactStatus(status, cause)];
  return shown === exact ? shown : `${shown} (${exact})`;
}

async function printAttempts({ terminal, say, speech }: Call, { settings, context }: Suivi, sync: LogRow, raw: boolean): Promise<void> {
  const story = await storyOf(context.store.db, sync.id);
  const at = (iso: string): string => speech.formatInstant(Date.parse(iso), settings.timeZone, 'time');
  for (const { attempt, call, intent, outcome } of attemptsOf(story)) {
    const telling = tellingOf(story, attempt);
    const ended = outcome === undefined ? say('underWay') : `${speech.outcome(outcome.outcome as OutcomeKind)}${outcome.cause === undefined ? '' : ` [${plain(outcome.cause)}]`}, ${at(outcome.at)}`;
    terminal.print(`    ${say(telling === null ? 'attemptCheck' : 'attemptSend', { telling: telling ?? 0, call: plain(call), at: at(intent.at) })} → ${ended}`);
    if (!raw) continue;
    for (const body of [intent.body, outcome?.body]) if (body !== undefined) terminal.print(`      ${jsonText(body)}`);
  }
  for (const event of eventsOf(story)) terminal.print(`    ${say('labelled', { label: at(event.at), value: entryWords({ say, speech }, event) })}${event.cause === undefined ? '' : ` [${plain(event.cause)}]`}`);
}
