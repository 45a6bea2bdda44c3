import type { Context } from 'hono';
import type { Instant } from '../runtime/clock.ts';
import type { Role } from '../store/people.ts';
import type { Background } from './background.ts';
import type { Assets } from './assets.ts';
import type { FormSeal } from './csrf.ts';
import type { Live } from './live.ts';
import type { Once } from './once.ts';
import type { ConsolePorts } from './ports.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import type { Tries } from './sign-in/tries.ts';

/** What all requests share. */
export interface House {
  readonly ports: ConsolePorts;
  readonly signIn: SignIn;
  readonly tries: Tries;
  readonly seal: FormSeal;
  readonly live: Live;
  readonly once: Once;
  readonly assets: Assets;
  readonly background: Background;
  readonly startedAt: Instant;
  /** The least role that may call a route, by `get /people`. */
  readonly least: ReadonlyMap<string, Role | 'anybody'>;
  /** Cookies are for https alone. */
  readonly secure: boolean;
  /** Tells browsers apart, for the forms they are shown. */
  readonly browsers: Browsers;
}

export interface Browsers {
  /** The mark of the browser that asks; one that has none yet is given one with the answer. */
  of(c: Context): string;
  /** The mark that a browser is to be given; null: it has one. */
  fresh(c: Context): string | null;
}
