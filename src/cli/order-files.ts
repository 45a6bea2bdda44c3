import { orderDraftShape } from '../api/shapes/orders.ts';
import { readShape } from '../api/shape-faults.ts';
import { sayFault } from '../api/words.ts';
import { exits } from '../app/exits.ts';
import { orderFaults } from '../orders/order-draft.ts';
import type { OrderDraft } from '../orders/order-draft.ts';
import { readJson } from '../settings/json.ts';
import { putOrders } from '../store/orders.ts';
import type { Call } from './command.ts';
import { bytesOf } from './files.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** Orders in one transaction: short enough that the daemon is not held up. */
const chunk = 200;

/** One line of the file: an order, or everything that is wrong with it. */
type Line = { readonly line: number } & ({ readonly draft: OrderDraft } | { readonly faults: readonly string[] });

interface Counts {
  fresh: number;
  changed: number;
  readonly refused: { readonly line: number; readonly faults: readonly string[] }[];
}

/** Orders as JSON lines, each as `PUT /orders` takes it; one JSON list of them does as well. A refused one leaves the others alone. */
export async function importOrders(call: Call): Promise<number> {
  const { given, terminal, say, stop } = call;
  const lines = readLines(call, await bytesOf(call, given.first));
  const { context } = await call.open();
  const counts: Counts = { fresh: 0, changed: 0, refused: lines.flatMap((line) => ('faults' in line ? [line] : [])) };
  const drafts = lines.flatMap((line) => ('draft' in line ? [line] : []));
  const progress = terminal.progress(say('progressOrders'));
  let done = 0;
  for (; done < drafts.length && !stop.aborted; done += chunk) {
    await importPart(call, drafts.slice(done, done + chunk), context, counts);
    progress.update(Math.min(done + chunk, drafts.length), drafts.length);
  }
  progress.end();
  report(call, counts, Math.max(0, drafts.length - done));
  return counts.refused.length > 0 || stop.aborted ? exits.someFailed : exits.done;
}

async function importPart({ given, speech, world }: Call, part: readonly { readonly line: number; readonly draft: OrderDraft }[], context: Parameters<typeof putOrders>[0], counts: Counts): Promise<void> {
  const now = world.clock.now();
  const drafts = part.map(({ draft }) => draft);
  const puts = given.flag('dry-run') ? drafts.map((draft) => ({ faults: orderFaults(draft, [...context.profiles.keys()], now) })) : await putOrders(context, drafts, now);
  for (const [index, put] of puts.entries()) {
    const line = part[index]?.line ?? 0;
    if ('faults' in put && put.faults.length > 0) counts.refused.push({ line, faults: put.faults.map((fault) => speech.fault(fault)) });
    else if ('fresh' in put && !put.fresh) counts.changed += 1;
    else counts.fresh += 1;
  }
}

function report({ given, terminal, say }: Call, { fresh, changed, refused }: Counts, left: number): void {
  const inOrder = refused.toSorted((a, b) => a.line - b.line);
  if (given.flag('json')) {
    terminal.json({ dryRun: given.flag('dry-run'), created: fresh, updated: changed, left, refused: inOrder.map(({ line, faults }) => ({ line, messages: faults })) });
    return;
  }
  for (const { line, faults } of inOrder) for (const fault of faults) terminal.tell(say('lineRefused', { line, why: plain(fault) }));
  terminal.print(say(given.flag('dry-run') ? 'ordersWouldImport' : 'ordersImported', { fresh, changed, refused: refused.length }));
  if (left > 0) terminal.tell(say('notReached', { count: left }));
}

function readLines(call: Call, bytes: Uint8Array): readonly Line[] {
  const { say, given } = call;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused(exits.someFailed, say('fileNotUtf8', { file: plain(given.first) }));
  }
  if (text.trim() === '') throw new Refused(exits.someFailed, say('fileEmpty', { file: plain(given.first) }));
  if (text.trimStart().startsWith('[')) return readList(call, text);
  return text.split('\n').flatMap((line, index): Line[] => (line.trim() === '' ? [] : [readLine(call, line, index + 1)]));
}

function readList(call: Call, text: string): readonly Line[] {
  const read = readJson(text);
  if (!('value' in read)) throw new Refused(exits.someFailed, call.say('fileNoJson', { file: plain(call.given.first), line: read.line, column: read.column }));
  return (read.value as readonly unknown[]).map((given, index) => shaped(call, given, index + 1));
}

function readLine(call: Call, text: string, line: number): Line {
  const read = readJson(text);
  return 'value' in read ? shaped(call, read.value, line) : { line, faults: [call.say('lineNoJson', { column: read.column })] };
}

function shaped({ language, say }: Call, given: unknown, line: number): Line {
  const read = readShape(orderDraftShape, given);
  if ('value' in read) return { line, draft: read.value };
  return { line, faults: read.faults.map((fault) => { const said = sayFault(language, fault); return said.field === '' ? said.message : say('labelled', { label: said.field, value: said.message }); }) };
}
