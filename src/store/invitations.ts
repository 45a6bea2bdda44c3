import type { Instant } from '../runtime/clock.ts';
import { day } from '../runtime/clock.ts';
import type { Context } from './context.ts';
import { activePerson, endSessions, hashOf, isName, iso, note, personNamed, signInKey } from './people.ts';
import type { PeopleFault, Role } from './people.ts';
import { allocateOne } from './identifiers.ts';
import type { Db, Tx } from './rows.ts';
import { transact } from './transact.ts';

/** A one-time link that was made and not used yet. */
export interface Invitation {
  readonly id: number;
  /** Whose it is; null: whoever claims it says (the first admin's). */
  readonly name: string | null;
  readonly role: Role;
  /** For somebody who is there already: a new password. */
  readonly again: boolean;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly expiresAt: Instant;
}

/** How long a link can be used. */
const lasts = 3 * day;

/** A made link: its secret can be read this one time. */
export type Made = { readonly secret: string; readonly expiresAt: Instant } | { readonly fault: PeopleFault };

/** Invites somebody. An earlier link of theirs that nobody used is dead from now on. */
export async function invite(context: Context, name: string, role: Role, author: string, now: Instant): Promise<Made> {
  if (!isName(name)) return { fault: 'name' };
  return transact(context.store.db, async (tx): Promise<Made> => {
    if ((await personNamed(tx, name)) !== null) return { fault: 'taken' };
    const others = await tx.selectFrom('invitation').select(['id', 'name']).where('used_at', 'is', null).where('revoked_at', 'is', null).where('name', 'is not', null).execute();
    const same = others.filter((one) => one.name !== null && signInKey(one.name) === signInKey(name)).map((one) => one.id);
    if (same.length > 0) await tx.updateTable('invitation').set({ revoked_at: now }).where('id', 'in', same).execute();
    const made = await makeLink(tx, context, { name, person: null, role }, author, now);
    await note(tx, context, now, 'person-invited', name, { by: author, name, role });
    return made;
  });
}

/** A link by which the first admin makes themself known. Earlier ones are dead: what a terminal showed last is what counts. */
export async function inviteFirstAdmin(context: Context, now: Instant): Promise<Made> {
  return transact(context.store.db, async (tx) => {
    await tx.updateTable('invitation').set({ revoked_at: now }).where('name', 'is', null).where('person_id', 'is', null).where('used_at', 'is', null).where('revoked_at', 'is', null).execute();
    return makeLink(tx, context, { name: null, person: null, role: 'admin' }, 'suivi', now);
  });
}

/** A link by which somebody sets a new password; the one they have goes on until it is used. */
export async function inviteAgain(context: Context, person: string, author: string, now: Instant): Promise<Made> {
  return transact(context.store.db, async (tx): Promise<Made> => {
    const known = await activePerson(tx, person);
    if (known === null) return { fault: 'unknown' };
    await tx.updateTable('invitation').set({ revoked_at: now }).where('person_id', '=', person).where('used_at', 'is', null).where('revoked_at', 'is', null).execute();
    const made = await makeLink(tx, context, { name: known.name, person, role: known.role }, author, now);
    await note(tx, context, now, 'person-link', known.name, { by: author, name: known.name });
    return made;
  });
}

async function makeLink(tx: Tx, context: Context, { name, person, role }: { readonly name: string | null; readonly person: string | null; readonly role: Role }, author: string, now: Instant): Promise<Exclude<Made, { readonly fault: PeopleFault }>> {
  const secret = Buffer.from(context.audit.random.bytes(24)).toString('base64url');
  const id = await allocateOne(tx, 'invitation');
  const expiresAt = now + lasts;
  await tx.insertInto('invitation').values({ id, hash: hashOf(secret), person_id: person, name, role, created_at: now, created_by: author, expires_at: expiresAt, used_at: null, revoked_at: null }).execute();
  return { secret, expiresAt };
}

/** Links that can still be used, newest first. */
export async function listInvitations(db: Db | Tx, now: Instant): Promise<readonly Invitation[]> {
  const rows = await db.selectFrom('invitation').selectAll().where('used_at', 'is', null).where('revoked_at', 'is', null).where('expires_at', '>', now).orderBy('id', 'desc').execute();
  return rows.map((row) => ({ id: row.id, name: row.name, role: row.role as Role, again: row.person_id !== null, createdAt: row.created_at, createdBy: row.created_by, expiresAt: row.expires_at }));
}

/** The link that this secret opens; null: used, withdrawn, too old, or never made. */
export async function findInvitation(db: Db | Tx, secret: string, now: Instant): Promise<Invitation | null> {
  const row = await db.selectFrom('invitation').select('id').where('hash', '=', hashOf(secret)).executeTakeFirst();
  return row === undefined ? null : ((await listInvitations(db, now)).find(({ id }) => id === row.id) ?? null);
}

/** False where there is none that could be used. */
export async function withdrawInvitation(context: Context, id: number, author: string, now: Instant): Promise<boolean> {
  return transact(context.store.db, async (tx) => {
    const invitation = (await listInvitations(tx, now)).find((one) => one.id === id);
    if (invitation === undefined) return false;
    await tx.updateTable('invitation').set({ revoked_at: now }).where('id', '=', id).execute();
    await note(tx, context, now, 'invitation-withdrawn', invitation.name ?? '', { by: author, name: invitation.name, role: invitation.role });
    return true;
  });
}

/**
 * Uses a link up: the person is made, or gets another password and their sessions end.
 * @param name counts where the link names nobody
 * @param password as better-auth hashes it
 * @param id for a new person
 */
export async function claimInvitation(context: Context, secret: string, { name, password, id }: { readonly name: string; readonly password: string; readonly id: string }, now: Instant): Promise<{ readonly name: string } | { readonly fault: PeopleFault }> {
  return transact(context.store.db, async (tx): Promise<{ readonly name: string } | { readonly fault: PeopleFault }> => {
    const row = await tx.selectFrom('invitation').selectAll().where('hash', '=', hashOf(secret)).executeTakeFirst();
    if (row === undefined || row.used_at !== null || row.revoked_at !== null || row.expires_at <= now) return { fault: 'unknown' };
    const at = iso(now);
    const own = row.name ?? name;
    const person = row.person_id ?? id;
    if (row.person_id === null) {
      if (!isName(own)) return { fault: 'name' };
      if ((await personNamed(tx, own)) !== null) return { fault: 'taken' };
      await tx.insertInto('person').values({ id, name: own, email: signInKey(own), email_verified: 0, image: null, role: row.role, second_factor: 0, created_at: at, updated_at: at, revoked_at: null }).execute();
    } else {
      await tx.deleteFrom('person_credential').where('person_id', '=', person).execute();
      await endSessions(tx, person);
    }
    await tx.insertInto('person_credential').values({ id: `${person}-${row.id}`, person_id: person, account_id: person, provider_id: 'credential', access_token: null, refresh_token: null, id_token: null, access_token_expires_at: null, refresh_token_expires_at: null, scope: null, password, created_at: at, updated_at: at }).execute();
    await tx.updateTable('invitation').set({ used_at: now }).where('id', '=', row.id).execute();
    await note(tx, context, now, row.person_id === null ? 'person-joined' : 'person-password', own, { by: own, name: own, role: row.role, invitedBy: row.created_by });
    return { name: own };
  });
}
