import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createBell } from '../../src/runtime/bell.ts';
import { minute, second } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { createLedger } from '../../src/store/ledger.ts';
import { putOrders } from '../../src/store/orders.ts';
import { createClockGuard } from '../../src/syncing/clock-guard.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { Destination, Intent } from '../../src/syncing/destination.ts';
import type { Language } from '../../src/syncing/diagnosis.ts';
import type { Evidence, Outcome } from '../../src/syncing/outcome.ts';
import { createRandom } from '../support/random.ts';
import { offersOf } from '../support/offers.ts';
import { axeFaults, openRoom } from './room.ts';
import type { Room } from './room.ts';

/** Of forty orders thirty-eight are refused for their tracking number, and two for their quantity. */
const [tracking, quantity] = ['amazon/tracking-refused', 'amazon/quantity-refused'] as const;

/** Tells them to an Amazon that refuses each. */
async function refuseForty({ context, clock }: Room): Promise<void> {
  const references = Array.from({ length: 40 }, (_, n) => `404-${1_000_000 + n}-7654321`);
  await putOrders(context, references.map((reference) => ({ account: 'amazon-fr', reference, placedAt: clock.now() - 60 * minute, payment: 'confirmed', currency: 'EUR', total: '24.90', language: 'fr', lines: [{ lineId: `${reference}-1`, sku: 'A', title: 'Mug', quantity: 1 }] })), clock.now());
  await applyStates(context, references.map((order, n) => ({ account: 'amazon-fr', order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `6A1234567${String(n).padStart(4, '0')}` }] })), { source: 'api/erp', author: 'api/erp', byHand: false }, clock.now());
  const profile = context.profiles.get('amazon-fr');
  if (profile === undefined) throw new Error('there is no amazon-fr');
  const ledger = createLedger(context);
  await ledger.swept(profile.scope.sweep, { until: clock.now(), startedAt: clock.now() });
  const evidence = (intent: Intent): Evidence => ({ call: 'confirmShipment', request: { method: 'POST', path: `/orders/v0/orders/${intent.payload.order}/shipmentConfirmation`, body: {} }, answer: { status: 400, body: { errors: [{ code: 'InvalidInput', message: 'refused', details: '' }] } }, fault: null, requestId: `req-${intent.sync}`, date: clock.now(), rate: 2 });
  const send = (intents: readonly Intent[]): Promise<Outcome[]> => Promise.resolve(intents.map((intent) => ({ kind: 'rejected', cause: references.indexOf(intent.payload.order) < 38 ? tracking : quantity, evidence: evidence(intent) })));
  const destination: Destination = { offers: offersOf('amazon'), width: 8, send, check: (intents) => Promise.resolve(intents.map((intent) => ({ kind: 'absent', seen: [], evidence: evidence(intent) }))) };
  const guard = createClockGuard(clock, (owed) => ledger.shift(owed));
  const faults: unknown[] = [];
  const lane = { profile, destination, bell: createBell(clock), ledger, clock, random: createRandom(7), worker: 'test', moment: () => guard.moment(), maySend: () => guard.trusted(), askSweep: () => undefined, report: { attempted: () => undefined, recorded: () => undefined, failed: (_: unknown, what: string, error: unknown) => void faults.push([what, error]) } };
  const stop = new AbortController();
  const running = run({ ledger, clock, guard, lanes: [lane], sweepings: [], pace: second, mayImport: () => true, onError: (what, error) => void faults.push([what, error]) }, stop.signal, new AbortController().signal);
  await clock.advance(minute);
  stop.abort();
  await clock.advance(second);
  await running;
  expect(faults).toEqual([]);
}

const words = {
  fr: { see: 'Voir les 38 synchronisations', all: 'Tout ce que ce filtre trouve', rerun: 'Relancer la synchronisation', preview: /^Relancer la synchronisation\s: 38 synchronisations$/, reason: 'Motif, inscrit au journal', confirm: /^Relancer la synchronisation\s: 38 synchronisations$/, missing: /Dites pourquoi/, done: /38 faites/, json: 'Télécharger (JSON)', print: 'Page à imprimer', proof: 'Justificatif de synchronisation', proves: 'Ce que cela prouve', raw: /Réponse$/ },
  en: { see: 'See the 38 syncs', all: 'All that this filter finds', rerun: 'Rerun the sync', preview: /^Rerun the sync: 38 syncs$/, reason: 'Reason, kept in the journal', confirm: /^Rerun the sync: 38 syncs$/, missing: /why/i, done: /38 done/, json: 'Download (JSON)', print: 'Page to print', proof: 'Proof of a sync', proves: 'What this proves', raw: /Answer$/ },
} as const;

describe.each(['fr', 'en'] as const satisfies readonly Language[])('somebody with forty failures, in %s', (language) => {
  const said = words[language];
  let room: Room;
  beforeAll(async () => {
    room = await openRoom({ empty: true });
    await refuseForty(room);
  });
  const count = async (status: string, cause: string): Promise<number> => (await room.context.store.db.selectFrom('sync').select('id').where('status', '=', status).where('cause', '=', cause).execute()).length;

  test('sees them by cause, reruns the thirty-eight of one with a reason after a preview, and leaves the two others', async () => {
    expect([await count('rejected', tracking), await count('rejected', quantity)]).toEqual([38, 2]);
    const page = await room.open('/syncs', 'support', { language });
    await page.locator('#causes .ledger > li').filter({ hasText: tracking }).getByRole('link', { name: said.see }).click();
    await page.getByText(said.all).waitFor();
    await page.locator('form.rest').getByRole('button', { name: said.rerun }).click();
    await page.getByRole('heading', { level: 1, name: said.preview }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    // Looking changes nothing.
    expect(await count('rejected', tracking)).toBe(38);
    await page.getByLabel(said.reason).fill('bordereaux corrigés');
    await page.getByRole('button', { name: said.confirm }).click();
    await page.getByRole('status').filter({ hasText: said.done }).waitFor();
    expect([await count('rejected', tracking), await count('rejected', quantity)]).toEqual([0, 2]);
    const record = await room.context.store.db.selectFrom('rerun').select(['author', 'reason']).orderBy('id', 'desc').executeTakeFirstOrThrow();
    expect(record).toEqual({ author: 'Inès', reason: 'bordereaux corrigés' });
    await page.context().close();
  });

  test('keeps the proof of one as JSON and on paper, and unfolds what was said', async () => {
    const { id } = await room.context.store.db.selectFrom('sync').select('id').where('cause', '=', quantity).orderBy('id').executeTakeFirstOrThrow();
    const page = await room.open(`/syncs/${id}`, 'support', { language });
    const raw = page.locator('details:not([data-help])').filter({ has: page.locator('summary', { hasText: said.raw }) }).first();
    expect(await raw.locator('pre').isVisible()).toBe(false);
    await raw.locator('summary').click();
    expect(await raw.locator('pre').textContent()).toContain('InvalidInput');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: said.json }).click()]);
    const proof: unknown = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(JSON.stringify(proof)).toContain(`req-${id}`);
    await page.goto(`/syncs/${id}`);
    await page.getByRole('link', { name: said.print }).click();
    await page.getByRole('heading', { level: 1, name: said.proof }).waitFor();
    await page.getByRole('heading', { name: said.proves }).waitFor();
    // On paper: no menu, no keys, no help.
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.btn:visible, [data-help]:visible, .side:visible').count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });
});
