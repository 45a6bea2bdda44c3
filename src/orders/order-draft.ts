import type { Fault } from './fault.ts';
import { shop } from './order.ts';
import type { Instant, Payment, Publication } from './order.ts';

/** An order as a shop or an ERP gives it. What is left out keeps what is known. */
export interface OrderDraft {
  readonly account: string;
  readonly reference: string;
  readonly ownReference?: string;
  readonly placedAt: Instant;
  readonly shipBy?: Instant;
  readonly payment?: Payment;
  readonly publication?: Publication;
  readonly currency?: string;
  readonly total?: string;
  readonly language?: string;
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly title: string; readonly quantity: number; readonly unitPrice?: string }[];
}

const tolerance = 5 * 60 * 1000;
const mostUnits = 100_000;

/** What is wrong with an order that was given. */
export function orderFaults(draft: OrderDraft, accounts: readonly string[], now: Instant): Fault[] {
  const faults: Fault[] = [];
  if (draft.account !== shop && !accounts.includes(draft.account)) faults.push({ code: 'unknown-account', field: 'account', found: draft.account, expected: [shop, ...accounts].join(', ') });
  if (draft.reference.trim() === '') faults.push({ code: 'required', field: 'reference' });
  if (draft.reference.length > 64) faults.push({ code: 'too-long', field: 'reference', limit: 64 });
  if (draft.placedAt > now + tolerance) faults.push({ code: 'placed-in-future', field: 'placedAt', found: new Date(draft.placedAt).toISOString() });
  if (draft.shipBy !== undefined && draft.shipBy < draft.placedAt) faults.push({ code: 'date-before-order', field: 'shipBy', found: new Date(draft.shipBy).toISOString(), expected: new Date(draft.placedAt).toISOString() });
  if (draft.currency !== undefined && !/^[A-Z]{3}$/.test(draft.currency)) faults.push({ code: 'malformed', field: 'currency', found: draft.currency, expected: 'EUR' });
  if (draft.language !== undefined && !/^[a-z]{2}$/.test(draft.language)) faults.push({ code: 'language', field: 'language', found: draft.language });
  if (draft.lines.length === 0) faults.push({ code: 'required', field: 'lines' });
  const seen = new Set<string>();
  for (const [index, line] of draft.lines.entries()) {
    const field = `lines[${index}]`;
    if (line.lineId.trim() === '') faults.push({ code: 'required', field: `${field}.lineId` });
    if (seen.has(line.lineId)) faults.push({ code: 'line-twice', field: `${field}.lineId`, found: line.lineId });
    seen.add(line.lineId);
    if (!Number.isSafeInteger(line.quantity) || line.quantity < 1) faults.push({ code: 'quantity-not-whole', field: `${field}.quantity`, found: String(line.quantity) });
    else if (line.quantity > mostUnits) faults.push({ code: 'out-of-range', field: `${field}.quantity`, found: String(line.quantity), min: 1, max: mostUnits });
  }
  for (const [field, amount] of [['total', draft.total], ...draft.lines.map((line, index) => [`lines[${index}].unitPrice`, line.unitPrice] as const)] as const) {
    if (amount !== undefined && !/^\d{1,12}(\.\d{1,4})?$/.test(amount)) faults.push({ code: 'malformed', field, found: amount, expected: '49.90' });
  }
  return faults;
}
