import type { commonIndicators, StateType } from '../orders/order-state.ts';
import type { Cancellation, Fulfilment, Payment, Publication } from '../orders/order.ts';
import type { Operation } from '../planning/operation.ts';
import type { AlertKind } from '../syncing/alert.ts';
import type { Button } from '../syncing/diagnosis.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { OutcomeKind } from '../syncing/outcome.ts';
import type { LeftOut, Verb } from '../syncing/rerun.ts';
import type { Shown, Status } from '../syncing/status.ts';

/** Every code that people see, by kind. A language that leaves one out does not compile. */
export interface Dictionary {
  /** What a status is shown as. */
  readonly shown: Readonly<Record<Shown, string>>;
  /** A status itself, where somebody looks closely. */
  readonly exactStatus: Readonly<Record<Status, string>>;
  readonly operation: Readonly<Record<Operation | 'nothing', string>>;
  readonly type: Readonly<Record<StateType, string>>;
  /** Those of the models; a merchant's own are their own words. */
  readonly indicator: Readonly<Record<(typeof commonIndicators)[number] | 'cancelled', string>>;
  readonly channel: Readonly<Record<'shop' | 'amazon' | 'ebay', string>>;
  readonly outcome: Readonly<Record<OutcomeKind, string>>;
  readonly verb: Readonly<Record<Verb, string>>;
  /** Why a sync was left out of what a verb was asked of. */
  readonly leftOut: Readonly<Record<LeftOut, string>>;
  /** What a diagnosis offers to press. */
  readonly button: Readonly<Record<Button, string>>;
  readonly payment: Readonly<Record<Payment, string>>;
  readonly publication: Readonly<Record<Publication, string>>;
  readonly fulfilment: Readonly<Record<Fulfilment, string>>;
  readonly cancellation: Readonly<Record<Cancellation, string>>;
  readonly mode: Readonly<Record<LaneProfile['mode'], string>>;
  readonly alert: Readonly<Record<AlertKind, string>>;
  /** In place of its status: a person said that it is done, nobody there did. */
  readonly byHand: Readonly<Record<'closed', string>>;
  readonly deadline: Readonly<Record<'late' | 'left', string>>;
}
