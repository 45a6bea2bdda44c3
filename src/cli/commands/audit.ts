import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { exportAudit, exportFormats } from '../../app/audit-export.ts';
import { exits } from '../../app/exits.ts';
import type { Instant } from '../../runtime/clock.ts';
import { headText, listHeads, parseHead, verifyAudit } from '../../store/verify.ts';
import type { Head, LaneVerdict } from '../../store/verify.ts';
import type { Call, Command } from '../command.ts';
import { codeOf } from '../files.ts';
import { readMoment } from '../moments.ts';
import { Interrupted, Refused } from '../refused.ts';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';

export const auditCommands: readonly Command[] = [
  { name: 'audit verify', withoutAccounts: true, options: [{ flags: '--head <head>', many: true }], lists: true, examples: ['audit verify', 'audit verify --head "amazon-fr:1842:9f86d081…"'], run: verify },
  { name: 'audit heads', withoutAccounts: true, lists: true, examples: ['audit heads'], run: heads },
  {
    name: 'audit export',
    withoutAccounts: true,
    options: [{ flags: '--from <moment>' }, { flags: '--to <moment>' }, { flags: '--format <format>' }, { flags: '--output <file>' }],
    examples: ['audit export --from 2026-11-01 --to 2026-11-30 --format csv-fr --output novembre.csv', 'audit export --from 7d --format jsonl | gzip > audit.jsonl.gz'],
    run: exportTo,
  },
];

async function verify(call: Call): Promise<number> {
  const { given, terminal, say, stop } = call;
  const known = given.texts('head').map((text) => headOf(call, text));
  const { context } = await call.open();
  const progress = terminal.progress(say('progressEntries'));
  const all = (await listHeads(context.store.db)).reduce((sum, { number }) => sum + number, 0);
  const verdicts = await verifyAudit(context.store.db, context.audit.keyring, known, (entries) => {
    if (stop.aborted) throw new Interrupted();
    progress.update(entries, all);
  });
  progress.end();
  const whole = verdicts.every(({ faults }) => faults.length === 0);
  if (given.flag('json')) terminal.json({ whole, lanes: verdicts.map(({ head, ...verdict }) => ({ ...verdict, ...(head === null ? {} : { head: headText(head) }) })) });
  else printVerdicts(call, verdicts, whole);
  return whole ? exits.done : exits.someFailed;
}

/** So many faults of one lane are shown. */
const shownFaults = 10;

function printVerdicts({ terminal, say }: Call, verdicts: readonly LaneVerdict[], whole: boolean): void {
  terminal.print(tableText(terminal, [{ head: say('headLane') }, { head: say('headEntries'), right: true }, { head: say('headBodies'), right: true }, { head: say('headVerdict'), gives: 12 }], verdicts.map(({ lane, entries, bodies, faults }) => [lane, entries, bodies, faults.length === 0 ? say('whole') : say('broken', { count: faults.length })])));
  for (const { lane, faults } of verdicts) {
    for (const { number, what } of faults.slice(0, shownFaults)) terminal.print(`  ${say('auditFault', { lane, number, what: say(`fault-${what}`) })}`);
    if (faults.length > shownFaults) terminal.print(`  ${say('andMore', { count: faults.length - shownFaults })}`);
  }
  terminal.print(say(whole ? 'auditWhole' : 'auditBroken'));
}

function headOf({ say }: Call, text: string): Head {
  const head = parseHead(text);
  if (head === null) throw new Refused(exits.usage, say('wrongOption', { option: '--head', found: plain(text, 60), expected: say('expectsHead') }));
  return head;
}

async function heads({ given, terminal, open }: Call): Promise<number> {
  const { context } = await open();
  const all = await listHeads(context.store.db);
  if (given.flag('json')) terminal.json({ heads: all.map((head) => ({ ...head, text: headText(head) })) });
  else for (const head of all) terminal.print(headText(head));
  return exits.done;
}

async function exportTo(call: Call): Promise<number> {
  const { given, terminal, say, stop, world } = call;
  const format = given.oneOf('format', exportFormats) ?? 'csv';
  const { context, settings } = await call.open();
  const [from, to] = [bound(call, 'from', settings.timeZone, false) ?? 0, bound(call, 'to', settings.timeZone, true) ?? world.clock.now()];
  if (from >= to) throw new Refused(exits.usage, say('fromAfterTo'));
  const output = given.text('output');
  const file = output === undefined ? null : await fileFor(call, output);
  for await (const piece of exportAudit(context, from, to, format)) {
    if (stop.aborted) throw new Interrupted();
    if (file === null) await terminal.write(piece);
    else await file.write(piece);
    // Nobody reads on: there is nobody to write for.
    if (file === null && terminal.closed.aborted) return exits.done;
  }
  await file?.end();
  if (file !== null) terminal.tell(say('exported', { file: file.path }));
  return exits.done;
}

function bound({ given, say, world }: Call, option: 'from' | 'to', timeZone: string, end: boolean): Instant | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const at = readMoment(text, world.clock.now(), timeZone, end);
  if (at === null) throw new Refused(exits.usage, say('wrongOption', { option: `--${option}`, found: plain(text, 60), expected: say('expectsMoment') }));
  return at;
}

/** A file for its owner alone, written piece by piece. */
async function fileFor({ world, say }: Call, name: string): Promise<{ readonly path: string; write(piece: string): Promise<void>; end(): Promise<void> }> {
  const path = resolve(world.directory, name);
  const stream = createWriteStream(path, { mode: 0o600 });
  const failed = (error: unknown): Refused => new Refused(exits.unreachable, say('fileUnwritable', { file: plain(name), why: codeOf(error) }));
  try {
    await once(stream, 'open');
  } catch (error) {
    throw failed(error);
  }
  return {
    path,
    async write(piece) {
      if (stream.errored !== null) throw failed(stream.errored);
      if (!stream.write(piece)) await once(stream, 'drain').catch((error: unknown) => { throw failed(error); });
    },
    async end() {
      stream.end();
      await once(stream, 'close').catch((error: unknown) => { throw failed(error); });
    },
  };
}
