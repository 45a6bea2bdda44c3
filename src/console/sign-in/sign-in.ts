import { betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Clock } from '../../runtime/clock.ts';
import { day, hour, second } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import type { Db } from '../../store/rows.ts';
import { roles, signInKey } from '../../store/people.ts';
import type { Role } from '../../store/people.ts';
import type { Visitor } from '../visit.ts';

/** An open session. */
export interface Session {
  readonly id: string;
  readonly person: Visitor;
}

/** `in`: signed in, with these cookies. `code`: the password was right, and a second factor is asked for. */
export interface Entered {
  readonly outcome: 'in' | 'code' | 'refused';
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

/** A session that nobody used for this long is over; none lasts longer than {@link longest}. */
const idle = 3 * day;
const longest = 30 * day;

export interface SignInParts {
  readonly db: Db;
  /** `sqlite` or `postgres`. */
  readonly kind: 'sqlite';
  readonly publicUrl: string;
  readonly keys: { readonly current: string; readonly keys: ReadonlyMap<string, Uint8Array> };
  readonly clock: Clock;
  readonly log: Log;
}

/** better-auth on our own tables. Its addresses are opened to nobody: only the forms of the console reach it, one by one. */
export function createSignIn({ db, kind, publicUrl, keys, clock, log }: SignInParts): SignIn {
  const auth = betterAuth({
    appName: 'Suivi',
    baseURL: publicUrl,
    basePath: '/sign-in',
    secrets: [keys.current, ...[...keys.keys.keys()].filter((id) => id !== keys.current)].map((id) => ({ version: Number.parseInt(id, 16), value: Buffer.from(keys.keys.get(id) ?? []).toString('base64') })),
    database: { db, type: kind },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: { role: { type: 'string', input: false, required: true } },
    },
    session: {
      modelName: 'person_session',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at', ipAddress: 'ip_address', userAgent: 'user_agent', userId: 'person_id' },
      expiresIn: idle / second,
      updateAge: hour / second,
    },
    account: {
      modelName: 'person_credential',
      fields: { accountId: 'account_id', providerId: 'provider_id', userId: 'person_id', accessToken: 'access_token', refreshToken: 'refresh_token', idToken: 'id_token', accessTokenExpiresAt: 'access_token_expires_at', refreshTokenExpiresAt: 'refresh_token_expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    verification: { modelName: 'person_verification', fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' } },
    // Guesses are counted by the console itself, by address and by name.
    rateLimit: { enabled: false },
    advanced: { cookiePrefix: 'suivi', useSecureCookies: publicUrl.startsWith('https:'), disableCSRFCheck: true, disableOriginCheck: true, ipAddress: { disableIpTracking: true } },
    plugins: [
      twoFactor({
        issuer: 'Suivi',
        schema: {
          user: { fields: { twoFactorEnabled: 'second_factor' } },
          twoFactor: { modelName: 'second_factor', fields: { backupCodes: 'backup_codes', userId: 'person_id', failedVerificationCount: 'failed_verification_count', lockedUntil: 'locked_until' } },
        },
      }),
    ],
  });

  /** One of better-auth's own addresses, called by nobody but us. */
  async function call(path: string, body: unknown, cookies: string): Promise<{ readonly ok: boolean; readonly json: Readonly<Record<string, unknown>>; readonly cookies: readonly string[] }> {
    const answer = await auth.handler(new Request(`${publicUrl}/sign-in${path}`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: cookies }, body: JSON.stringify(body) }));
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
      const found = await auth.api.getSession({ headers: new Headers({ cookie: cookies }) });
      if (found === null) return null;
      const { user, session } = found;
      const role = roles.find((one) => one === user.role);
      if (role === undefined || clock.now() - session.createdAt.getTime() > longest) return null;
      return { id: session.id, person: { id: user.id, name: user.name, role: role satisfies Role, secondFactor: user.twoFactorEnabled === true } };
    },
    async byPassword(name, password, cookies) {
      const answer = await call('/sign-in/email', { email: signInKey(name), password }, cookies);
      if (!answer.ok) return { outcome: 'refused', cookies: [] };
      return { outcome: answer.json['twoFactorRedirect'] === true ? 'code' : 'in', cookies: answer.cookies };
    },
    async byCode(code, cookies) {
      const digits = code.replace(/\s/g, '');
      const answer = /^\d{6}$/.test(digits) ? await call('/two-factor/verify-totp', { code: digits }, cookies) : await call('/two-factor/verify-backup-code', { code: code.trim() }, cookies);
      return answer.ok ? { outcome: 'in', cookies: answer.cookies } : { outcome: 'refused', cookies: [] };
    },
    leave: async (cookies) => (await call('/sign-out', {}, cookies)).cookies,
    hash: async (password) => (await auth.$context).password.hash(password),
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
