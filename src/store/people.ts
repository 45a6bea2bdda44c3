import { createHash } from 'node:crypto';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Entry } from './audit.ts';
import type { Context } from './context.ts';
import type { Db, Tx } from './rows.ts';
import { transact } from './transact.ts';

/** Who may do what, each may do what those before may; the table of the console's routes names the least that each needs. */
export const roles = ['viewer', 'packer', 'support', 'merchant', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Whether a role may do what is asked of at least another. */
export function mayAs(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

/** Somebody who may sign in, or once could. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly secondFactor: boolean;
  readonly createdAt: Instant;
  /** The last sign of life of any of their sessions; null: none is open. */
  readonly seenAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** Everybody, in the order of their names; those who may no longer sign in last. */
export async function listPeople(db: Db | Tx): Promise<readonly Person[]> {
  const rows = await db
    .selectFrom('person')
    .select((eb) => ['id', 'name', 'role', 'second_factor', 'created_at', 'revoked_at', eb.selectFrom('person_session').select((inner) => inner.fn.max('updated_at').as('at')).whereRef('person_id', '=', 'person.id').as('seen_at')])
    .execute();
  return rows
    .map((row): Person => ({ id: row.id, name: row.name, role: row.role as Role, secondFactor: Boolean(row.second_factor), createdAt: instantOf(row.created_at), seenAt: row.seen_at === null ? null : instantOf(row.seen_at), revokedAt: row.revoked_at }))
    .toSorted((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null) || a.name.localeCompare(b.name, 'fr'));
}

/** Moments in the tables that better-auth writes are text on SQLite, and dates on a server. */
function instantOf(moment: string | Date): Instant {
  return new Date(moment).getTime();
}

/** The one who goes by this name, however it is accented or capitalised. */
export async function personNamed(db: Db | Tx, name: string): Promise<Person | null> {
  const key = signInKey(name);
  return (await listPeople(db)).find((person) => signInKey(person.name) === key) ?? null;
}

/** What sign-in goes by: `Hélène` and `helene` are one. Shaped like a mail address, which is what better-auth asks for; nothing is ever sent to it. */
export function signInKey(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
  return `${plain.replace(/[^a-z0-9._-]/gu, (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}_`)}@suivi.invalid`;
}

/** Letters, figures, point, dash and underscore: what a name stands for in the journal. */
export function isName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u.test(name);
}

/** Why a change of people was refused. */
export type PeopleFault = 'unknown' | 'last-admin' | 'yourself' | 'taken' | 'name';

/** Gives somebody another role. Their sessions end: what a page offered before is offered no more. */
export async function changeRole(context: Context, id: string, role: Role, author: string, now: Instant): Promise<PeopleFault | null> {
  return transact(context.store.db, async (tx) => {
    const person = await activePerson(tx, id);
    if (person === null) return 'unknown';
    if (person.role === role) return null;
    if (person.role === 'admin' && (await admins(tx)) === 1) return 'last-admin';
    await tx.updateTable('person').set({ role, updated_at: iso(now) }).where('id', '=', id).execute();
    await endSessions(tx, id);
    await note(tx, context, now, 'person-role', person.name, { by: author, name: person.name, before: person.role, after: role });
    return null;
  });
}

/** Takes sign-in away from somebody: sessions, password and second factor go; the name stays in the journal. */
export async function revokePerson(context: Context, id: string, author: string, now: Instant): Promise<PeopleFault | null> {
  return transact(context.store.db, async (tx) => {
    const person = await activePerson(tx, id);
    if (person === null) return 'unknown';
    if (person.role === 'admin' && (await admins(tx)) === 1) return 'last-admin';
    await tx.updateTable('person').set({ revoked_at: now, second_factor: 0, updated_at: iso(now) }).where('id', '=', id).execute();
    await tx.updateTable('invitation').set({ revoked_at: now }).where('person_id', '=', id).where('used_at', 'is', null).execute();
    await endSessions(tx, id);
    await tx.deleteFrom('person_credential').where('person_id', '=', id).execute();
    await tx.deleteFrom('second_factor').where('person_id', '=', id).execute();
    await note(tx, context, now, 'person-revoked', person.name, { by: author, name: person.name, role: person.role });
    return null;
  });
}

/** Takes the second factor away from somebody who lost theirs. */
export async function dropSecondFactor(context: Context, id: string, author: string, now: Instant): Promise<PeopleFault | null> {
  return transact(context.store.db, async (tx) => {
    const person = await activePerson(tx, id);
    if (person === null) return 'unknown';
    await tx.updateTable('person').set({ second_factor: 0, updated_at: iso(now) }).where('id', '=', id).execute();
    await tx.deleteFrom('second_factor').where('person_id', '=', id).execute();
    await endSessions(tx, id);
    await note(tx, context, now, 'second-factor-dropped', person.name, { by: author, name: person.name });
    return null;
  });
}

/** Writes down what somebody did to their own way of signing in. */
export async function noteOwn(context: Context, kind: 'person-password' | 'second-factor-on' | 'second-factor-off', name: string, now: Instant): Promise<void> {
  await transact(context.store.db, (tx) => note(tx, context, now, kind, name, { by: name, name }));
}

/** Whether anybody can sign in who may invite the others. */
export async function hasAdmin(db: Db | Tx): Promise<boolean> {
  return (await admins(db)) > 0;
}

async function admins(db: Db | Tx): Promise<number> {
  const row = await db.selectFrom('person').select((eb) => eb.fn.countAll<number>().as('n')).where('role', '=', 'admin').where('revoked_at', 'is', null).executeTakeFirst();
  return row?.n ?? 0;
}

export async function activePerson(tx: Db | Tx, id: string): Promise<{ readonly id: string; readonly name: string; readonly role: Role } | null> {
  const row = await tx.selectFrom('person').select(['id', 'name', 'role']).where('id', '=', id).where('revoked_at', 'is', null).executeTakeFirst();
  return row === undefined ? null : { ...row, role: row.role as Role };
}

export async function endSessions(tx: Tx, person: string): Promise<void> {
  await tx.deleteFrom('person_session').where('person_id', '=', person).execute();
}

export async function note(tx: Tx, context: Context, now: Instant, kind: Entry['kind'], what: string, body: unknown): Promise<void> {
  await append(tx, context.audit, journalLane, now, [{ kind, sync: null, attempt: null, what, cause: null, body }]);
}

export function iso(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(at)).toString({ smallestUnit: 'millisecond' });
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
