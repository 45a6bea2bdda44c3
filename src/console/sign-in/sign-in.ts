import type { Clock } from '../../runtime/clock.ts';
import { day } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import type { Db } from '../../store/rows.ts';
import { roles, signInKey } from '../../store/people.ts';
import type { Role } from '../../store/people.ts';
import type { Visitor } from '../visit.ts';
import type { Authority } from './authority.ts';
import { createLine } from './line.ts';

/** An open session. */
export interface Session {
  readonly id: string;
  readonly person: Visitor;
}

/** `in`: signed in, with these cookies. `code`: the password was right, and a second factor is asked for. `busy`: too many wait to be looked at; it was not. */
export interface Entered {
  readonly outcome: 'in' | 'code' | 'refused' | 'busy';
  readonly cookies: readonly string[];
}

/** Passwords, sessions and second factors. Cookies are those that a browser sent, as one header. */
export interface SignIn {
  session(cookies: string): Promise<Session | null>;
  byPassword(name: string, password: string, cookies: string): Promise<Entered>;
  /** @param code six digits of an app, or a backup code */
  byCode(code: string, cookies: string): Promise<Entered>;
  /** The cookies that take the session away. */
  leave(cookies: string): Promise<readonly string[]>;
  hash(password: string): Promise<string>;
  /** Null: not the present password. Other sessions end. */
  changePassword(before: string, after: string, cookies: string): Promise<readonly string[] | null>;
  /** What an app is to be told, and codes for when it is not at hand. Null: not the password. Nothing is asked for yet. */
  startFactor(password: string, cookies: string): Promise<{ readonly secret: string; readonly backupCodes: readonly string[] } | null>;
  /** From now on a code is asked for. Null: not the right code. */
  confirmFactor(code: string, cookies: string): Promise<readonly string[] | null>;
  stopFactor(password: string, cookies: string): Promise<readonly string[] | null>;
}

/** Passwords that are looked at at once, and that wait for it. Each takes a good part of a second of one processor, in threads that others need too. */
const looks = { atOnce: 2, waiting: 20 } as const;

/** However much it is used, none lasts longer than this. */
const longest = 30 * day;

export interface SignInParts {
  readonly db: Db;
  readonly kind: 'sqlite' | 'postgres';
  readonly publicUrl: string;
  readonly keys: { readonly current: string; readonly keys: ReadonlyMap<string, Uint8Array> };
  readonly clock: Clock;
  readonly log: Log;
}

/** better-auth on our own tables. Its addresses are opened to nobody: only the forms of the console reach it, one by one. It is loaded when somebody first comes with a session or for one: nobody else waits for it, or keeps it in memory. */
export function createSignIn({ db, kind, publicUrl, keys, clock, log }: SignInParts): SignIn {
  let opened: Promise<Authority> | null = null;
  const line = createLine(looks.atOnce, looks.waiting);
  const authority = (): Promise<Authority> => (opened ??= import('./authority.ts').then(({ openAuthority }) => openAuthority({ db, kind, publicUrl, keys })));

  /** One of better-auth's own addresses, called by nobody but us. */
  async function call(path: string, body: unknown, cookies: string): Promise<{ readonly ok: boolean; readonly json: Readonly<Record<string, unknown>>; readonly cookies: readonly string[] }> {
    const answer = await (await authority()).handler(new Request(`${publicUrl}/sign-in${path}`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: cookies }, body: JSON.stringify(body) }));
    const text = await answer.text();
    if (answer.status >= 500) {
      log.error('sign-in met a fault', { path, status: answer.status });
      throw new Error(`sign-in answered ${answer.status}`);
    }
    const json = text.startsWith('{') ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {};
    return { ok: answer.ok, json, cookies: answer.headers.getSetCookie() };
  }

  return {
    async session(cookies) {
      if (!cookies.includes('session_token')) return null;
      const found = await (await authority()).api.getSession({ headers: new Headers({ cookie: cookies }) });
      if (found === null) return null;
      const { user, session } = found;
      const role = roles.find((one) => one === user.role);
      if (role === undefined || clock.now() - session.createdAt.getTime() > longest) return null;
      return { id: session.id, person: { id: user.id, name: user.name, role: role satisfies Role, secondFactor: user.twoFactorEnabled === true } };
    },
    async byPassword(name, password, cookies) {
      const answer = await line.take(() => call('/sign-in/email', { email: signInKey(name), password }, cookies));
      if (answer === null) return { outcome: 'busy', cookies: [] };
      if (!answer.ok) return { outcome: 'refused', cookies: [] };
      return { outcome: answer.json['twoFactorRedirect'] === true ? 'code' : 'in', cookies: answer.cookies };
    },
    async byCode(code, cookies) {
      const digits = code.replace(/\s/g, '');
      const answer = /^\d{6}$/.test(digits) ? await call('/two-factor/verify-totp', { code: digits }, cookies) : await call('/two-factor/verify-backup-code', { code: code.trim() }, cookies);
      return answer.ok ? { outcome: 'in', cookies: answer.cookies } : { outcome: 'refused', cookies: [] };
    },
    leave: async (cookies) => (await call('/sign-out', {}, cookies)).cookies,
    hash: async (password) => (await (await authority()).$context).password.hash(password),
    async changePassword(before, after, cookies) {
      const answer = await call('/change-password', { currentPassword: before, newPassword: after, revokeOtherSessions: true }, cookies);
      return answer.ok ? answer.cookies : null;
    },
    async startFactor(password, cookies) {
      const { ok, json } = await call('/two-factor/enable', { password }, cookies);
      if (!ok || typeof json['totpURI'] !== 'string' || !Array.isArray(json['backupCodes'])) return null;
      return { secret: new URL(json['totpURI']).searchParams.get('secret') ?? '', backupCodes: json['backupCodes'].map(String) };
    },
    async confirmFactor(code, cookies) {
      const answer = await call('/two-factor/verify-totp', { code: code.replace(/\s/g, '') }, cookies);
      return answer.ok ? answer.cookies : null;
    },
    async stopFactor(password, cookies) {
      const answer = await call('/two-factor/disable', { password }, cookies);
      return answer.ok ? answer.cookies : null;
    },
  };
}
