import { sayFault } from '../api/words.ts';
import type { Suivi } from '../app.ts';
import type { Operation } from '../planning/operation.ts';
import type { Answer, Applied } from '../store/intake.ts';
import type { LogRow } from '../store/log.ts';
import { diagnose } from '../syncing/diagnosis.ts';
import { hasEnded } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import type { Call } from './command.ts';
import { nextSteps } from './next-steps.ts';
import { optionOf } from './refused-faults.ts';
import { plain } from './terminal.ts';
import { paragraph } from './wrap.ts';

/** What became of one order, as the API answers it. In a preview nothing has an identifier: nothing was stored. */
export function answerJson({ speech, language }: Call, order: string, answer: Answer, preview: boolean) {
  if ('faults' in answer) {
    const errors = answer.faults.map((fault) => sayFault(language, fault));
    return { order, error: errors[0], errors };
  }
  return {
    ...(preview ? {} : { id: answer.id }),
    order,
    syncs: answer.syncs.map(({ id, operation, status, cause }) => ({ ...(preview ? {} : { id }), operation, status, ...(cause === null ? {} : { reason: cause }) })),
    warnings: answer.warnings.map((warning) => ({ code: warning.code, message: speech.warning(warning) })),
  };
}

/**
 * The same for people: what will be told or why nothing is, and what to know now.
 * @param rows the syncs as they were stored; none in a preview
 */
export function printAnswer(call: Call, { tables, settings }: Suivi, order: string, answer: Answer, rows: ReadonlyMap<number, LogRow>): void {
  const { terminal, say, speech } = call;
  if ('faults' in answer) {
    terminal.tell(terminal.styleError('red', say('orderRefused', { order: plain(order) })));
    for (const fault of answer.faults) terminal.tell(`  ${say('labelled', { label: optionOf(fault.field), value: speech.mend(fault) })}`);
    return;
  }
  const isQuiet = answer.warnings.some(({ code }) => code === 'observing' || code === 'paused');
  for (const { id, operation, status, cause } of answer.syncs) {
    const row = rows.get(id);
    const when = isQuiet || row?.due_at == null || hasEnded(row.status) ? '' : `, ${say('leavesAt', { at: speech.formatInstant(row.due_at, settings.timeZone, 'time') })}`;
    terminal.print(operation === 'nothing' ? `  ${say('nothingIsSent')}` : `  ${say('labelled', { label: speech.operation(operation as Operation), value: speech.status(status as Status) })}${when}`);
    if (cause !== null) printCause(call, tables.diagnoses, cause, row);
  }
  for (const warning of answer.warnings) terminal.tell(paragraph(terminal, '  ! ', speech.warning(warning)));
}

function printCause({ terminal, language }: Call, diagnoses: Suivi['tables']['diagnoses'], cause: string, row: LogRow | undefined): void {
  const { what, remedy, button } = diagnose(diagnoses, cause as `${string}/${string}`, language);
  terminal.print(paragraph(terminal, '    ', what));
  terminal.print(paragraph(terminal, '    → ', remedy));
  for (const step of row === undefined ? [] : nextSteps(button, row)) terminal.print(`      ${step}`);
}

export function isApplied(answer: Answer): answer is Applied {
  return 'id' in answer;
}
