import { saveLetterhead } from '../../../store/letterhead.ts';
import { go } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import type { Visit } from '../../visit.ts';
import { statesWith } from './list.ts';

/** POST /states/letterhead: what stands around every order that a customer sees. */
export async function saveHead(visit: Visit): Promise<Answer> {
  const { form, ports, person, now } = visit;
  const letterhead = { name: form.text('name'), contact: form.text('contact').replaceAll('\r\n', '\n') };
  const faults = await saveLetterhead(ports.context, letterhead, person.name, now);
  return faults.length > 0 ? statesWith(visit, { letterhead, faults }) : go('/states', { key: 'states.saidLetterhead' });
}
