import { shown } from './file-fault.ts';
import type { RefusedRow } from './file-fault.ts';
import type { FileRow } from './file-row.ts';

/**
 * A row that leaves the account empty means the one that the other rows of its order name. Where they name several,
 * the row is refused: it may belong to any of them. `otherwise` is the account of orders for which no row names one.
 */
export function withAccounts(rows: readonly FileRow[], refused: readonly RefusedRow[], otherwise: string | null): { readonly rows: readonly FileRow[]; readonly refused: readonly RefusedRow[] } {
  const named = new Map<string, Set<string>>();
  for (const { order, account } of [...rows, ...refused]) if (account !== null && order !== null) named.set(order, (named.get(order) ?? new Set()).add(account));
  const accountOf = (order: string, account: string | null): string | null => {
    const [only, ...others] = named.get(order) ?? [];
    return account ?? (others.length === 0 ? (only ?? otherwise) : null);
  };
  const isDoubtful = ({ order, account }: FileRow): boolean => account === null && (named.get(order)?.size ?? 0) > 1;
  return {
    rows: rows.filter((row) => !isDoubtful(row)).map((row) => ({ ...row, account: accountOf(row.order, row.account) })),
    refused: [
      ...refused.map((row) => (row.order === null ? row : { ...row, account: accountOf(row.order, row.account) })),
      ...rows.filter(isDoubtful).map(({ row, order }): RefusedRow => ({ row, account: null, order, faults: [{ code: 'account-missing', column: 'account', found: shown(order) }] })),
    ].toSorted((a, b) => a.row - b.row),
  };
}
