import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountSettings, Scope, Site } from '../marketplace.ts';

/** One seller account on one Amazon site. The three secrets come read from the environment already. */
export interface AmazonSettings extends AccountSettings {
  readonly marketplace: 'amazon';
  readonly region: Region;
  readonly marketplaceId: string;
  readonly sellerId: string;
  /** Of the merchant's application, from Login with Amazon (LWA). */
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the seller's authorization of the application gave. */
  readonly refreshToken: string;
}

const regions = ['eu', 'na', 'fe'] as const;

type Region = (typeof regions)[number];

/**
 * Amazon's sites. Source: Amazon's list "Marketplace IDs". A site that is newer than our copy of it is taken as it is:
 * an id that is not here is pointed out, and stops nothing.
 */
const siteTable: Readonly<Record<string, { readonly country: string; readonly region: Region }>> = {
  A13V1IB3VIYZZH: { country: 'FR', region: 'eu' },
  A1PA6795UKMFR9: { country: 'DE', region: 'eu' },
  A1F83G8C2ARO7P: { country: 'GB', region: 'eu' },
  APJ6JRA9NG5V4: { country: 'IT', region: 'eu' },
  A1RKKUPIHCS9HS: { country: 'ES', region: 'eu' },
  AMEN7PMS3EDWL: { country: 'BE', region: 'eu' },
  A28R8C7NBKEWEA: { country: 'IE', region: 'eu' },
  A1805IZSGTT6HS: { country: 'NL', region: 'eu' },
  A2NODRKZP88ZB9: { country: 'SE', region: 'eu' },
  A1C3SOZRARQ6R3: { country: 'PL', region: 'eu' },
  A33AVAJ2PDY3EV: { country: 'TR', region: 'eu' },
  A17E79C6D8DWNP: { country: 'SA', region: 'eu' },
  A2VIGQ35RCS4UG: { country: 'AE', region: 'eu' },
  ARBP9OOSHTCHU: { country: 'EG', region: 'eu' },
  AE08WJ6YKNBMC: { country: 'ZA', region: 'eu' },
  A21TJRUUN4KGV: { country: 'IN', region: 'eu' },
  ATVPDKIKX0DER: { country: 'US', region: 'na' },
  A2EUQ1WTGCTBG2: { country: 'CA', region: 'na' },
  A1AM78C64UM0Y8: { country: 'MX', region: 'na' },
  A2Q3Y263D00KWC: { country: 'BR', region: 'na' },
  A1VC38T7YXB528: { country: 'JP', region: 'fe' },
  A39IBJ37TRP1C6: { country: 'AU', region: 'fe' },
  A19VAU5U5O7RUS: { country: 'SG', region: 'fe' },
};

/** The sites to choose from. */
export const sites: readonly Site[] = Object.entries(siteTable).map(([id, { country, region }]) => ({ id, country, fields: { region, marketplaceId: id } }));

/** What an Amazon account needs in accounts.json. A fault names the field and what to do; never a value that is secret. */
export const settings: z.ZodType<AmazonSettings> = z
  .object({
    id: z.string('id: give the account a short name of its own, such as "amazon-fr".').min(1, 'id: give the account a short name of its own, such as "amazon-fr".'),
    marketplace: z.literal('amazon', 'marketplace: "amazon" is expected here.'),
    region: z.enum(regions, 'region: write "eu" (Europe, Middle East, India), "na" (Americas) or "fe" (Japan, Australia, Singapore).'),
    marketplaceId: identifier('marketplaceId: write the id of the Amazon site in capitals and digits, such as "A13V1IB3VIYZZH" for amazon.fr.'),
    sellerId: identifier('sellerId: write your merchant token in capitals and digits, as Seller Central shows it under Settings, Account Info, Your Merchant Token.'),
    clientId: secret('clientId', 'the client identifier of your application', 'AMAZON_CLIENT_ID'),
    clientSecret: secret('clientSecret', 'the client secret of your application', 'AMAZON_CLIENT_SECRET'),
    refreshToken: secret('refreshToken', 'the refresh token that authorizing the application gave', 'AMAZON_REFRESH_TOKEN'),
  })
  .superRefine((account, context) => {
    const site = siteTable[account.marketplaceId];
    if (site !== undefined && site.region !== account.region) {
      const message = `region: ${account.marketplaceId} (${countryName(site.country)}) belongs to "${site.region}", not to "${account.region}"; write "region": "${site.region}", or correct marketplaceId.`;
      context.addIssue({ code: 'custom', path: ['region'], message });
    }
  });

/**
 * Amazon counts calls per seller and application, region by region, and one token serves a seller's sites of a region:
 * `amazon/<region>/<seller>/<application>`, the application as 8 hexadecimal digits, so that the name can stand in a log.
 */
export function scope(account: AmazonSettings): Scope {
  const application = createHash('sha256').update(account.clientId).digest('hex').slice(0, 8);
  const name = `amazon/${account.region}/${account.sellerId}/${application}`;
  return { sweep: name, quota: name };
}

function identifier(expected: string): z.ZodString {
  return z.string(expected).trim().regex(/^[A-Z0-9]+$/, expected);
}

/** A value read from the environment: blanks around it are what copying leaves behind, and never part of it. */
function secret(field: string, what: string, variable: string): z.ZodString {
  const expected = `${field}: ${what} is missing or has blanks inside; set it in the environment and name the variable here: "${field}": {"env": "${variable}"}.`;
  return z.string(expected).trim().regex(/^\S+$/, expected);
}

function countryName(code: string): string {
  return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
}
