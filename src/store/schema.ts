/**
 * The tables, as Kysely sees them. Instants are epoch milliseconds, truths are 0 or 1, structures are JSON text:
 * the same values on SQLite and PostgreSQL. What each table is for stands in migrations/0001-spine.ts.
 */
export interface Schema {
  sequence: { name: string; next: number };
  setting: { key: string; value: string };
  account: AccountTable;
  lane: LaneTable;
  worker: { name: string; started_at: number; lease_until: number; stays: number; ended_at: number | null };
  sweep: { scope: string; until: number | null; started_at: number | null };
  orders: OrderTable;
  order_line: OrderLineTable;
  customer_link: { order_id: number; generation: number };
  order_state: OrderStateTable;
  applied_state: AppliedStateTable;
  claim: { applied_state_id: number; source: string; author: string; own_id: number; at: number; withdrawn_at: number | null };
  source_answer: { source: string; source_ref: string; content: string; answer: string; at: number };
  parcel: ParcelTable;
  sync: SyncTable;
  dependence: { sync_id: number; on_sync_id: number };
  quota: { scope: string; budget: string; rate: number; burst: number; tokens: number; refilled_at: number; closed_until: number; calm_since: number; throttles: number; turn: number; published: number | null };
  breaker: { scope: string; call: string; failures: number; opened_at: number | null; probe_at: number | null; ramp: number | null };
  refusal: { account: string; call: string; cause: string; since: number; probe_at: number };
  audit_entry: AuditEntryTable;
  audit_body: { lane: string; number: number; salt: string; body: string };
  audit_head: { lane: string; number: number; hash: string };
  audit_anchor: { lane: string; number: number; hash: string; at: number; signature: string };
  counter: { account: string; status: string; cause: string; n: number };
  carrier_code: { account: string; name: string; carrier: string; code: string; other_name: string | null; at: number; author: string };
  token: { id: number; name: string; hash: string; scope: string; created_at: number; created_by: string; last_used_at: number | null; revoked_at: number | null };
  bulk: BulkTable;
  bulk_item: { bulk_id: number; n: number; account: string; reference: string; applied_state_id: number | null; fault: string | null };
  rerun: RerunTable;
  rerun_item: { rerun_id: number; sync_id: number; outcome: string | null };
  person: { id: string; name: string; email: string; email_verified: number; image: string | null; role: string; second_factor: number | null; created_at: string; updated_at: string; revoked_at: number | null };
  person_session: { id: string; person_id: string; token: string; expires_at: string; created_at: string; updated_at: string; ip_address: string | null; user_agent: string | null };
  person_credential: PersonCredentialTable;
  second_factor: { id: string; person_id: string; secret: string; backup_codes: string; verified: number | null; failed_verification_count: number | null; locked_until: string | null };
  invitation: { id: number; hash: string; person_id: string | null; name: string | null; role: string; created_at: number; created_by: string; expires_at: number; used_at: number | null; revoked_at: number | null };
  alert: { key: string; kind: string; details: string; count: number; first_at: number; last_at: number; posted_at: number | null; over_at: number | null };
}

export interface AccountTable {
  id: string;
  marketplace: string;
  /** As the settings say: `live` or `observe`. */
  mode: string;
  live_from: number;
  first_seen_at: number;
  paused_at: number | null;
  paused_by: string | null;
  /** Since when nothing leaves although the settings say `live` (a restored backup), and why. */
  observe_since: number | null;
  observe_why: string | null;
}

export interface LaneTable {
  account: string;
  holder: string | null;
  number: number;
  lease_until: number;
  /** The last moment at which it was served. */
  served_at: number | null;
  /** Nothing is sent before a whole sweep that began at or after this moment. */
  sweep_after: number | null;
}

export interface OrderTable {
  id: number;
  account: string;
  reference: string;
  own_reference: string | null;
  placed_at: number;
  ship_by: number | null;
  payment: string;
  publication: string;
  fulfilment: string;
  cancellation: string;
  currency: string | null;
  total: string | null;
  language: string;
  imported: number;
  /** When the marketplace said that it knows no such order. */
  unknown_at: number | null;
  /** The latest applied state, and when it was applied. */
  state_id: number | null;
  state_at: number | null;
  /** From the latest applied state that has one. */
  indicator: string | null;
  indicator_at: number | null;
  /** By when what is left of it must be shipped; null where nothing is left for the merchant to ship. */
  open_until: number | null;
  created_at: number;
  updated_at: number;
}

export interface OrderLineTable {
  order_id: number;
  line_id: string;
  position: number;
  sku: string;
  title: string;
  quantity: number;
  cancelled: number;
  shipped_elsewhere: number;
  unit_price: string | null;
}

export interface OrderStateTable {
  id: number;
  mnemonic: string;
  /** Upper case: unique whatever the case. */
  mnemonic_key: string;
  type: string;
  texts: string;
  colour: string;
  indicator: string | null;
  publish: number;
  notify_by_mail: number;
  notify_by_sms: number;
  generate_invoice: number;
  grace_s: number;
  position: number;
  archived_at: number | null;
}

export interface AppliedStateTable {
  id: number;
  order_id: number;
  state_id: number;
  applied_at: number;
  received_at: number;
  /** Where it came from: `api/NAME`, `cli`, `file`. */
  source: string;
  author: string;
  comment: string;
  sms: string;
  publish: number;
  notify_by_mail: number;
  notify_by_sms: number;
  generate_invoice: number;
  cancel_reason: string | null;
  refund: string | null;
  grace_until: number | null;
  bulk_id: number | null;
  undone_at: number | null;
  undone_by: string | null;
}

export interface ParcelTable {
  id: number;
  order_id: number;
  applied_state_id: number | null;
  reference: string;
  carrier: string | null;
  tracking_number: string | null;
  tracking_normal: string | null;
  untracked: number;
  shipped_at: number;
  ship_from: string | null;
  /** JSON; null while the order's lines are not known: all that is left. */
  lines: string | null;
  origin: string;
  voided_at: number | null;
}

export interface SyncTable {
  id: number;
  account: string;
  order_id: number;
  applied_state_id: number | null;
  parcel_id: number | null;
  operation: string;
  status: string;
  /** What it does next: `send` or `check`. */
  step: string;
  /** The API call that this costs first; null where no room offers it. */
  call: string | null;
  /** `fresh`, or `rerun`: a bulk rerun never starves today's orders. */
  share: string;
  cause: string | null;
  payload: string;
  reference: string | null;
  ship_by: number;
  useless_after: number;
  due_at: number | null;
  grace_until: number | null;
  attempts: number;
  failures: number;
  absents: number;
  /** 1: something was sent whose fate is not known. */
  unsettled: number;
  /** References seen by a look before the first sending; JSON. */
  before: string | null;
  told_at: number | null;
  accepted_at: number | null;
  superseded_by: number | null;
  /** 1: the merchant has given their word that an open request to cancel does not hold it. */
  word: number;
  /** 1: it may have been told before a restored backup was made: look before sending. */
  look_first: number;
  /** An outcome that came after its worker had lost the lane; JSON. */
  late: string | null;
  created_at: number;
  ended_at: number | null;
}

export interface AuditEntryTable {
  lane: string;
  number: number;
  at: number;
  /** `intent`, `outcome`, `late`, `seen`, or in the journal the verb. */
  kind: string;
  sync_id: number | null;
  attempt: number | null;
  /** Intent: the API call. Outcome: its kind. */
  what: string | null;
  cause: string | null;
  key: string;
  digest: string;
  hash: string;
}

export interface BulkTable {
  id: number;
  state: string;
  author: string;
  source: string;
  created_at: number;
  total: number;
  undone_at: number | null;
  undone_by: string | null;
}

export interface RerunTable {
  id: number;
  verb: string;
  author: string;
  reason: string;
  filter: string;
  created_at: number;
  total: number;
  ended_at: number | null;
}

/** A password; other columns are for ways of signing in that nobody is offered. Moments are ISO 8601. */
export interface PersonCredentialTable {
  id: string;
  person_id: string;
  account_id: string;
  provider_id: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: string | null;
  refresh_token_expires_at: string | null;
  scope: string | null;
  password: string | null;
  created_at: string;
  updated_at: string;
}
