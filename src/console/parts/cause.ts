import { diagnose } from '../../syncing/diagnosis.ts';
import type { Button } from '../../syncing/diagnosis.ts';
import type { Cause } from '../../syncing/outcome.ts';
import type { OpenVisit } from '../visit.ts';

/** A cause as a heading and what stands under it. */
export interface SaidCause {
  /** The first sentence of what happened, as a heading has it: without its point. */
  readonly title: string;
  /** The rest of what happened; empty where one sentence says it all. */
  readonly what: string;
  readonly remedy: string;
  readonly button: Button | null;
}

export function sayCause({ ports, language }: OpenVisit, cause: string): SaidCause {
  const { what, remedy, button } = diagnose(ports.diagnoses, cause as Cause, language);
  const [, first = what, rest = ''] = /^(.+?[.!?])\s+(.+)$/su.exec(what) ?? [];
  return { title: first.replace(/\.$/, ''), what: rest, remedy, button };
}
