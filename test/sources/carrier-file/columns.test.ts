import { describe, expect, it } from 'vitest';
import { columnNames, columns, knownColumn, normalHeader } from '../../../src/sources/carrier-file/column-names.ts';
import { fingerprint } from '../../../src/sources/carrier-file/columns.ts';
import { read, refusal } from './files.ts';

describe('a header', () => {
  it.each([
    ['N° de commande', 'order'], ['n°  DE COMMANDE :', 'order'], ['Nº commande', 'order'], ['Numéro de commande', 'order'], ['NUMERO COMMANDE', 'order'], ['Num. Cde', 'order'],
    ['Order ID', 'order'], ['order-id', 'order'], ['orderId', 'order'], ['ORDER_NUMBER', 'order'], ['Order No.', 'order'], ['amazon-order-id', 'order'], ['Réf. client', 'order'], ['REFERENCE CLIENT', 'order'], ['Référence', 'order'],
    ['Tracking', 'tracking'], ['tracking_number', 'tracking'], ['trackingNumber', 'tracking'], ['N° de suivi', 'tracking'], ['Numéro de colis', 'tracking'], ['Suivi', 'tracking'], ['N° LT', 'tracking'], ["N° d’expédition", 'tracking'],
    ['Transporteur', 'carrier'], ['CARRIER', 'carrier'], ['carrier-code', 'carrier'], ['carrier-name', 'carrierName'], ['Nom transporteur', 'carrierName'],
    ["Date d'expédition", 'shippedAt'], ['Date d’expédition', 'shippedAt'], ['DATE EXPEDITION', 'shippedAt'], ['ship-date', 'shippedAt'], ['Ship Date', 'shippedAt'], ['shippedAt', 'shippedAt'], ['Date de dépôt', 'shippedAt'],
    ['Quantité', 'quantity'], ['Qté', 'quantity'], ['QTY', 'quantity'], ['Qté expédiée', 'quantity'], ['quantity-shipped', 'quantity'],
    ['SKU', 'sku'], ['seller-sku', 'sku'], ['Référence article', 'sku'], ['Réf. article', 'sku'], ['Custom label (SKU)', 'sku'],
    ['Ligne', 'lineId'], ['line-id', 'lineId'], ['lineId', 'lineId'], ['order-item-id', 'lineId'],
    ['Compte', 'account'], ['Seller account', 'account'],
  ])('%s is known', (header, column) => {
    expect(knownColumn(header)?.column).toBe(column);
  });

  it.each(['Date', 'Date de commande', 'Quantité commandée', 'Nb colis', 'Item ID', 'N° de compte', 'Téléphone', 'Commentaire', 'Expédié', 'Mode de livraison', 'Réf. transporteur', '', '°'])('that means one thing here and another there is not guessed: %j', (header) => {
    expect(knownColumn(header)).toBeUndefined();
  });

  it('names one column only', () => {
    const names = columns.flatMap((column) => columnNames[column].flatMap((step, at) => step.map((name) => ({ name: normalHeader(name), where: `${column} ${at}` }))));
    const twice = names.filter((one) => names.some((other) => other.name === one.name && other.where !== one.where));
    expect(twice).toEqual([]);
  });
});

describe('columns that cannot be told', () => {
  it('are named with the headers found, all at once', () => {
    expect(refusal('Nom;Poids;Code barre\nx;1;2\n').faults).toEqual([
      { code: 'column-missing', column: 'order', found: 'Nom · Poids · Code barre' },
      { code: 'column-missing', column: 'tracking', found: 'Nom · Poids · Code barre' },
      { code: 'carrier-not-named', column: 'carrier', found: 'Nom · Poids · Code barre' },
    ]);
  });

  it('come back with the headers to choose from and the fingerprint to remember the choice under', () => {
    const { headers, fingerprint: print } = refusal('Réf 1;Transporteur;Suivi\nC-1;DPD;15501234\n');
    expect(headers).toEqual(['Réf 1', 'Transporteur', 'Suivi']);
    expect(print).toBe(fingerprint(headers));
  });

  it("are a logistician's own order number beside the reference it was given", () => {
    expect(refusal('N° commande;Réf. client;Transporteur;Suivi\nP-1;C-1;DPD;15501234\n').faults).toEqual([{ code: 'column-ambiguous', column: 'order', found: 'N° commande · Réf. client' }]);
  });

  it('are two of one name, chosen or not', () => {
    const text = 'Commande;Transporteur;Suivi;Suivi\nC-1;DPD;15501234;15501235\n';
    const fault = { code: 'column-ambiguous', column: 'tracking', found: 'Suivi · Suivi' };
    expect(refusal(text).faults).toEqual([fault]);
    expect(refusal(text, { columns: { tracking: 'Suivi' } }).faults).toEqual([fault]);
  });

  it('are quantities without a column that says of which article', () => {
    const text = 'Commande;Transporteur;Suivi;Qté\nC-1;DPD;15501234;1\n';
    expect(refusal(text).faults).toEqual([{ code: 'quantity-without-line', column: 'quantity', found: 'Qté' }]);
    expect(read(text, { columns: { quantity: null } }).rows).toMatchObject([{ order: 'C-1', item: null }]);
  });
});

describe('the surer of two headers is taken', () => {
  it.each([
    ["the marketplace's own number", 'Order number;Amazon order ID;Carrier;Tracking', 'Amazon order ID'],
    ['an order number before a bare reference', 'Référence;N° de commande;Transporteur;Suivi', 'N° de commande'],
  ])('%s', (_, header, order) => {
    expect(read(`${header}\nA;B;DPD;15501234\n`).columns.order).toBe(order);
  });

  it('a tracking number before a parcel number', () => {
    expect(read('Commande;Transporteur;N° de colis;N° de suivi\nC-1;DPD;1;15501234\n').rows[0]?.trackingNumber).toBe('15501234');
  });
});

describe('a choice of columns', () => {
  const text = 'N° de commande;Réf 1;Transporteur;Colis\nP-1;C-1;DPD;15501234\n';

  it('wins over what the headers say', () => {
    const file = read(text, { columns: { order: 'Réf 1', tracking: 'Colis' } });
    expect(file.rows).toMatchObject([{ order: 'C-1', trackingNumber: '15501234' }]);
    expect(file.columns).toEqual({ order: 'Réf 1', tracking: 'Colis', carrier: 'Transporteur' });
  });

  it('names a header exactly, or as it is compared', () => {
    const two = 'Réf. 1;Réf 1;Transporteur;Suivi\nA;B;DPD;15501234\n';
    expect(read(two, { columns: { order: 'Réf 1' } }).rows[0]?.order).toBe('B');
    expect(read(text, { columns: { order: 'REF-1', tracking: 'colis' } }).rows[0]?.order).toBe('C-1');
  });

  it('that is not in the file is named with the headers found', () => {
    expect(refusal(text, { columns: { order: 'Réf 9', tracking: 'Colis' } }).faults).toEqual([{ code: 'column-not-found', column: 'order', expected: 'Réf 9', found: 'N° de commande · Réf 1 · Transporteur · Colis' }]);
  });

  it('cannot give one column two meanings', () => {
    expect(refusal(text, { columns: { order: 'Réf 1', tracking: 'Réf 1' } }).faults).toMatchObject([{ code: 'column-shared', column: 'tracking' }]);
  });

  it('takes its header from those that are guessed', () => {
    expect(refusal('Suivi;Transporteur\nC-1;DPD\n', { columns: { order: 'Suivi' } }).faults).toMatchObject([{ code: 'column-missing', column: 'tracking' }]);
  });

  it('may say that a file has no tracking numbers, no dates or no accounts', () => {
    const file = read("Commande;Transporteur;Suivi;Date d'expédition;Compte\nC-1;DPD;oui;hier;12345\n", { columns: { tracking: null, shippedAt: null, account: null } });
    expect(file.rows).toMatchObject([{ order: 'C-1', account: null, trackingNumber: null, untracked: false, shippedAt: null }]);
  });

  it('cannot do without the order', () => {
    expect(refusal(text, { columns: { order: null, tracking: 'Colis' } }).faults).toMatchObject([{ code: 'column-missing', column: 'order' }]);
  });
});

describe('what a state wants to know', () => {
  it('is the order alone where its Type tells of no parcels: a report of what was delivered may hold anything else', () => {
    const file = read("Commande;Suivi;Quantité;Date d'expédition\nC-1;8,12E+12;zéro;31/02\n", { parcels: false });
    expect(file.rows).toMatchObject([{ order: 'C-1', trackingNumber: null, item: null }]);
  });

  it('is no carrier column where one is named for the whole file', () => {
    const file = read('Commande;Suivi\nC-1;8R12345678901\n', { carrier: 'Colissimo' });
    expect(file.rows).toMatchObject([{ carrier: 'Colissimo' }]);
  });
});

describe('a fingerprint', () => {
  const headers = ['N° de commande', 'Suivi', 'Réf 1'];

  it('is the same for the files of one program, whatever the order and spelling of their headers', () => {
    expect(fingerprint(['RÉF-1', 'numéro de commande', 'suivi'])).toBe(fingerprint(headers));
  });

  it.each([[['N° de commande', 'Suivi']], [['N° de commande', 'Suivi', 'Réf 2']], [['N° de commande', 'Suivi', 'Suivi', 'Réf 1']], [['N° de commande', 'Suivi', 'Réf 1', '%']]])('is another for other headers', (others) => {
    expect(fingerprint(others)).not.toBe(fingerprint(headers));
  });
});
