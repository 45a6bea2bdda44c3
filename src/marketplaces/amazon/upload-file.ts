import { units } from '../../orders/parcel.ts';
import type { UploadFile } from '../marketplace.ts';
import { otherCarrier } from './carriers.ts';

/** Seller Central, "Shipping Confirmation template": a text file parted by tabs; a day as yyyy-mm-dd, the carrier's name with the code `Other` alone. */
const columns = ['order-id', 'order-item-id', 'quantity', 'ship-date', 'carrier-code', 'carrier-name', 'tracking-number', 'ship-method'] as const;

/** What "Upload order related files" of Seller Central takes. */
export const uploadFile: UploadFile = {
  extension: 'txt',
  type: 'text/tab-separated-values; charset=utf-8',
  head: `${columns.join('\t')}\r\n`,
  lines({ order, parcel, lines }, timeZone) {
    if (parcel === null || parcel.carrierCode === null || parcel.trackingNumber === null) return null;
    const day = Temporal.Instant.from(parcel.shippedAt).toZonedDateTimeISO(timeZone).toPlainDate().toString();
    const name = parcel.carrierCode === otherCarrier ? (parcel.carrierName ?? parcel.carrier ?? '') : '';
    const told = [...units(lines)].map(([lineId, quantity]) => [order, lineId, String(quantity), day, parcel.carrierCode ?? '', name, parcel.trackingNumber ?? '', '']);
    // A tab or a sign that a spreadsheet takes for a formula would change what is told.
    if (told.length === 0 || told.flat().some((cell) => /[\t\r\n]|^[=+\-@]/.test(cell))) return null;
    return told.map((cells) => `${cells.join('\t')}\r\n`).join('');
  },
};
