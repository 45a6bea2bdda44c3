import type { Running } from '../serve.ts';
import type { Suivi } from '../../app.ts';
import { base } from '../../api/base.ts';
import { speak } from '../../language/speak.ts';
import type { Simulator } from '../../marketplaces/simulator/simulator.ts';
import { second } from '../../runtime/clock.ts';
import type { Duration } from '../../runtime/clock.ts';
import { mapCarrier } from '../../store/carriers.ts';
import { ordersCalled } from '../../store/find-orders.ts';
import type { LogRow } from '../../store/log.ts';
import { addState } from '../../store/states.ts';
import { verifyAudit } from '../../store/verify.ts';
import { diagnose } from '../../syncing/diagnosis.ts';
import type { Language } from '../../syncing/diagnosis.ts';
import { hasEnded } from '../../syncing/status.ts';
import { castOrders } from './cast.ts';
import type { Cast, CastOrder } from './cast.ts';
import type { Client } from './client.ts';
import { grace } from './place.ts';
import { sumUp } from './sums.ts';
import type { Sum } from './sums.ts';
import type { Teller } from './teller.ts';
import type { Say } from './words.ts';

export interface Stage {
  readonly suivi: Suivi;
  readonly running: Running;
  readonly simulator: Simulator;
  readonly teller: Teller;
  readonly say: Say;
  readonly language: Language;
  readonly client: Client;
  readonly print: (line: string, lead?: string) => void;
  readonly heading: (text: string) => void;
  /** The sync log as a table. */
  readonly table: (rows: readonly LogRow[]) => string;
  readonly stop: AbortSignal;
}

export interface Told {
  readonly cast: Cast;
  /** Every act came to its end, nothing is there twice, and the audit is whole. */
  readonly asItShould: boolean;
}

/** The story, act by act. Whoever acts does so over HTTP, as a shop's program would. */
export async function tellStory(stage: Stage): Promise<Told> {
  const cast = await arrive(stage);
  const applied = await applyAll(stage, cast);
  stage.heading(stage.say('act3'));
  const quick = await until(stage, 15 * second, (syncs) => applied && applyable(cast).every((order) => stands(syncs, order)));
  stage.heading(stage.say('act4'));
  await putRight(stage, cast);
  const all = await until(stage, 10 * second, (syncs) => syncs.filter(({ order }) => order !== cast.failing.reference).every(({ status }) => hasEnded(status)));
  if (!stage.stop.aborted && !(await ended(stage, cast.failing))) stage.teller.tell(stage.say('waitFor', { order: cast.failing.reference }));
  const late = await until(stage, 30 * second, (syncs) => syncs.every(({ status }) => hasEnded(status)));
  // What Amazon shows is met in the next regular read.
  await until(stage, 6 * second, (syncs) => syncs.every(({ account, status }) => account !== 'amazon-fr' || status !== 'accepted'));
  const good = stage.stop.aborted || (await sumsUp(stage, cast));
  return { cast, asItShould: good && quick && all && late };
}

/** Act 1: orders are read from both marketplaces, and the shop gives one of its own. */
async function arrive({ suivi, simulator, teller, say, heading, client, running, stop }: Stage): Promise<Cast> {
  heading(say('act1'));
  const { context, clock } = suivi;
  const cast = castOrders(simulator, clock.now());
  simulator.amazon.brain.faults.add({ call: 'confirmShipment', order: cast.failing.reference, fault: { kind: 'html-503' } });
  simulator.amazon.brain.faults.add({ call: 'confirmShipment', order: cast.lost.reference, fault: { kind: 'cut-after' } });
  const expected = Object.values(cast).filter(({ account }: CastOrder) => account !== 'shop').map(({ reference }) => reference);
  // Amazon's own are not among the orders to ship: that one is fetched when it is named.
  const wanted = expected.filter((reference) => reference !== cast.byAmazon.reference);
  for (let waited = 0; waited < 20 * second && !stop.aborted; waited += 100) {
    if ((await ordersCalled(context, wanted)).length >= wanted.length) break;
    await clock.sleep(100, stop);
  }
  const found = await ordersCalled(context, wanted);
  teller.tell(say('imported', { amazon: found.filter(({ account }) => account === 'amazon-fr').length, ebay: found.filter(({ account }) => account === 'ebay-fr').length }));
  await client.ask('PUT', `${running.address}${base}/orders`, [{ account: 'shop', reference: cast.shop.reference, placedAt: new Date(clock.now() - 5 * 3_600_000).toISOString(), payment: 'confirmed', currency: 'EUR', total: '32.00', lines: [{ lineId: '1', sku: 'AFFICHE-LYON', title: 'Affiche « Lyon, la nuit », 50 × 70 cm', quantity: 1, unitPrice: '32.00' }] }]);
  teller.tell(say('shopOrder', { order: cast.shop.reference }));
  return cast;
}

interface ParcelGiven {
  readonly carrier: string;
  readonly trackingNumber?: string;
  readonly lines?: CastOrder['lines'];
}

const models = ['VALIDEE', 'EXPEDIEE', 'EXPEDIEE_PART', 'LIVREE'];

/** Act 2: states from the library, and what the shop tells of the day's parcels. */
async function applyAll(stage: Stage, cast: Cast): Promise<boolean> {
  const { suivi, teller, say, heading, stop } = stage;
  heading(say('act2'));
  const { context, clock, tables } = suivi;
  for (const model of tables.models.filter(({ mnemonic }) => models.includes(mnemonic))) await addState(context, { ...model, graceS: grace }, 'demo', clock.now());
  teller.tell(say('statesAdded', { states: models.join(', ') }));
  teller.tell(say('faults', { failing: cast.failing.reference, lost: cast.lost.reference }));
  const [first, second_] = cast.twoParcels.lines;
  if (first === undefined || second_ === undefined || stop.aborted) return false;
  const given: readonly (readonly [CastOrder, string, readonly ParcelGiven[]])[] = [
    [cast.failing, 'EXPEDIEE', [{ carrier: 'Chronopost', trackingNumber: 'XY100000001FR' }]],
    [cast.lost, 'EXPEDIEE', [{ carrier: 'GLS', trackingNumber: '00GLS2000002' }]],
    [cast.plain, 'EXPEDIEE', [{ carrier: 'Chronopost', trackingNumber: 'XY100000003FR' }]],
    [cast.twoParcels, 'EXPEDIEE', [{ carrier: 'DPD', trackingNumber: '15505000000004', lines: [first] }, { carrier: 'DPD', trackingNumber: '15505000000005', lines: [second_] }]],
    [cast.partial, 'EXPEDIEE_PART', [{ carrier: 'UPS', trackingNumber: '1Z999AA10000000006', lines: [{ lineId: cast.partial.lines[0]?.lineId ?? '', quantity: 2 }] }]],
    [cast.refused, 'EXPEDIEE', [{ carrier: 'Colissimo', trackingNumber: '8R00000000007' }]],
    [cast.noTracking, 'EXPEDIEE', [{ carrier: 'Chronopost' }]],
    [cast.unmapped, 'EXPEDIEE', [{ carrier: 'La Navette du Port', trackingNumber: 'NAV-0008' }]],
    [cast.ebayPlain, 'EXPEDIEE', [{ carrier: 'Colissimo', trackingNumber: '8R00000000009' }]],
    [cast.ebayTwo, 'EXPEDIEE', [{ carrier: 'Mondial Relay', trackingNumber: '24R00000010' }]],
    [cast.byAmazon, 'EXPEDIEE', [{ carrier: 'Chronopost', trackingNumber: 'XY100000011FR' }]],
    [cast.shop, 'EXPEDIEE', [{ carrier: 'Colissimo', trackingNumber: '8R00000000012' }]],
  ];
  for (const [order, state, parcels] of given) await apply(stage, order, state, parcels);
  return true;
}

interface AnswerRead {
  readonly syncs: readonly { readonly operation: string; readonly status: string; readonly reason?: string }[];
}

async function apply({ client, running, teller, say, suivi, language }: Stage, { account, reference, lines }: CastOrder, state: string, parcels: readonly ParcelGiven[]): Promise<void> {
  const [answer] = (await client.ask('POST', `${running.address}${base}/applied-states`, [{ account, order: reference, state, parcels, sourceRef: `demo-${reference}` }])) as readonly AnswerRead[];
  const ordered = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const shown = parcels.map((parcel) => {
    const name = parcel.trackingNumber === undefined ? say('noNumber', { carrier: parcel.carrier }) : `${parcel.carrier} ${parcel.trackingNumber}`;
    return parcel.lines === undefined ? name : say('parts', { quantity: parcel.lines.reduce((sum, { quantity }) => sum + quantity, 0), all: ordered, parcel: name });
  });
  teller.tell(say('apply', { state, order: reference, channel: speak(language).channel(suivi.context.profiles.get(account)?.marketplace ?? null), parcels: shown.join(' + ') }));
  for (const { status, reason } of answer?.syncs ?? []) {
    if (reason === undefined) continue;
    const { what } = diagnose(suivi.tables.diagnoses, reason as `${string}/${string}`, language);
    if (status === 'held') teller.add(say('waits', { what }));
    if (status === 'skipped') teller.add(say('skippedAtOnce', { what }));
  }
}

/** Act 4: a number arrives, a carrier is mapped, what failed is rerun. */
async function putRight({ suivi, running, client, teller, say, stop }: Stage, cast: Cast): Promise<void> {
  if (stop.aborted) return;
  const { context, clock } = suivi;
  const story = (await client.ask('GET', `${running.address}${base}/orders/amazon-fr/${cast.noTracking.reference}`)) as { readonly parcels: readonly { readonly id: number }[] };
  const trackingNumber = 'XY100000013FR';
  await client.ask('PATCH', `${running.address}${base}/parcels/${story.parcels[0]?.id ?? 0}`, { trackingNumber });
  teller.tell(say('completed', { order: cast.noTracking.reference, tracking: trackingNumber }));
  for (const [carrier, code, otherName] of [['La Navette du Port', 'Other', 'La Navette du Port'], ['Colissimo', 'Other', 'Colissimo']] as const) {
    const { released } = await mapCarrier(context, { carrier, account: 'amazon-fr', code, otherName }, 'demo', clock.now());
    running.notify(['amazon-fr']);
    teller.tell(say('mapped', { carrier, code, released }));
  }
  const cause = 'amazon/carrier-unknown';
  const { done } = (await client.ask('POST', `${running.address}${base}/syncs/rerun`, { account: 'amazon-fr', cause, reason: say('rerunReason') })) as { readonly done: readonly number[] };
  teller.tell(say('rerun', { cause, count: done.length }));
}

/** Act 5: the sync log, parcels told against parcels there, the audit. */
async function sumsUp({ suivi, simulator, teller, say, heading, print, table, language, client }: Stage, { lost }: Cast): Promise<boolean> {
  heading(say('act5'));
  const syncs = await teller.look();
  print(table(syncs));
  print('');
  const sums: Sum[] = [await sumUp(client, 'amazon-fr', simulator.amazon.endpoint, syncs), await sumUp(client, 'ebay-fr', simulator.ebay.endpoint, syncs)];
  for (const { account, told, there, twice } of sums) print(say('sum', { marketplace: speak(language).channel(suivi.context.profiles.get(account)?.marketplace ?? null), told, there, twice }), '');
  const once = sums[0]?.ofOrder.get(lost.reference) ?? 0;
  print(say('lostOnce', { order: lost.reference, parcels: once }), '');
  const verdicts = await verifyAudit(suivi.context.store.db, suivi.context.audit.keyring);
  const whole = verdicts.every(({ faults }) => faults.length === 0);
  print(say('audit', { entries: verdicts.reduce((sum, { entries }) => sum + entries, 0), whole: whole ? 'yes' : 'no' }), '');
  print(say('verified', { verified: syncs.filter(({ status }) => status === 'confirmed').length }), '');
  return whole && once === 1 && sums.every(({ told, there, twice }) => told === there && twice === 0);
}

/** Looks on, and tells, until something is so. False where it took too long. */
async function until({ teller, say, suivi, stop }: Stage, longest: Duration, so: (syncs: readonly LogRow[]) => boolean): Promise<boolean> {
  const { clock } = suivi;
  const end = clock.monotonic() + longest;
  while (!stop.aborted) {
    if (so(await teller.look())) return true;
    if (clock.monotonic() > end) {
      teller.tell(say('tooLong'));
      return false;
    }
    await clock.sleep(100, stop);
  }
  return false;
}

/** Those whose fate is clear within seconds. */
function applyable(cast: Cast): readonly CastOrder[] {
  return [cast.plain, cast.twoParcels, cast.lost, cast.partial, cast.refused, cast.byAmazon, cast.ebayPlain, cast.ebayTwo];
}

function stands(syncs: readonly LogRow[], { reference }: CastOrder): boolean {
  const own = syncs.filter(({ order }) => order === reference);
  return own.length > 0 && own.every(({ status }) => hasEnded(status));
}

async function ended({ teller }: Stage, order: CastOrder): Promise<boolean> {
  return stands(await teller.look(), order);
}
