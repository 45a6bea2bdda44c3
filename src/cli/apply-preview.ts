import { iso } from '../api/fields.ts';
import { sayCause } from '../api/said.ts';
import type { Wish } from '../orders/applied-state.ts';
import type { RowWish } from '../app/carrier-files.ts';
import { foresee } from '../app/foresee.ts';
import type { Foreseen } from '../app/foresee.ts';
import type { Suivi } from '../app.ts';
import { breathe } from '../store/breathe.ts';
import { previewStates } from '../store/intake.ts';
import type { Answer } from '../store/intake.ts';
import type { Status } from '../syncing/status.ts';
import { isApplied } from './answers.ts';
import type { Call } from './command.ts';
import { Interrupted } from './refused.ts';
import { plain } from './terminal.ts';

/** What a file would do, for people and for programs. */
export interface FilePreview {
  readonly lines: readonly string[];
  /** Orders that would be refused. */
  readonly refused: number;
  readonly json: object;
}

/** Orders in one transaction that is rolled back: short enough that the daemon is not held up. */
const chunk = 100;

/** What applying would do, by doing it and undoing it before anybody sees. */
export async function previewFile(call: Call, suivi: Suivi, wishes: readonly RowWish[]): Promise<FilePreview> {
  const { terminal, say, world, stop } = call;
  const now = world.clock.now();
  const answers: Answer[] = [];
  const progress = terminal.progress(say('progressPreview'));
  for (let from = 0; from < wishes.length; from += chunk) {
    await breathe();
    if (stop.aborted) throw new Interrupted();
    answers.push(...(await previewStates(suivi.context, wishes.slice(from, from + chunk).map(withoutRows), { source: 'cli', author: call.author, byHand: true }, now)));
    progress.update(answers.length, wishes.length);
  }
  progress.end();
  const foreseen = await foresee(suivi.context, wishes, answers, now);
  return { lines: linesOf(call, suivi, answers, foreseen), refused: answers.filter((answer) => !isApplied(answer)).length, json: jsonOf(call, answers, foreseen) };
}

/** The wish alone: what its rows were is no part of it. */
export function withoutRows(one: RowWish): Wish {
  const { rows: _, ...wish } = one;
  return wish;
}

/** So many late orders are named. */
const named = 10;

function linesOf({ say, speech, language }: Call, { settings, tables }: Suivi, answers: readonly Answer[], { lastAt, late }: Foreseen): readonly string[] {
  const lines: string[] = [];
  for (const { status, cause, count } of counted(answers)) {
    const why = cause === null ? '' : ` · ${sayCause(tables.diagnoses, cause, language).what}`;
    lines.push(`  ${say('wouldBe', { count, status: speech.status(status) })}${why}`);
  }
  for (const { message, count } of warned(answers, speech)) lines.push(`  ! ${say('times', { count })} ${message}`);
  if (lastAt !== null) lines.push(`  ${say('lastLeaves', { at: speech.formatInstant(lastAt, settings.timeZone) })}`);
  if (late.length > 0) lines.push(`  ! ${say('wouldMiss', { count: late.length, orders: `${late.slice(0, named).map(({ order }) => plain(order)).join(', ')}${late.length > named ? ', …' : ''}` })}`);
  return lines;
}

function jsonOf({ speech }: Call, answers: readonly Answer[], { lastAt, late }: Foreseen): object {
  return {
    syncs: counted(answers).map(({ status, cause, count }) => ({ status, ...(cause === null ? {} : { reason: cause }), count })),
    warnings: warned(answers, speech).map(({ code, message, count }) => ({ code, message, count })),
    refused: answers.filter((answer) => !isApplied(answer)).length,
    ...(lastAt === null ? {} : { lastLeavesAt: iso(lastAt) }),
    late: late.map(({ order, account, shipBy, at }) => ({ account, order, shipBy: iso(shipBy), leavesAt: iso(at) })),
  };
}

/** How many syncs would stand where, and why. What was told of before is no work. */
function counted(answers: readonly Answer[]): readonly { readonly status: Status; readonly cause: string | null; readonly count: number }[] {
  const syncs = answers.flatMap((answer) => (isApplied(answer) && !answer.again ? answer.syncs : []));
  const groups = Map.groupBy(syncs, ({ status, cause }) => `${status} ${cause ?? ''}`);
  return [...groups.values()].flatMap((group) => (group[0] === undefined ? [] : [{ status: group[0].status as Status, cause: group[0].cause, count: group.length }])).toSorted((a, b) => b.count - a.count);
}

/** Warnings of one kind and wording, once each. */
function warned(answers: readonly Answer[], speech: Call['speech']): readonly { readonly code: string; readonly message: string; readonly count: number }[] {
  const all = answers.flatMap((answer) => (isApplied(answer) ? answer.warnings.map((warning) => ({ code: warning.code, message: speech.warning(warning) })) : []));
  const byCode = Map.groupBy(all, ({ code }) => code);
  return [...byCode.values()].flatMap((group) => (group[0] === undefined ? [] : [{ ...group[0], count: group.length }]));
}
