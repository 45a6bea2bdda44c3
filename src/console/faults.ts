import { isStorageTrouble } from '../store/trouble.ts';
import type { Role } from '../store/people.ts';
import { page } from './answer.ts';
import type { Page } from './answer.ts';
import type { FormFault } from './form.ts';
import { html } from './html.ts';
import { head } from './parts/head.ts';
import type { ConsolePorts } from './ports.ts';
import type { OpenVisit } from './visit.ts';

/** Pages for what could not be done: what it was, and what to do. */
function faultPage(visit: OpenVisit, status: number, title: string, words: string): Page {
  const { say, person } = visit;
  const body = html`${head(title)}<div class="stack"><p>${words}</p><p class="keys"><a class="btn" href="/">${say('frame.home')}</a></p></div>`;
  return page(title, body, { status, bare: person === null });
}

export function missingPage(visit: OpenVisit): Page {
  return faultPage(visit, 404, visit.say('frame.missingTitle'), visit.say('frame.missing'));
}

export function notAllowedPage(visit: OpenVisit): Page {
  return faultPage(visit, 405, visit.say('frame.notAllowedTitle'), visit.say('frame.notAllowed'));
}

export function forbiddenPage(visit: OpenVisit, role: Role, least: Role): Page {
  const { say } = visit;
  return faultPage(visit, 403, say('frame.forbiddenTitle'), say('frame.forbidden', { role: say(`frame.${role}`), least: say(`frame.${least}`) }));
}

export function stalePage(visit: OpenVisit): Page {
  return faultPage(visit, 403, visit.say('frame.staleTitle'), visit.say('frame.stale'));
}

export function formFaultPage(visit: OpenVisit, fault: FormFault): Page {
  const { say } = visit;
  if (fault.fault === 'unreadable') return faultPage(visit, 400, say('frame.unreadableTitle'), say('frame.unreadable'));
  return faultPage(visit, 413, say('frame.tooLargeTitle'), say('frame.tooLarge', { limit: fault.limit / 1024 / 1024 }));
}

/** A fault of our own, or of the disk: what it was stands in the log, under a number that the page names. */
export function ownFaultPage(visit: OpenVisit, error: unknown, { context, log }: ConsolePorts, fields: Readonly<Record<string, string>>): Page {
  const fault = Buffer.from(context.audit.random.bytes(6)).toString('hex');
  const storage = isStorageTrouble(error);
  log.error(storage ? 'the database did not take what a page asked for' : 'a page met a fault of our own', { ...fields, fault, error });
  const { say } = visit;
  return storage ? faultPage(visit, 503, say('frame.storageTitle'), say('frame.storage', { fault })) : faultPage(visit, 500, say('frame.faultTitle'), say('frame.fault', { fault }));
}
