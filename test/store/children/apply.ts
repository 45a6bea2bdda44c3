/**
 * Applies the same twenty states to one database, as another process does at the same time, and says how many were new.
 * Usage: node apply.ts FILE
 */
import { systemClock } from '../../../src/runtime/clock.ts';
import { applyStates } from '../../../src/store/intake.ts';
import { openShop } from '../../support/shop.ts';

const [file = ''] = process.argv.slice(2);
const shop = await openShop(systemClock, undefined, { file });
let fresh = 0;
for (let n = 1; n <= 20; n += 1) {
  const wish = { account: 'amazon-fr', order: `A-${n}`, state: 'EXPEDIEE', sourceRef: `r-${n}`, parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${n}` }] };
  const [answer] = await applyStates(shop.context, [wish], { source: 'api/erp', author: 'erp', byHand: false }, systemClock.now());
  if (answer === undefined || 'faults' in answer) throw new Error(JSON.stringify(answer));
  if (!answer.again) fresh += 1;
}
await shop.close();
process.stdout.write(String(fresh));
