import { basename, extname, resolve } from 'node:path';
import { columnNames, readCarrierFile, sayColumn, sayFileFault } from '../app/carrier-files.ts';
import type { FileToApply, RefusedRow, RowWish } from '../app/carrier-files.ts';
import { exits } from '../app/exits.ts';
import type { Suivi } from '../app.ts';
import type { Fault } from '../orders/fault.ts';
import { parcelsWanted } from '../orders/parcel-wish.ts';
import { applyBulk } from '../store/bulk.ts';
import type { Answer } from '../store/intake.ts';
import { isApplied } from './answers.ts';
import { overrides } from './apply-options.ts';
import { previewFile, withoutRows } from './apply-preview.ts';
import type { FilePreview } from './apply-preview.ts';
import type { Call } from './command.ts';
import { bytesOf, writeOwnFile } from './files.ts';
import { accountNamed, nearTo, stateNamed } from './find.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** A row that did not go through, and why, in words. */
interface Refusal {
  readonly row: number;
  readonly order: string | null;
  readonly reasons: readonly string[];
}

/** Applies a state to the orders of a carrier's file: reads, shows, asks, applies, and gives back what was refused. */
export async function applyFile(call: Call): Promise<number> {
  const { given, terminal, say, world } = call;
  const refusedTo = given.text('refused');
  if (refusedTo !== undefined && resolve(world.directory, refusedTo) === resolve(world.directory, given.needed('file'))) throw new Refused(exits.usage, say('refusedIsInput', { file: plain(refusedTo) }));
  const suivi = await call.open();
  const { file, wishes } = await read(call, suivi);
  const early = file.refused.map((row) => refusalOf(call, row));
  const preview = await previewFile(call, suivi, wishes);
  if (!given.flag('json')) printRead(call, file, wishes, early, preview);
  if (given.flag('preview')) {
    if (given.flag('json')) terminal.json({ ...factsJson(file, wishes, early), preview: preview.json });
    else terminal.tell(say('previewOnly'));
    return early.length > 0 || preview.refused > 0 ? exits.someFailed : exits.done;
  }
  if (wishes.length > 0 && !given.flag('yes') && terminal.canAsk && !(await terminal.ask(say('applyQuestion', { count: wishes.length }), say('yes'), say('no'), call.stop))) {
    terminal.tell(say('nothingDone'));
    return exits.someFailed;
  }
  return apply(call, suivi, file, wishes, early);
}

async function read(call: Call, suivi: Suivi): Promise<{ readonly file: FileToApply; readonly wishes: readonly RowWish[] }> {
  const { given, say, language } = call;
  const single = ['order', 'tracking', 'line', 'untracked', 'shipped-at', 'ship-from'].find((option) => (option === 'untracked' ? given.flag(option) : given.texts(option).length > 0));
  if (single !== undefined) throw new Refused(exits.usage, say('notWithFile', { option: `--${single}` }));
  const state = await stateNamed(call, given.first);
  const [account, carrier, columns] = [given.text('account'), given.text('carrier'), given.text('columns')];
  if (account !== undefined) await accountNamed(call, account, true);
  const name = given.needed('file');
  const file = await readCarrierFile(suivi.context, await bytesOf(call, name), {
    state: state.mnemonic,
    parcels: parcelsWanted(state.type),
    ...(account === undefined ? {} : { account }),
    ...(carrier === undefined ? {} : { carrier }),
    ...(columns === undefined ? {} : { columns: columnChoice(columns, say) }),
  });
  if ('faults' in file) throw new Refused(exits.someFailed, say('fileRefused', { file: plain(name) }), ...file.faults.map((fault) => sayFileFault(fault, language)), ...(file.faults.some(({ column }) => column !== undefined) ? [say('columnsRemedy')] : []), ...(file.faults.some(({ column }) => column === 'carrier') ? [say('carrierRemedy')] : []));
  const same = overrides(call);
  return { file, wishes: file.wishes.map((wish) => ({ ...same, ...wish })) };
}

/** `order=Réf. client,tracking=N° colis`; nothing behind the `=`: the file tells nothing of it. */
function columnChoice(text: string, say: Call['say']): Readonly<Record<string, string | null>> {
  const parts = text.split(/,(?=\s*\w+\s*=)/);
  return Object.fromEntries(
    parts.map((part): [string, string | null] => {
      const [, given = '', header = ''] = /^\s*(\w+)\s*=(.*)$/s.exec(part) ?? [];
      const column = columnNames.find((name) => name.toLowerCase() === given.toLowerCase());
      if (column === undefined) throw new Refused(exits.usage, say('unknownColumn', { found: plain(given === '' ? part : given, 60), ...nearTo(given, columnNames) }), say('columnsAre', { columns: columnNames.join(', ') }));
      return [column, header.trim() === '' ? null : header.trim()];
    }),
  );
}

function printRead(call: Call, file: FileToApply, wishes: readonly RowWish[], early: readonly Refusal[], preview: FilePreview): void {
  const { given, terminal, say, language } = call;
  const columns = Object.entries(file.columns).map(([column, header]) => say('columnIs', { column: sayColumn(column, language), header: plain(header, 40) }));
  const put = (line: string): void => (given.flag('preview') ? terminal.print(line) : terminal.tell(line));
  put(say('fileRead', { rows: file.rows, orders: wishes.length, refused: early.length }));
  if (columns.length > 0) put(`  ${say(file.remembered ? 'columnsRemembered' : 'columnsFound')} ${columns.join(', ')}`);
  printRefusals(call, early, put);
  for (const line of preview.lines) put(line);
}

/** So many refused rows are shown; all of them are in the file. */
const shownRows = 10;

function printRefusals({ say }: Call, refusals: readonly Refusal[], put: (line: string) => void): void {
  for (const { row, order, reasons } of refusals.slice(0, shownRows)) put(`  ${say('rowRefused', { row, order: plain(order) || '—', why: plain(reasons.join(' ')) })}`);
  if (refusals.length > shownRows) put(`  ${say('andMore', { count: refusals.length - shownRows })}`);
}

async function apply(call: Call, suivi: Suivi, file: FileToApply, wishes: readonly RowWish[], early: readonly Refusal[]): Promise<number> {
  const { given, terminal, say, world, stop } = call;
  const progress = terminal.progress(say('progressOrders'));
  const source = `file/${basename(given.needed('file'))}`.slice(0, 200);
  const bulk = wishes.length === 0 ? null : await applyBulk(suivi.context, { state: wishes[0]?.state ?? '', author: call.author, source, wishes: wishes.map(withoutRows) }, world.clock.now(), (done, all) => progress.update(done, all), stop);
  progress.end();
  if (given.has('columns')) await file.remember();
  const answers = bulk?.answers ?? [];
  const late = answers.flatMap((answer, index) => ('faults' in answer ? refusalsOf(call, wishes[index], answer.faults) : []));
  const refusals = [...early, ...late].toSorted((a, b) => a.row - b.row);
  const written = refusals.length === 0 ? null : writeRefused(call, file, refusals);
  const left = wishes.length - answers.length;
  if (given.flag('json')) terminal.json({ ...factsJson(file, wishes, refusals), ...(bulk === null ? {} : { bulk: bulk.id }), applied: answers.filter((answer) => isApplied(answer) && !answer.again).length, again: answers.filter((answer) => isApplied(answer) && answer.again).length, left, syncs: countStatuses(answers), ...(written === null ? {} : { refusedFile: written }) });
  else printSummary(call, answers, late, written, bulk?.id ?? null, left, refusals.length);
  return refusals.length > 0 || left > 0 ? exits.someFailed : exits.done;
}

function printSummary(call: Call, answers: readonly Answer[], late: readonly Refusal[], written: string | null, bulk: number | null, left: number, refused: number): void {
  const { terminal, say } = call;
  const applied = answers.filter(isApplied);
  printRefusals(call, late, (line) => terminal.tell(line));
  terminal.print(say('fileApplied', { applied: applied.filter(({ again }) => !again).length, again: applied.filter(({ again }) => again).length, refused }));
  if (left > 0) terminal.tell(say('notReached', { count: left }));
  if (written !== null) terminal.tell(say('refusedWritten', { file: written }));
  if (bulk !== null) terminal.tell(say('undoHint', { command: `suivi bulk undo ${bulk}` }));
}

function factsJson(file: FileToApply, wishes: readonly RowWish[], refusals: readonly Refusal[]) {
  return { rows: file.rows, orders: wishes.length, columns: file.columns, columnsRemembered: file.remembered, refused: refusals.map(({ row, order, reasons }) => ({ row, ...(order === null ? {} : { order }), messages: reasons })) };
}

function countStatuses(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const statuses = answers.flatMap((answer) => (isApplied(answer) ? answer.syncs.map(({ status }) => status) : []));
  return Object.fromEntries([...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]));
}

function refusalOf({ language, speech }: Call, { row, order, faults }: RefusedRow): Refusal {
  return { row, order, reasons: faults.map((fault) => ('field' in fault ? speech.mend(fault) : sayFileFault(fault, language))) };
}

/** Where an order is refused, all its rows are. */
function refusalsOf({ speech }: Call, wish: RowWish | undefined, faults: readonly Fault[]): readonly Refusal[] {
  return (wish?.rows ?? []).map((row) => ({ row, order: wish?.order ?? null, reasons: faults.map((fault) => speech.fault(fault)) }));
}

/** Beside the file that was given, under its name, unless --refused says where. */
function writeRefused(call: Call, file: FileToApply, refusals: readonly Refusal[]): string {
  const { given, language } = call;
  const name = given.needed('file');
  const { bytes, json } = file.refusedFile(refusals, language);
  const end = extname(name) || (json ? '.jsonl' : '.csv');
  const beside = name === '-' ? `stdin.${language === 'fr' ? 'refus' : 'refused'}${end}` : `${name.slice(0, name.length - extname(name).length)}.${language === 'fr' ? 'refus' : 'refused'}${end}`;
  return writeOwnFile(call, given.text('refused') ?? beside, bytes);
}

