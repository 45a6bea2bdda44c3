import { fakeBuyer, simulatedCredentials } from '../../../src/marketplaces/simulator/credentials.ts';
import type { Finding, World } from '../world.ts';
import { rowsOf } from './sql.ts';

const { amazon, ebay } = simulatedCredentials;

/** What may stand nowhere: the one buyer of all simulated orders, our secrets, and any token that was given out. */
const forbidden: readonly (readonly [string, string])[] = [
  ...(['name', 'username', 'email', 'phone', 'street', 'city', 'postalCode'] as const).map((what) => [`the buyer's ${what}`, fakeBuyer[what]] as const),
  ['a client secret of Amazon', amazon.clientSecret],
  ['a refresh token of Amazon', amazon.refreshToken],
  ['an access token of Amazon', 'Atza|'],
  ['a certificate id of eBay', ebay.certId],
  ['a refresh token of eBay', ebay.refreshToken],
  ['an access token of eBay', 'v^1.1#'],
];

/** A value among others: five digits within a hash are nobody's postcode. */
function stands(value: string, text: string): boolean {
  return text.includes(value) && new RegExp(`(?<![0-9A-Za-z])${RegExp.escape(value)}${/\w$/.test(value) ? '(?![0-9A-Za-z])' : ''}`).test(text);
}

/** No name, address, mail, phone or token anywhere in the database or the log. */
export async function checkPrivacy(world: World): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const { name } of await rowsOf<{ name: string }>(world, `select name from sqlite_master where type = 'table'`)) {
    const text = JSON.stringify(await rowsOf<unknown>(world, `select * from "${name}"`));
    for (const [what, value] of forbidden) if (stands(value, text)) found.push({ promise: 'privacy', what: `${what} stands in the table ${name}` });
  }
  const log = world.logged.join('');
  for (const [what, value] of forbidden) if (stands(value, log)) found.push({ promise: 'privacy', what: `${what} stands in the log` });
  return found;
}
