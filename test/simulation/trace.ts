import type { Group, Result } from '../../src/syncing/ledger.ts';

/** `1d 02:03:04.567` since the beginning. */
export function momentText(elapsed: number): string {
  const two = (n: number, length = 2): string => String(Math.floor(n)).padStart(length, '0');
  return `${Math.floor(elapsed / 86_400_000)}d ${two((elapsed / 3_600_000) % 24)}:${two((elapsed / 60_000) % 60)}:${two((elapsed / 1_000) % 60)}.${two(elapsed % 1_000, 3)}`;
}

export function groupText({ step, call, members, probing }: Group): string {
  return members.map(({ intent }) => `intends ${step} #${intent.sync}/${intent.attempt} ${intent.payload.order} (${call}${probing ? ', a probe' : ''})`).join('; ');
}

export function resultText({ member, outcome, settlement }: Result, late: boolean): string {
  const cause = 'cause' in outcome ? ` ${outcome.cause}` : '';
  return `records ${member.intent.step} #${member.intent.sync}/${member.intent.attempt} ${outcome.kind}${cause}${late ? ', late' : ` → ${settlement.status}`}`;
}
