import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom, until } from '../cli/room.ts';
import type { Child, Ran, Room } from '../cli/room.ts';

/** What the story must tell, in both languages. */
const acts: readonly (readonly [string, RegExp, RegExp])[] = [
  ['orders are imported from both', /9 orders to ship read from Amazon, 3 from eBay/, /9 commandes à expédier lues chez Amazon, 3 chez eBay/],
  ['states come from models', /Order states from the models: VALIDEE, EXPEDIEE/, /États d’avancement tirés des modèles\u00a0: VALIDEE, EXPEDIEE/],
  ['states are applied', /EXPEDIEE → [\d-]+ \(Amazon\): Chronopost/, /EXPEDIEE → [\d-]+ \(Amazon\)\u00a0: Chronopost/],
  ['a part is shipped', /EXPEDIEE_PART → .*2 units of 3 in UPS/, /EXPEDIEE_PART → .*2 unités sur 3 dans UPS/],
  ['one is held for its tracking number', /held: The parcel has no tracking number yet/, /à compléter\u00a0: Le colis n’a pas encore de numéro de suivi/],
  ['one is skipped, with its reason', /nothing is sent: This order comes from your own shop/, /rien n’est envoyé\u00a0: Cette commande vient de votre boutique/],
  ['one fails', /\? [\d-]+: Amazon had an internal error/, /\? [\d-]+\u00a0: Amazon a rencontré une erreur interne/],
  ['the answer of one is lost', /\? [\d-]+: The connection to Amazon broke off/, /\? [\d-]+\u00a0: La liaison avec Amazon s’est interrompue/],
  ['confirmations are sent to Amazon', /✓ Amazon says yes: [\d-]+, DPD 15505000000005/, /✓ Amazon dit oui\u00a0: [\d-]+, DPD 15505000000005/],
  ['one is refused, with cause and remedy', /✗ Amazon refuses [\d-]+ .*carrier[\s\S]*?→ Find the carrier/, /✗ Amazon refuse [\d-]+ .*transporteur[\s\S]*?→ Cherchez ce transporteur/],
  ['confirmations are sent to eBay', /✓ eBay says yes: [\d-]+, Mondial Relay/, /✓ eBay dit oui\u00a0: [\d-]+, Mondial Relay/],
  ['one is skipped because Amazon ships it', /– [\d-]+: nothing is sent\. The marketplace itself ships/, /– [\d-]+\u00a0: rien n’est envoyé\. C’est la place de marché/],
  ['the lost one is found by reading back', /✓ [\d-]+ is read back at Amazon: the parcel is there\. Not sent a second time/, /✓ [\d-]+ est relue chez Amazon\u00a0: le colis y est\. Rien n’est envoyé une seconde fois/],
  ['the tracking number arrives', /The tracking number of [\d-]+ arrives/, /Le numéro de suivi de [\d-]+ arrive/],
  ['carriers are mapped, and it is said what for', /“La Navette du Port”.*1 order that waited for it leaves/, /«\u00a0La Navette du Port\u00a0».*1 commande qui l’attendait part/],
  ['what failed is rerun', /what Amazon refused for it can go after all.*\(1 sync\)/, /Ce qu’Amazon avait refusé pour lui peut donc partir.*\(1 synchronisation\)/],
  ['the failed one is looked for', /[\d-]+ is read back at Amazon: nothing is there yet/, /[\d-]+ est relue chez Amazon\u00a0: rien n’y est encore/],
  ['and then sent again', /↻ [\d-]+: sent again, now/, /↻ [\d-]+\u00a0: envoyée de nouveau, maintenant/],
  ['the sync log tells it', /ID {2}Account .*\n13 {2}shop .*nothing to do .*planning\/own-shop/, /ID {2}Compte .*\n13 {2}shop .*sans objet .*planning\/own-shop/],
  ['each attempt of it', /confirm the shipment {2}verified +4 /, /confirmer l’expédition {2}vérifiée +4 /],
  ['parcels told and parcels there are counted', /Amazon: 9 parcels confirmed, 9 there, none twice\neBay: 2 parcels confirmed, 2 there, none twice/, /Amazon\u00a0: 9 colis confirmés, 9 là-bas, aucun en double\neBay\u00a0: 2 colis confirmés, 2 là-bas, aucun en double/],
  ['the lost one once', /whose answer was lost: 1 parcel at Amazon/, /dont la réponse s’est perdue\u00a0: 1 colis chez Amazon/],
  ['the audit is whole', /The audit: \d+ entries, whole/, /L’audit\u00a0: \d+ entrées, intact/],
];

/** Of these, each comes after the one before it; the rest happens side by side. */
const ways: readonly (readonly string[])[] = [
  ['orders are imported from both', 'states come from models', 'states are applied', 'confirmations are sent to Amazon', 'the tracking number arrives', 'the sync log tells it', 'the audit is whole'],
  ['the answer of one is lost', 'the lost one is found by reading back', 'the lost one once'],
  ['one is refused, with cause and remedy', 'carriers are mapped, and it is said what for', 'what failed is rerun'],
  ['one fails', 'the failed one is looked for', 'and then sent again', 'the sync log tells it'],
];

function expectStory(story: string, language: 'en' | 'fr'): void {
  const places = new Map(acts.map(([act, english, french]) => [act, (language === 'en' ? english : french).exec(story)?.index ?? -1]));
  expect([...places].filter(([, place]) => place < 0).map(([act]) => act), story).toEqual([]);
  for (const way of ways) expect(way.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))).toEqual(way);
}

/** Numbers of orders as the story names them. */
function named(story: string): { readonly failing: string; readonly lost: string; readonly left: string } {
  const [, failing = '', lost = ''] = /will fail once \(order ([\d-]+)\), and one answer will be lost \(order ([\d-]+)\)/.exec(story) ?? [];
  const [, left = ''] = /left for you to ship: ([\d-]+) \(Amazon\)/.exec(story) ?? [];
  return { failing, lost, left };
}

/** Where a demonstration listens: its API and its two marketplaces. */
function placesOf(room: Room): readonly URL[] {
  const { accounts } = JSON.parse(room.read('var/demo/config/accounts.json')) as { readonly accounts: readonly { readonly endpoint: string }[] };
  const [, listen = ''] = /SUIVI_LISTEN='([^']+)'/.exec(room.read('var/demo/.env')) ?? [];
  return [new URL(`http://${listen}`), ...accounts.map(({ endpoint }) => new URL(endpoint))];
}

async function answers({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

interface Ledger {
  readonly packages: readonly { readonly order: string; readonly tracking: string | null; readonly by: string; readonly carrier: string | null }[];
  readonly requests: readonly { readonly call: string; readonly order: string | null }[];
}

describe('the demonstration', { timeout: 90_000 }, () => {
  let staying: Room;
  let ending: Room;
  let stays: Child;
  let ends: Promise<Ran>;
  beforeAll(() => {
    staying = openRoom(null);
    ending = openRoom(null);
    stays = staying.start('demo', '--lang', 'en');
    ends = ending.run('demo', '--exit', '--lang', 'fr');
  });
  afterAll(async () => {
    await Promise.all([staying.close(), ending.close()]);
  });

  test('a second one in the same folder says who is there, and leaves it alone', async () => {
    await stays.saw('1. The orders arrive');
    const second = await staying.run('demo', '--lang', 'en');
    expect([second.code, second.out]).toEqual([75, `A demonstration runs there already (process ${stays.pid}): end it first with Ctrl-C.\n`]);
  });

  test('with --exit tells the whole story, ends with 0 within a minute, and leaves nothing that listens', async () => {
    const { code, out, err } = await ends;
    expect([code, err], out).toEqual([0, '']);
    expectStory(out, 'fr');
    const [last = ''] = [...out.matchAll(/^ *(\d+\.\d) s {2}/gm)].map(([, seconds]) => seconds ?? '').slice(-1);
    expect(Number(last)).toBeGreaterThan(10);
    expect(Number(last)).toBeLessThan(60);
    expect(await Promise.all(placesOf(ending).map(answers))).toEqual([false, false, false]);
    // What was printed to be pasted works: in the folder that it names, without the daemon.
    const [lines = ''] = /\n {2}cd [\s\S]*?audit verify\n/.exec(out) ?? [];
    const [, folder = ''] = /cd (\S+)/.exec(lines) ?? [];
    const commands = [...lines.matchAll(/bin\.js (.+)\n/g)].map(([, words = '']) => words.split(' '));
    expect(commands.map(([command]) => command)).toEqual(['orders', 'syncs', 'audit']);
    const ran = await Promise.all(commands.map((words) => ending.runWith({ cwd: folder, env: { SUIVI_LISTEN: undefined } }, ...words)));
    expect(ran.map((one) => one.code)).toEqual([0, 0, 0]);
    expect(existsSync(join(ending.folder, 'var', 'suivi.db'))).toBe(false);
  });

  test('without it stays until Ctrl-C: the marketplaces’ own books show each parcel once, and nothing was told twice', async () => {
    const story = await stays.saw('It goes on until Ctrl-C');
    expectStory(story, 'en');
    const { failing, lost } = named(story);
    const [, amazon, ebay] = placesOf(staying);
    const books = (await Promise.all([amazon, ebay].map(async (place) => (await fetch(new URL('/simulator/ledger', place))).json()))) as readonly Ledger[];
    const parcels = books.flatMap(({ packages }) => packages.map(({ order, tracking }) => `${order} ${tracking}`));
    expect(parcels).toHaveLength(11);
    expect(new Set(parcels).size).toBe(11);
    const told = (order: string): number => (books[0]?.requests ?? []).filter((request) => request.call === 'confirmShipment' && request.order === order).length;
    // The first one failed there before it did anything; of the other only the answer was lost.
    expect([told(failing), told(lost)]).toEqual([2, 1]);
    expect(parcels.filter((one) => one.startsWith(failing) || one.startsWith(lost))).toHaveLength(2);
  });

  test('what was printed to be pasted works beside it, and it tells what its guests do', async () => {
    const story = await stays.saw('It goes on until Ctrl-C');
    const { left } = named(story);
    const folder = join(staying.folder, 'var', 'demo');
    const beside = async (...words: readonly string[]): Promise<Ran> => staying.runWith({ cwd: folder, env: { SUIVI_LISTEN: undefined } }, ...words);
    const [, paste = ''] = /bin\.js (apply .*)\n/.exec(story) ?? [];
    expect(paste).toContain(left);
    const applied = await beside(...paste.split(' '));
    expect(applied.code, applied.err).toBe(0);
    const [, application = ''] = /suivi undo (\d+)/.exec(applied.err) ?? [];
    await stays.saw(`+ ${left}: confirm the shipment, leaves at`);
    expect((await beside('undo', application)).code).toBe(0);
    await stays.saw(`– ${left}: taken back, nothing leaves`);
    const [, authorization = '', url = ''] = /curl -s -H '([^']+)' '([^']+)'/.exec(story) ?? [];
    const answer = await fetch(url, { headers: { authorization: authorization.replace('Authorization: ', '') } });
    expect([answer.status, ((await answer.json()) as { syncs: unknown[] }).syncs.length]).toEqual([200, 5]);
    expect((await beside('doctor')).out).toContain(`The daemon works (${new URL(url).origin})`);
  });

  test('ends at Ctrl-C with 0, says so, and leaves nothing that listens', async () => {
    await stays.saw('It goes on until Ctrl-C');
    stays.kill('SIGINT');
    const { code, signal, out } = await stays.ended;
    expect([code, signal, out.includes('The demonstration has ended.')]).toEqual([0, null, true]);
    await until(async () => !(await Promise.all(placesOf(staying).map(answers))).some(Boolean), 'nothing listens');
    const log = readFileSync(join(staying.folder, 'var', 'demo', 'suivi.log'), 'utf8');
    expect(log).not.toMatch(/"level":"(?:error|fatal)"/);
  });
});
