/** What a column of a file can tell of. */
export const columns = ['order', 'account', 'carrier', 'carrierName', 'tracking', 'shippedAt', 'lineId', 'sku', 'quantity'] as const;
export type Column = (typeof columns)[number];

/**
 * Headers as carriers, logisticians, ERPs and Amazon's shipping confirmation template write them, surest first: a name
 * counts only where no surer one is in the file, and two on one step are ambiguous. So are a logistician's own order
 * number and the reference it was given. Headers that mean one thing here and another there (`Date`, `Item ID`,
 * `Mode de livraison`, `Quantité commandée`, `Nb colis`) are left out on purpose: a wrong guess would be told to a
 * marketplace, a missing one is asked for, once.
 */
export const columnNames: Readonly<Record<Column, readonly (readonly string[])[]>> = {
  order: [
    ['N° de commande marketplace', 'Référence marketplace', 'Marketplace order ID', 'Marketplace order number', 'Amazon order ID', 'N° de commande Amazon', 'eBay order ID', 'eBay order number', 'N° de commande eBay'],
    ['N° de commande', 'Commande', 'ID commande', 'Identifiant commande', 'Référence commande', 'Commande n°', 'Order', 'Order ID', 'Order number', 'Order no.', 'Order ref', 'Order reference', 'Order name', 'Réf. client', 'Référence client', 'Customer reference', 'Client reference', 'Référence expéditeur', 'Shipper reference', 'Sender reference', 'Shipment reference', 'Votre référence', 'Your reference'],
    ['Merchant order ID', 'N° de commande client', 'Commande client', 'Réf. commande client', 'Customer order number', 'Purchase order number', 'Référence externe', 'External reference', 'External order ID', 'Origin ref'],
    ['Référence', 'Reference'],
  ],
  account: [['Compte vendeur', 'Seller account', 'Seller account ID'], ['Compte', 'Account', 'Account ID', 'ID compte']],
  carrier: [
    ['Transporteur', 'Carrier', 'Courier', 'Shipping carrier', 'Shipping provider', 'Shipping company'],
    ['Code transporteur', 'Carrier code', 'Courier code'],
  ],
  carrierName: [['Nom du transporteur', 'Carrier name', 'Courier name']],
  tracking: [
    ['N° de suivi', 'Code de suivi', 'Référence de suivi', 'N° de suivi colis', 'Suivi colis', 'N° de suivi transporteur', 'N° de tracking', 'Tracking', 'Tracking number', 'Tracking no.', 'Tracking ID', 'Tracking code', 'Track number', 'Tracking transporteur', 'Carrier tracking number', 'Shipment tracking number', 'Parcel tracking number', 'Shipper tracking number'],
    ['N° de colis', 'Colis n°', 'Parcel number', 'Parcel no.', 'Package number', 'N° de LT', 'N° de lettre de transport', 'Lettre de transport', 'Skybill number', 'AWB', 'AWB number', 'Waybill', 'Waybill number', 'Consignment number', 'N° de récépissé'],
    ["N° d'expédition", "N° d'envoi", 'Shipment number'],
    ['Suivi'],
  ],
  shippedAt: [
    ["Date d'expédition", "Date d'exp.", "Date et heure d'expédition", 'Expédié le', 'Expédiée le', 'Ship date', 'Shipped date', 'Shipping date', 'Shipment date', 'Shipped at', 'Shipped on', 'Dispatch date', 'Despatch date', 'Dispatched at', 'Dispatched on', "Date d'envoi", "Envoyé le"],
    ['Date de dépôt', 'Date de prise en charge', 'Date de remise au transporteur', "Date d'enlèvement", 'Date de collecte', 'Pickup date', 'Pick-up date', 'Collection date'],
  ],
  lineId: [
    ['Line ID', 'Order item ID', 'Order line ID', 'Line item ID', 'Amazon order item code', 'ID ligne', 'Identifiant ligne', 'Identifiant de ligne', 'ID ligne commande'],
    ['Ligne', 'N° de ligne', 'Line', 'Line number', 'Line no.', 'Order line'],
  ],
  sku: [
    ['SKU', 'Seller SKU', 'Merchant SKU', 'Item SKU', 'Product SKU', 'Custom label', 'Custom label (SKU)'],
    ['Référence article', 'Réf. article', 'Code article', 'Référence produit', 'Réf. produit', 'Code produit', 'Item reference', 'Item code', 'Product reference', 'Product code', 'Article reference'],
    ['Article'],
  ],
  quantity: [
    ['Quantité expédiée', 'Qté exp.', 'Qté envoyée', 'Quantity shipped', 'Shipped quantity', 'Qty shipped', 'Shipped qty'],
    ['Quantité', 'Qté', 'Quantity', 'Qty'],
  ],
};

const unsaid = new Set(['de', 'du', 'des', 'd', 'l', 'au', 'of', 'the']);

const same: Readonly<Record<string, string>> = {
  n: 'no',
  nr: 'no',
  num: 'no',
  numero: 'no',
  number: 'no',
  cde: 'commande',
  cmd: 'commande',
  reference: 'ref',
  identifiant: 'id',
  quantite: 'qty',
  quantity: 'qty',
  qte: 'qty',
};

/** A header as it is compared: without case, accents, punctuation, small words, and with usual abbreviations written alike. */
export function normalHeader(header: string): string {
  return header
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !unsaid.has(word))
    .map((word) => same[word] ?? word)
    .join('');
}

const byName: ReadonlyMap<string, { readonly column: Column; readonly step: number }> = new Map(
  columns.flatMap((column) => columnNames[column].flatMap((names, step) => names.map((name) => [normalHeader(name), { column, step }] as const))),
);

/** The column that a header is known to name, and how sure that is: 0 is surest. */
export function knownColumn(header: string): { readonly column: Column; readonly step: number } | undefined {
  return byName.get(normalHeader(header));
}
