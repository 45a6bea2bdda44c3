/** What many single measurements come to. In the unit of the measurements. */
export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/**
 * The smallest value that at least a share `p` of the values does not exceed (nearest rank).
 * @param p in [0, 1]
 * @throws where there are no values
 */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
  if (value === undefined) throw new RangeError('no values were measured');
  return value;
}

/** @throws where there are no values */
export function spreadOf(values: readonly number[]): Spread {
  return { n: values.length, p50: percentile(values, 0.5), p99: percentile(values, 0.99), most: Math.max(...values) };
}

/** How many a second, where `count` took `ms`. */
export function perSecond(count: number, ms: number): number {
  return count / (ms / 1000);
}

/** How many times as much as the other; null where there is no other to compare with. */
export function ratio(ours: number, theirs: number | null | undefined): number | null {
  return theirs == null || theirs === 0 ? null : ours / theirs;
}

/** Processor time of this process since `before`, its SQLite included, in µs for each of `count`. */
export function processorTime(before: NodeJS.CpuUsage, count: number): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
