/** Units of one order line inside a parcel. */
export interface ParcelLine {
  readonly lineId: string;
  readonly quantity: number;
}

/**
 * A tracking number as it is compared: letters and digits only, upper case.
 * Two sources that tell of `8R 1234-5678` and `8r12345678` tell of the same parcel.
 */
export function normalTracking(trackingNumber: string): string {
  return trackingNumber.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
}

/** Lines with the same units, whatever their order. A line named twice counts as the sum. */
export function sameLines(a: readonly ParcelLine[], b: readonly ParcelLine[]): boolean {
  const left = units(a);
  const right = units(b);
  return left.size === right.size && [...left].every(([line, quantity]) => right.get(line) === quantity);
}

/** Units per line. */
export function units(lines: readonly ParcelLine[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { lineId, quantity } of lines) sum.set(lineId, (sum.get(lineId) ?? 0) + quantity);
  return sum;
}
