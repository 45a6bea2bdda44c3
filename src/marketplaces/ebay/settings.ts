import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Scope, Site } from '../marketplace.ts';

/** eBay's sites, as orders name them in `listingMarketplaceId`. */
const siteNames = [
  'EBAY_AT', 'EBAY_AU', 'EBAY_BE', 'EBAY_CA', 'EBAY_CH', 'EBAY_DE', 'EBAY_ES', 'EBAY_FR', 'EBAY_GB', 'EBAY_HK', 'EBAY_IE', 'EBAY_IN',
  'EBAY_IT', 'EBAY_MOTORS_US', 'EBAY_MY', 'EBAY_NL', 'EBAY_PH', 'EBAY_PL', 'EBAY_SG', 'EBAY_TH', 'EBAY_TW', 'EBAY_US', 'EBAY_VN',
] as const;

/** The sites to choose from; eBay Motors is one of the United States. */
export const sites: readonly Site[] = siteNames.filter((id) => id !== 'EBAY_MOTORS_US').map((id) => ({ id, country: id.slice(-2), fields: { site: id } }));

const keys = 'developer.ebay.com, page "Application Keys",';

/** A value that came from the environment. Its fault never repeats it. */
const secret = (field: string, remedy: string) => z.string({ error: `${field}: missing; ${remedy}` }).trim().min(1, { error: `${field}: empty; ${remedy}` });

/** What an eBay account needs in accounts.json, its secrets already read from the environment. */
export const settings = z
  .object({
    id: z.string({ error: 'id: missing; give the account a name of its own, such as ebay-fr' }).trim().min(1, { error: 'id: empty; give the account a name of its own, such as ebay-fr' }),
    marketplace: z.literal('ebay', { error: 'marketplace: must be "ebay" for an eBay account' }),
    site: z.enum(siteNames, { error: `site: must be one of ${siteNames.join(', ')}; for eBay France write EBAY_FR` }),
    appId: secret('appId', `copy the App ID (Client ID) of your keyset from ${keys} into the environment variable that the account names`),
    certId: secret('certId', `copy the Cert ID (Client Secret) of your keyset from ${keys} into the environment variable that the account names`),
    refreshToken: secret('refreshToken', 'give the application your consent as the seller on eBay, and put the refresh token it returns into the environment variable that the account names').refine(
      (token) => !/^v%5E/i.test(token),
      { error: 'refreshToken: it is still URL-encoded; put it in decoded, beginning with v^' },
    ),
    sandbox: z.boolean({ error: 'sandbox: must be true or false; leave it out for real orders' }).default(false),
  })
  .superRefine(({ appId, sandbox }, context) => {
    // eBay writes the environment into the App ID: Name-App-PRD-… or Name-App-SBX-…
    const fault = (message: string) => context.addIssue({ code: 'custom', path: ['sandbox'], message });
    if (/-SBX-/.test(appId) && !sandbox) fault('sandbox: the appId is one of the sandbox; add "sandbox": true, or use the production keyset');
    if (/-PRD-/.test(appId) && sandbox) fault('sandbox: the appId is one of production; take "sandbox" out, or use the sandbox keyset');
  });

export type EbaySettings = z.infer<typeof settings>;

/**
 * Budgets are per application and day, whoever the seller is; token and sweep are one seller's.
 * Sites of one seller share them where their accounts have the same refresh token.
 */
export function scope({ appId, refreshToken }: EbaySettings): Scope {
  const application = digest(appId);
  return { quota: `ebay/${application}`, sweep: `ebay/${application}/${digest(refreshToken)}` };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
