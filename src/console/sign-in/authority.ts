import { betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { day, hour, second } from '../../runtime/clock.ts';
import type { SignInParts } from './sign-in.ts';

/** What better-auth offers, set up as below. */
export type Authority = ReturnType<typeof openAuthority>;

/** A session that nobody used for this long is over. */
const idle = 3 * day;

/** better-auth with our tables, names and rules. Loading this file is what costs: some hundred modules. */
// No return type: it is what better-auth makes of these very options.
export function openAuthority({ db, kind, publicUrl, keys }: Pick<SignInParts, 'db' | 'kind' | 'publicUrl' | 'keys'>) {
  return betterAuth({
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
}
