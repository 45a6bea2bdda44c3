import { z } from 'zod';
import type { Wish } from '../../orders/applied-state.ts';
import { shown } from './file-fault.ts';
import type { FileFault } from './file-fault.ts';

/** An applied state in the API's shape: a wish whose account and state may be left to the command that reads the file. */
export type LineWish = Omit<Wish, 'account' | 'state'> & { readonly account?: string; readonly state?: string };

const text = z.string().max(4_000);
const name = z.string().trim().min(1).max(200);
const line = z.strictObject({ lineId: name, quantity: z.number() });

const parcel = z.strictObject({
  carrier: text.optional(),
  trackingNumber: text.optional(),
  untracked: z.boolean().optional(),
  shippedAt: text.optional(),
  shipFrom: text.optional(),
  lines: z.array(line).optional(),
});

const refund = z.strictObject({
  reason: text,
  lines: z.array(z.strictObject({ lineId: name, quantity: z.number(), amount: text.optional() })).optional(),
  shipping: text.optional(),
  amount: text.optional(),
});

const wish = z.strictObject({
  account: name.optional(),
  order: name,
  state: name.optional(),
  appliedAt: z
    .string()
    .transform((given, context) => instantOf(given) ?? (context.addIssue({ code: 'custom', message: 'not an instant' }), z.NEVER))
    .optional(),
  sourceRef: name.optional(),
  parcels: z.array(parcel).optional(),
  comment: text.optional(),
  sms: text.optional(),
  publish: z.boolean().optional(),
  notifyByMail: z.boolean().optional(),
  notifyBySms: z.boolean().optional(),
  generateInvoice: z.boolean().optional(),
  cancelReason: text.optional(),
  refund: refund.optional(),
});

const members = new Set(Object.keys(wish.shape));

/** Members that a file of refused rows adds; they say nothing when it comes back. */
export const reasonMembers = ['motif', 'reason'] as const;

/** Whether an object is one applied state of the API, and not a row of columns: `order` alone is both, and means the same. */
export function isApiShaped(object: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(object).filter((key) => !isReasonMember(key));
  return keys.includes('parcels') || keys.includes('state') || (keys.length > 0 && keys.every((key) => members.has(key)));
}

/** Reads an applied state in the API's shape (contract: `POST /applied-states`). A fault names the first member that is wrong. */
export function readWish(object: Readonly<Record<string, unknown>>): { readonly wish: LineWish } | { readonly fault: FileFault } {
  const read = wish.safeParse(Object.fromEntries(Object.entries(object).filter(([key]) => !isReasonMember(key))));
  if (read.success) return { wish: withoutUndefined(read.data) };
  const issue = read.error.issues[0];
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  return { fault: { code: 'json-shape', found: shown(pathText(path)) } };
}

function isReasonMember(key: string): boolean {
  return (reasonMembers as readonly string[]).includes(key);
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('');
}

function instantOf(given: string): number | null {
  try {
    return Temporal.Instant.from(given).epochMilliseconds;
  } catch {
    return null;
  }
}

/** The same members: a parsed optional member that is absent is not there, which the wish's type asks for. */
function withoutUndefined(read: z.output<typeof wish>): LineWish {
  return JSON.parse(JSON.stringify(read)) as LineWish;
}
