import type { Fault } from './fault.ts';
import { shop, leftToShip } from './order.ts';
import type { Instant, Order } from './order.ts';
import type { Actions, OrderState } from './order-state.ts';
import { parcelsWanted, readParcels } from './parcel-wish.ts';
import type { ParcelWish, ReadParcels } from './parcel-wish.ts';
import type { Parcel } from './parcel.ts';
import { lengthFaults, variableFaults } from './texts.ts';

/** A state to be put on an order, as a caller asks for it. */
export interface Wish {
  readonly account: string;
  /** The order's number, there or in the shop. */
  readonly order: string;
  /** A state's mnemonic. */
  readonly state: string;
  readonly appliedAt?: Instant;
  /** The caller's own key for this application: asked twice, it is done once. */
  readonly sourceRef?: string;
  readonly parcels?: readonly ParcelWish[];
  readonly comment?: string;
  readonly sms?: string;
  readonly publish?: boolean;
  readonly notifyByMail?: boolean;
  readonly notifyBySms?: boolean;
  readonly generateInvoice?: boolean;
  readonly cancelReason?: string;
  readonly refund?: RefundWish;
}

export interface RefundWish {
  readonly reason: string;
  readonly lines?: readonly { readonly lineId: string; readonly quantity: number; readonly amount?: string }[];
  readonly shipping?: string;
  readonly amount?: string;
}

/** What is stored: the effective text and flags, not only which state it was. */
export interface AppliedState extends Actions {
  readonly appliedAt: Instant;
  readonly comment: string;
  readonly sms: string;
  readonly cancelReason: string | null;
  readonly refund: RefundWish | null;
}

export interface Accepted {
  readonly applied: AppliedState;
  readonly parcels: ReadParcels;
}

/** Who says that the clock of a caller and ours agree to the second? */
const tolerance = 5 * 60 * 1000;

/** What can be stored of a wish, or everything that is wrong with it. */
export function accept(
  wish: Wish,
  order: Order,
  state: OrderState,
  parcels: readonly Parcel[],
  now: Instant,
  timeZone: string,
): { readonly accepted: Accepted } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  if (state.archivedAt !== null) faults.push({ code: 'archived-state', field: 'state', found: state.mnemonic });
  const appliedAt = moment(wish.appliedAt ?? now, 'appliedAt', order, now, faults);
  for (const [field, text] of [['comment', wish.comment], ['sms', wish.sms]] as const) {
    if (text === undefined) continue;
    faults.push(...lengthFaults(field, field, text), ...variableFaults(field, text));
  }
  if (wish.parcels !== undefined && wish.parcels.length > 0 && !parcelsWanted(state.type)) {
    faults.push({ code: 'parcels-not-wanted', field: 'parcels', found: state.mnemonic });
  }
  const read = readParcels(wish.parcels ?? [], state.type, order, parcels, appliedAt, now, timeZone);
  faults.push(...read.faults);
  if (faults.length > 0) return { faults };
  return {
    accepted: {
      applied: {
        appliedAt,
        ...effectiveTexts(wish, order, state),
        publish: wish.publish ?? state.actions.publish,
        ...notices(wish, order, state.actions),
        cancelReason: wish.cancelReason ?? null,
        refund: wish.refund ?? null,
      },
      parcels: read,
    },
  };
}

/** An instant that lies between the order and now, give or take the callers' clocks. */
function moment(at: Instant, field: string, order: Order, now: Instant, faults: Fault[]): Instant {
  if (at > now + tolerance) faults.push({ code: 'date-in-future', field, found: iso(at) });
  else if (order.imported && at < order.placedAt - tolerance) faults.push({ code: 'date-before-order', field, found: iso(at), expected: iso(order.placedAt) });
  return Math.min(at, now);
}

/** The texts keep their variables: a tracking number may come later. They are filled in when somebody reads them. */
function effectiveTexts(wish: Wish, order: Order, state: OrderState): { comment: string; sms: string } {
  const texts = state.texts[order.language] ?? state.texts['fr'] ?? state.texts['en'] ?? Object.values(state.texts)[0];
  return { comment: wish.comment ?? texts?.comment ?? '', sms: wish.sms ?? texts?.sms ?? '' };
}

/** A marketplace writes to its own customers: there, we do so only where the merchant insists. */
function notices(wish: Wish, order: Order, defaults: Actions): Pick<Actions, 'notifyByMail' | 'notifyBySms' | 'generateInvoice'> {
  const own = order.account === shop;
  return {
    notifyByMail: wish.notifyByMail ?? (own && defaults.notifyByMail),
    notifyBySms: wish.notifyBySms ?? (own && defaults.notifyBySms),
    generateInvoice: wish.generateInvoice ?? defaults.generateInvoice,
  };
}

function iso(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** Whether anything of the order is still to be shipped. */
export function isAllShipped(order: Order, parcels: readonly Parcel[]): boolean {
  return order.imported && [...leftToShip(order.lines, parcels).values()].every((units) => units === 0);
}


