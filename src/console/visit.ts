import type { InstantStyle } from '../language/formats.ts';
import type { Speech } from '../language/speak.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Role } from '../store/people.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Background } from './background.ts';
import type { Form } from './form.ts';
import type { Html } from './html.ts';
import type { Live } from './live.ts';
import type { ConsolePorts } from './ports.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import type { Tries } from './sign-in/tries.ts';
import type { Say } from './words.ts';

/** Somebody who is signed in. */
export interface Visitor {
  readonly id: string;
  /** As the journal names them. */
  readonly name: string;
  readonly role: Role;
  readonly secondFactor: boolean;
}

export type Theme = 'light' | 'dark';

/** One request by somebody who was let in. */
export interface Visit extends OpenVisit {
  readonly person: Visitor;
}

/** One request to an address that is open to everybody. */
export interface OpenVisit {
  readonly ports: ConsolePorts;
  readonly person: Visitor | null;
  readonly language: Language;
  /** Null: as the system has it. */
  readonly theme: Theme | null;
  /** Single keys do something. */
  readonly shortcuts: boolean;
  /** As the table of routes has it; empty where no route answers. */
  readonly route: string;
  /** The console's own sentences. */
  readonly say: Say;
  /** Words for codes; moments, money, lengths of time. */
  readonly speech: Speech;
  /** Whether the one who asks may call a route: `post /people/invite`. False too where there is no such route. */
  readonly may: (route: string) => boolean;
  readonly now: Instant;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The address's own parts, decoded. */
  readonly part: (name: string) => string;
  /** What was filled in; empty where nothing was sent. */
  readonly form: Form;
  /** The hidden field that every form which changes something carries. */
  readonly csrf: Html;
  /** The browser has the page already and asks for a piece of it. */
  readonly forPart: boolean;
  /** Of the machine at the other end. */
  readonly address: string;
  readonly cookies: string;
  readonly signIn: SignIn;
  /** Wrong tries at signing in. */
  readonly tries: Tries;
  readonly live: Live;
  /** What the database stood at before anything was read for this request. */
  readonly mark: string;
  /** Does what outlasts the answer. It is ended gently when the daemon stops; what goes wrong with it is in the log. */
  readonly background: Background;
  /** When this process began to serve pages. */
  readonly startedAt: Instant;
}

/** The beginning of the merchant's day that a moment lies in. */
export function dayStart({ ports }: OpenVisit, instant: Instant): Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(instant)).toZonedDateTimeISO(ports.timeZone).startOfDay().epochMilliseconds;
}

/** A moment in the merchant's time zone. */
export function at({ speech, ports }: OpenVisit, instant: Instant, style: InstantStyle = 'short'): string {
  return speech.formatInstant(instant, ports.timeZone, style);
}
