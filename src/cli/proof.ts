import { proofJson } from '../api/proof-json.ts';
import { exits } from '../app/exits.ts';
import type { Suivi } from '../app.ts';
import { sayFinding } from '../language/proof.ts';
import type { Operation } from '../planning/operation.ts';
import type { Instant } from '../runtime/clock.ts';
import { proofOf } from '../store/proof.ts';
import { headText } from '../store/verify.ts';
import type { OutcomeKind } from '../syncing/outcome.ts';
import type { Answered, Proof } from '../syncing/proof.ts';
import type { Call } from './command.ts';
import { syncNumbered } from './find.ts';
import { entryWords } from './entry-words.ts';
import { statusWords } from './story.ts';
import { factsText, tableText } from './table.ts';
import { jsonText, plain } from './terminal.ts';
import { paragraph } from './wrap.ts';

/** What can be shown of one sync to somebody who doubts it, and what it does not show. */
export async function printProof(call: Call): Promise<number> {
  const { given, terminal, world, language } = call;
  const id = given.id();
  const suivi = await call.open();
  const row = await syncNumbered(call, id);
  const proof = await proofOf(suivi.context, row.id);
  if (proof === null) throw new Error(`sync ${row.id} has gone while it was read`);
  if (given.flag('json')) terminal.json(proofJson(proof, language, suivi.settings.timeZone, world.clock.now()));
  else print(call, suivi, proof);
  return exits.done;
}

function print(call: Call, { settings }: Suivi, proof: Proof): void {
  const { terminal, say, speech, language, world } = call;
  const zone = settings.timeZone;
  const exact = (at: Instant): string => `${speech.formatInstant(at, zone, 'exact')} (${Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' })})`;
  const heading = (text: string): void => terminal.print(`\n${terminal.style('bold', text)}`);
  terminal.print(terminal.style('bold', say('proofTitle', { sync: proof.sync })));
  terminal.print(factsText(terminal, [[say('headAccount'), proof.account], [say('headOrder'), proof.order], [say('headOperation'), speech.operation(proof.operation as Operation)], [say('headStatus'), statusWords(call, proof.status, proof.cause)], [say('headReference'), proof.reference], [say('headDeadline'), exact(proof.deadline)], [say('headMadeAt'), exact(world.clock.now())]]));
  for (const [index, { call: name, at, tells, answer }] of proof.tellings.entries()) {
    heading(say('proofTelling', { telling: index + 1, call: plain(name) }));
    terminal.print(paragraph(terminal, '  ', say('writtenDown', { at: exact(at) })));
    if (tells !== null) terminal.print(`  ${jsonText(tells)}`);
    terminal.print(paragraph(terminal, '  ', answer === null ? say('underWay') : answerLine(call, answer, exact)));
  }
  if (proof.readBacks.length > 0) heading(say('proofReadBacks'));
  for (const readBack of proof.readBacks) terminal.print(paragraph(terminal, '  ', answerLine(call, readBack, exact)));
  heading(say('proves'));
  for (const finding of proof.proves) terminal.print(paragraph(terminal, '  · ', sayFinding(language, finding, zone)));
  if (proof.proves.length === 0) terminal.print(`  ${say('provesNothing')}`);
  heading(say('leavesOpen'));
  for (const finding of proof.leavesOpen) terminal.print(paragraph(terminal, '  · ', sayFinding(language, finding, zone)));
  heading(say('proofEntries'));
  terminal.print(tableText(terminal, [{ head: say('headLane') }, { head: 'N°', right: true }, { head: say('headKind') }, { head: say('headWhole') }, { head: 'SHA-256', below: true }], proof.entries.map(({ lane, number, kind, what, hash, whole, body }) => [lane, number, entryWords(call, { kind, what, body }), say(whole ? 'yes' : 'no'), hash])));
  if (proof.head !== null) terminal.print(`\n${say('headIs', { head: headText(proof.head) })}`);
}

function answerLine({ say, speech }: Call, answer: Answered, exact: (at: Instant) => string): string {
  return say('answeredAt', {
    outcome: speech.outcome(answer.outcome as OutcomeKind),
    at: exact(answer.at),
    isDate: answer.date === null ? 'no' : 'yes',
    date: answer.date === null ? '' : exact(answer.date),
    isRequest: answer.requestId === null ? 'no' : 'yes',
    requestId: plain(answer.requestId),
  });
}
