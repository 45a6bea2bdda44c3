import { describe, expect, it } from 'vitest';
import { alike, commonIndicators, stateTypes } from '../../src/orders/order-state.ts';
import type { StateDraft } from '../../src/orders/order-state.ts';
import { readStateModels } from '../../src/orders/state-models.ts';
import { fill, variables } from '../../src/orders/texts.ts';
import { trackingLink } from '../../src/planning/carriers.ts';
import type { CarrierEntry } from '../../src/planning/carriers.ts';
import { modelFiles, table } from './files.ts';
import { frenchFaults } from './french.ts';

function library(): readonly StateDraft[] {
  const read = readStateModels(modelFiles);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.models;
}

const models = library();
const texts = models.flatMap(({ mnemonic, texts }) => Object.entries(texts).map(([language, text]) => ({ mnemonic, language, ...text })));

describe('the library of models', () => {
  it('has a model of every Type, twelve at least', () => {
    expect(models.length).toBeGreaterThanOrEqual(12);
    expect(stateTypes.filter((type) => !models.some((model) => model.type === type))).toEqual([]);
  });

  it('has the names that others rely on', () => {
    const types = Object.fromEntries(models.map(({ mnemonic, type }) => [mnemonic, type]));
    expect(types).toMatchObject({
      VALIDEE: 'order-accepted',
      PREPARATION: 'none',
      EXPEDIEE: 'order-shipped',
      EXPEDIEE_PART: 'order-partially-shipped',
      LIVREE: 'order-delivered',
      ANNULEE: 'order-cancelled',
      REMBOURSEE: 'order-refunded',
      PRETE_RETRAIT: 'ready-for-pickup',
      RETIREE: 'picked-up',
      RETRAIT_REFUSE: 'pickup-refused',
      FACTUREE: 'invoice-issued',
      LITIGE: 'none',
    });
  });

  it('has no two names that could be taken for one another, and no two of one colour', () => {
    for (const { mnemonic } of models) expect([mnemonic, alike(mnemonic, models)]).toEqual([mnemonic, []]);
    expect(new Set(models.map(({ colour }) => colour.toLowerCase())).size).toBe(models.length);
  });

  it('gives an order its place: to prepare, to deliver, delivered, in dispute', () => {
    const used = new Set(models.flatMap(({ indicator }) => indicator ?? []));
    expect(commonIndicators.filter((indicator) => !used.has(indicator))).toEqual([]);
    expect([...used].filter((indicator) => !(commonIndicators as readonly string[]).includes(indicator))).toEqual(['cancelled']);
  });

  it('leaves time to undo wherever somebody outside learns of it, and none where nobody does', () => {
    for (const { mnemonic, type, actions, graceS } of models) {
      const told = type !== 'none' || actions.publish || actions.notifyByMail || actions.notifyBySms;
      expect([mnemonic, graceS]).toEqual([mnemonic, told ? 60 : 0]);
    }
  });

  it('sends no SMS by itself, and writes to nobody of what it keeps internal', () => {
    expect(models.filter(({ actions }) => actions.notifyBySms)).toEqual([]);
    expect(models.filter(({ actions }) => actions.notifyByMail && !actions.publish)).toEqual([]);
  });
});

describe('the texts of a model', () => {
  it('are there in French and English', () => {
    for (const { mnemonic, texts } of models) expect([mnemonic, Object.keys(texts).toSorted()]).toEqual([mnemonic, ['en', 'fr']]);
  });

  it.each(texts)('$mnemonic in $language has a name, a comment and an SMS', ({ name, comment, sms }) => {
    for (const text of [name, comment, sms]) expect(text.trim()).not.toBe('');
    expect(name).not.toMatch(/\{\{|[.!?]$/);
  });

  it('name the same variables in both languages, and the order in each comment and SMS', () => {
    const named = (text: string): string[] => variables.filter((variable) => text.includes(`{{${variable}}}`));
    for (const { mnemonic, texts } of models) {
      for (const part of ['comment', 'sms'] as const) {
        expect([mnemonic, named(texts['en']?.[part] ?? '')]).toEqual([mnemonic, named(texts['fr']?.[part] ?? '')]);
        expect(named(texts['fr']?.[part] ?? '')).toContain('order');
      }
    }
  });

  it.each(texts)('$mnemonic in $language reads well before the carrier and the number are known', ({ comment, sms }) => {
    for (const text of [comment, sms]) {
      const filled = fill(text, { order: 'C-20931' });
      expect(filled).not.toMatch(/\{\{|\}\}|[:\u00a0]\s*$| {2}/m);
      expect(filled).toMatch(/[.!]$/);
    }
  });

  it.each(texts.filter(({ language }) => language === 'fr'))('$mnemonic is set in French', ({ name, comment }) => {
    expect([...frenchFaults(name), ...frenchFaults(comment)]).toEqual([]);
  });

  it.each(texts.filter(({ language }) => language === 'en'))('$mnemonic in English has English signs', ({ name, comment, sms }) => {
    expect(`${name}${comment}`).not.toMatch(/['"\u00a0\u202f«»]| [;:!?]/);
    expect(sms).not.toMatch(/ [;:!?]/);
  });
});

/** GSM 03.38, basic table. One character outside of it makes the whole SMS Unicode: 70 characters instead of 160. `ê`, `ô`, `ç` and `’` are not in it. */
const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/u;

describe('an SMS of a model', () => {
  const carriers = table('carriers') as readonly CarrierEntry[];

  it.each(texts)('$mnemonic in $language costs what one SMS costs', ({ sms }) => {
    expect(sms.replaceAll(/\{\{\w+\}\}/g, '')).toMatch(gsm7);
  });

  it('would be found out with a character too many', () => {
    for (const sign of ['ê', 'ô', 'ç', '’', '\u00a0', '\u202f', '€', '{']) expect(`Commande ${sign}`).not.toMatch(gsm7);
  });

  it.each(texts)('$mnemonic in $language is one SMS once it is filled in, whoever carries the parcel', ({ sms }) => {
    for (const { name } of carriers) {
      // The longest that are usual: an Amazon order's number; eighteen characters at UPS, thirteen elsewhere.
      const tracking = name.startsWith('UPS') ? '1Z999AA10123456784' : 'XY000000001FR';
      const filled = fill(sms, { order: '171-0000001-0000002', carrier: name, tracking, trackingLink: trackingLink(carriers, name, tracking) ?? '' });
      expect([name, filled, filled.length]).toEqual([name, filled, expect.toSatisfy((length: number) => length <= 160)]);
    }
  });
});

describe('reading the library', () => {
  const model = { mnemonic: 'EXPEDIEE', type: 'order-shipped', colour: '#2e7d5b', indicator: null, graceS: 60, actions: { publish: true, notifyByMail: true, notifyBySms: false, generateInvoice: false } };
  const own = { name: 'Nom', comment: 'Commentaire', sms: 'SMS' };
  const faults = (given: unknown, fr: unknown = { EXPEDIEE: own }, en: unknown = { EXPEDIEE: own }, more: Record<string, unknown> = {}): readonly string[] => {
    const read = readStateModels({ models: given, texts: { fr, en, ...more } });
    return 'faults' in read ? read.faults : [];
  };

  it('makes each model a state ready to be saved', () => {
    expect(readStateModels({ models: [model], texts: { fr: { EXPEDIEE: own }, en: { EXPEDIEE: own } } })).toEqual({ models: [{ ...model, texts: { fr: own, en: own } }] });
  });

  it('takes further languages along', () => {
    expect(faults([model], undefined, undefined, { de: { EXPEDIEE: own } })).toEqual([]);
    expect(faults([model], null, [])).toHaveLength(2);
    expect(faults([model], undefined, undefined, { fra: { EXPEDIEE: own } })).toEqual(['fra/texts.json: EXPEDIEE: language; found "fra"']);
    expect(faults([model], undefined, undefined, { de: {} })).toEqual(['de/texts.json: EXPEDIEE: missing; expected { "name", "comment", "sms" }']);
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'models.json: expected a list of models'],
    ['no model', ['x'], 'models.json: model 1.model: expected an object'],
    ['nothing at all', [null], 'models.json: model 1.model: expected an object'],
    ['a name that is none', [{ ...model, mnemonic: 7 }], 'models.json: model 1.mnemonic: expected a name'],
    ['a Type that does not exist', [{ ...model, type: 'order-lost' }], `models.json: EXPEDIEE.type: expected one of ${stateTypes.join(', ')}`],
    ['a member too many', [{ ...model, color: 'red' }], 'models.json: EXPEDIEE.color: no such member; expected one of mnemonic, type, colour, indicator, graceS, actions'],
    ['a colour that is none', [{ ...model, colour: 'red' }], 'models.json: EXPEDIEE.colour: colour; found "red"'],
    ['an indicator that is none', [{ ...model, indicator: '' }], 'models.json: EXPEDIEE.indicator: expected null or a name in small letters and hyphens'],
    ['a grace that is none', [{ ...model, graceS: 9_999 }], 'models.json: EXPEDIEE.graceS: out-of-range; found "9999"; expected from 0 to 3600'],
    ['actions that are none', [{ ...model, actions: true }], 'models.json: EXPEDIEE.actions: expected an object with publish, notifyByMail, notifyBySms, generateInvoice'],
    ['an action that is no answer', [{ ...model, actions: { ...model.actions, publish: 'yes' } }], 'models.json: EXPEDIEE.actions.publish: expected true or false'],
    ['an action too many', [{ ...model, actions: { ...model.actions, fax: true } }], 'models.json: EXPEDIEE.actions.fax: no such action; expected one of publish, notifyByMail, notifyBySms, generateInvoice'],
    ['a name twice', [model, model], 'models.json: EXPEDIEE.mnemonic: mnemonic-taken; found "EXPEDIEE"'],
  ])('finds %s', (_, given, fault) => {
    expect(faults(given).filter((one) => !one.endsWith('no such model in models.json'))).toEqual([fault]);
  });

  it('finds a name that is too long, in every file', () => {
    const mnemonic = 'EXPEDIEE_PARTIELLE';
    expect(faults([{ ...model, mnemonic }], { [mnemonic]: own }, { [mnemonic]: own })).toEqual([`models.json: ${mnemonic}.mnemonic: too-long; found "${mnemonic}"; expected at most 16 characters`]);
  });

  it('finds what is wrong with texts, in the file where it is', () => {
    expect(faults([model], {}, { EXPEDIEE: { ...own, comment: '{{client}}', sms: 3, note: '' }, LIVREE: own })).toEqual([
      'fr/texts.json: EXPEDIEE: missing; expected { "name", "comment", "sms" }',
      'en/texts.json: EXPEDIEE.sms: expected a text',
      'en/texts.json: EXPEDIEE.note: no such text; expected one of name, comment, sms',
      'en/texts.json: LIVREE: no such model in models.json',
    ]);
    expect(faults([model], undefined, { EXPEDIEE: { ...own, comment: '{{client}}' } })).toEqual(['en/texts.json: EXPEDIEE.comment: text-variable; found "client"; expected order, carrier, tracking, trackingLink']);
  });

  it('is not fooled by names that every object has', () => {
    expect(faults([{ ...model, mnemonic: 'constructor' }], {}, {})).toEqual(['fr', 'en'].map((language) => `${language}/texts.json: constructor: missing; expected { "name", "comment", "sms" }`));
  });
});
