import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose, languages, readDiagnoses } from '../../src/syncing/diagnosis.ts';
import type { Diagnoses, DiagnosisFile } from '../../src/syncing/diagnosis.ts';
import { diagnosisFiles, marketplaces, table } from './files.ts';
import { frenchFaults } from './french.ts';

function diagnoses(): Diagnoses {
  const read = readDiagnoses(diagnosisFiles);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.diagnoses;
}

/** Words with a slash in the source that are no causes. */
const others = ['application/json', 'application/pdf', 'application/javascript', 'application/xml', 'image/png', 'image/svg', 'n/a', 'room/why', 'state-models/models', 'text/css', 'text/csv', 'text/event-stream', 'text/html', 'text/plain', 'text/tab-separated-values', 'text/xml'];
const rooms = ['order', 'planning', 'engine', 'operation', 'person', ...marketplaces];
/** Doors and what puts the house together: they hand causes on and give none, and are full of addresses. */
const doors = /^(api|app|cli|console|main)\b/;

/** Every string of the source that has the form of a cause, with the file it stands in; `${marketplace}/why` stands for one of each. */
function causesIn(text: string): string[] {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[\s;{}])\/\/.*$/gm, '$1')
    .replace(/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"][^'"]+['"]/g, '')
    .replace(/\bimport\s*\(?\s*['"][^'"]+['"]/g, '');
  const plain = [...bare.matchAll(/(['"`])([a-z][a-z-]*\/[a-z][a-z-]*)\1/g)].map((match) => match[2] ?? '');
  const made = [...bare.matchAll(/`\$\{[^}]*marketplace[^}]*\}\/([a-z][a-z-]*)`/gi)].flatMap((match) => marketplaces.map((marketplace) => `${marketplace}/${match[1] ?? ''}`));
  return [...plain, ...made].filter((key) => !others.includes(key));
}

const src = new URL('../../src/', import.meta.url);
const named = new Map<string, string>();
for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
  for (const cause of causesIn(readFileSync(new URL(file, src), 'utf8'))) if (!doors.test(file) || rooms.includes(cause.split('/')[0] ?? '')) named.set(cause, file);
}
for (const row of Object.values(table('state-types') as Record<string, Record<string, { readonly nothing?: string; readonly otherwise?: string }>>)) {
  for (const asked of Object.values(row)) for (const cause of [asked.nothing, asked.otherwise]) if (cause !== undefined) named.set(cause, 'config/state-types.json');
}

describe('the causes that the source names', () => {
  it('are found, so that a lack of words for one would be', () => {
    expect(causesIn("import x from 'order/never'; // 'order/comment'\n const cause = 'order/lost'; cause = `${marketplace}/gone`; cause = `${account.marketplace ?? ''}/left`; path = `${root}/states`; type = 'text/csv';")).toEqual(['order/lost', 'amazon/gone', 'ebay/gone', 'amazon/left', 'ebay/left']);
    expect(named.size).toBeGreaterThan(80);
    for (const cause of ['order/tracking-missing', 'engine/worker-lost', 'planning/carriers-report-it', 'person/undone', 'amazon/tracking-required']) expect([...named.keys()]).toContain(cause);
  });

  it.each(languages)('each have their words in %s', (language) => {
    const words = diagnoses()[language];
    expect([...named].filter(([cause]) => !Object.hasOwn(words, cause)).map(([cause, file]) => `${cause} (${file})`)).toEqual([]);
  });

  it('belong to a room that is known', () => {
    expect([...named].filter(([cause]) => !rooms.includes(cause.split('/')[0] ?? '')).map(([cause, file]) => `${cause} (${file})`)).toEqual([]);
  });
});

describe('the diagnoses that are shipped', () => {
  it('can be read, with both languages alike', () => {
    expect(() => diagnoses()).not.toThrow();
  });

  it('explain nothing that the source never says', () => {
    expect(Object.keys(diagnoses().fr).filter((cause) => !named.has(cause) && !/^(amazon|ebay)\/tracking-required$/.test(cause))).toEqual([]);
  });

  const ours = languages.flatMap((language) => Object.entries(diagnoses()[language]).map(([cause, diagnosis]) => ({ language, cause, ...diagnosis })));

  it.each(ours)('$cause in $language: two sentences at most for what happened, and for what to do', ({ what, remedy }) => {
    for (const text of [what, remedy]) {
      expect(text).toMatch(/^(\p{Lu}|eBay|«).*[.!?]$/su);
      expect(text.split(/[.!?]+(?:\s|$)/).filter((sentence) => sentence !== '')).toHaveProperty('length', expect.toSatisfy((n: number) => n <= 2));
      expect(text.length).toBeLessThanOrEqual(330);
    }
  });

  it('are in the merchant’s language: no codes, no names of statuses, no words of the machine room', () => {
    const machine = /\b(HTTP|API|JSON|worker|payload|lane|null|undefined|in-doubt|held)\b/;
    const forbidden = /destinataire|\brelancez\b(?! la (synchronisation|confirmation))|\brenvo|\blivraison\b/i;
    const told = ours.filter(({ cause }) => !/^(amazon|ebay)\//.test(cause)).map(({ language, cause, what, remedy }) => ({ language, cause, text: `${what} ${remedy}` }));
    expect(told.filter(({ text }) => machine.test(text))).toEqual([]);
    expect(told.filter(({ language, text }) => language === 'fr' && forbidden.test(text))).toEqual([]);
  });

  it.each(ours.filter(({ language, cause }) => language === 'fr' && !/^(amazon|ebay)\//.test(cause)))('$cause is set in French', ({ what, remedy }) => {
    expect([...frenchFaults(what), ...frenchFaults(remedy)]).toEqual([]);
  });
});

describe('reading diagnoses', () => {
  const one = { what: 'What.', remedy: 'Remedy.', button: null };
  const file = (name: string, json: unknown): DiagnosisFile => ({ name, language: name.startsWith('fr') ? 'fr' : 'en', json });
  const faults = (...files: DiagnosisFile[]): readonly string[] => {
    const read = readDiagnoses(files);
    return 'faults' in read ? read.faults : [];
  };

  it('puts the files of a language together', () => {
    const read = readDiagnoses([file('fr/a.json', { '$comment': 'x', 'order/lost': one }), file('fr/b.json', { 'engine/fault': one }), file('en/a.json', { 'order/lost': one, 'engine/fault': one })]);
    expect(read).toEqual({ diagnoses: { fr: { 'order/lost': one, 'engine/fault': one }, en: { 'order/lost': one, 'engine/fault': one } } });
  });

  it('finds a cause that has words in one language only', () => {
    expect(faults(file('fr/a.json', { 'order/lost': one }), file('en/a.json', { 'order/found': one }))).toEqual(['fr/a.json: order/lost: has no words in "en"', 'en/a.json: order/found: has no words in "fr"']);
  });

  it('finds a cause that is explained twice', () => {
    expect(faults(file('fr/a.json', { 'order/lost': one }), file('fr/b.json', { 'order/lost': one }), file('en/a.json', { 'order/lost': one }))).toEqual(['fr/b.json: order/lost: explained in fr/a.json too']);
  });

  it('finds languages that offer different buttons', () => {
    expect(faults(file('fr/a.json', { 'order/lost': one }), file('en/a.json', { 'order/lost': { ...one, button: 'rerun' } }))).toEqual(['fr/a.json: order/lost.button: not the one of en/a.json']);
  });

  it.each([
    [[], 'fr/a.json: expected an object with one entry per cause'],
    [{ 'order/lost': 'text' }, 'fr/a.json: order/lost: expected { "what", "remedy", "button" }'],
    [{ 'order/lost': { ...one, what: ' ' } }, 'fr/a.json: order/lost.what: expected a text'],
    [{ 'order/lost': { ...one, remedy: 3 } }, 'fr/a.json: order/lost.remedy: expected a text'],
    [{ 'order/lost': { ...one, button: 'explode' } }, expect.stringMatching(/^fr\/a\.json: order\/lost\.button: expected null or one of/)],
    [{ 'order/lost': { what: 'W.', remedy: 'R.' } }, expect.stringMatching(/order\/lost\.button/)],
    [{ 'order/lost': { ...one, colour: 'red' } }, 'fr/a.json: order/lost.colour: no such member; expected one of what, remedy, button'],
    [{ 'Lost': one }, 'fr/a.json: Lost: expected a cause such as "order/tracking-missing"'],
  ])('names what is wrong (%#)', (json, fault) => {
    expect(faults(file('fr/a.json', json))).toContainEqual(fault);
  });
});

describe('a cause that nobody explained yet', () => {
  it('is shown as itself, with where to look', () => {
    expect(diagnose(diagnoses(), 'order/unheard-of', 'fr')).toEqual({ what: 'order/unheard-of', remedy: expect.stringContaining('réponse brute') as string, button: null });
    expect(diagnose(diagnoses(), 'order/cancel-requested', 'en').button).toBe('rerun');
  });
});
