import { hour, minute } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Due } from '../../store/views/order-rows.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { at } from '../visit.ts';
import type { OpenVisit } from '../visit.ts';

/** How near a deadline is: its class, by weight before colour. */
export function nearness(visit: OpenVisit, { kind, at: due }: Due): 'calm' | 'today' | 'soon' | 'late' | 'met' {
  if (kind === 'met' || kind === 'missed') return 'met';
  if (kind === 'none' || due === null) return 'calm';
  const left = due - visit.now;
  if (left < 0) return 'late';
  if (left < 2 * hour) return 'soon';
  return at(visit, due, 'day') === at(visit, visit.now, 'day') ? 'today' : 'calm';
}

/** What is left until a deadline, and the deadline. */
export function dueWords(visit: OpenVisit, due: Due): Html {
  const { say, speech, now } = visit;
  if (due.kind === 'none' || due.at === null) return html`<small>${say('frame.dueUnknown')}</small>`;
  const words = due.kind === 'open' ? speech.deadline(due.at, toMinutes(now, due.at)) : say(due.kind === 'met' ? 'orders.met' : 'orders.missed');
  return html`<b>${words}</b> <small>${at(visit, due.at)}</small>`;
}

/** Seconds say nothing here, unless there is nothing else to say. */
function toMinutes(now: Instant, due: Instant): Instant {
  return Math.abs(due - now) < minute ? now : now - (((now - due) % minute) + minute) % minute;
}
