import type { Finding } from '../marketplaces/marketplace.ts';
import { second } from '../runtime/clock.ts';
import { timeout } from '../runtime/timeout.ts';
import { accountQuotas } from '../store/account-views.ts';
import type { Suivi } from '../app.ts';

/** One line of what was found of an account; `key` names its words in config/diagnoses. */
export type AccountFinding = Finding;

export interface CheckedAccount {
  readonly account: string;
  readonly marketplace: string;
  readonly findings: readonly AccountFinding[];
  /** Its marketplace did not answer: nothing is known of the account itself. */
  readonly unreachable: boolean;
}

/** Causes under which no answer came that says anything of the account. */
const silent = /\/(?:unreachable|not-sent|no-answer|answer-late|token-unavailable|interrupted)$/;

/** Asks an account's marketplace for token, roles, clock and limits. Only reads. */
export async function checkAccount({ scopes, clock, context }: Suivi, id: string, stop: AbortSignal): Promise<CheckedAccount> {
  for (const { connection, accounts } of scopes) {
    const served = accounts.find(({ account }) => account.id === id);
    if (served === undefined) continue;
    // A token, two reads, and one of them again after a renewal.
    const limit = timeout(clock, 4 * served.account.patience.timeout + second, stop);
    try {
      const quotas = await accountQuotas(context, id, clock.now());
      const findings = await connection.examine(id, limit.signal, Object.fromEntries(quotas.map((quota) => [quota.call, quota])));
      return { account: id, marketplace: served.account.marketplace, findings, unreachable: findings.some(({ ok, key, details }) => !ok && (silent.test(key) || silent.test(String(details['cause'] ?? '')))) };
    } finally {
      limit.done();
    }
  }
  throw new Error(`no account is called ${id}`);
}
