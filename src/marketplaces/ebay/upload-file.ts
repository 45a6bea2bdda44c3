import { units } from '../../orders/parcel.ts';
import { writeRow } from '../../runtime/csv.ts';
import type { UploadFile } from '../marketplace.ts';

/** eBay, "Merchant Integration Platform: order fulfillment feed", its columns in their order; one line for each line of the order. */
const columns = ['Order ID', 'Line Item ID', 'Logistics Status', 'Shipment Carrier', 'Shipment Tracking'] as const;

export const uploadFile: UploadFile = {
  extension: 'csv',
  type: 'text/csv; charset=utf-8',
  head: `${writeRow(columns, ',')}\r\n`,
  lines({ order, parcel, lines }) {
    if (parcel === null) return null;
    // Carrier and tracking go together, or not at all.
    const tracked = parcel.trackingNumber !== null && parcel.carrierCode !== null;
    const told = [...units(lines)].map(([lineId]) => [order, lineId, 'SHIPPED', tracked ? (parcel.carrierCode ?? '') : '', tracked ? (parcel.trackingNumber ?? '') : '']);
    if (told.length === 0 || told.flat().some((cell) => /[\r\n]|^[=+\-@]/.test(cell))) return null;
    return told.map((cells) => `${writeRow(cells, ',')}\r\n`).join('');
  },
};
