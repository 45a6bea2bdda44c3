import { Client } from 'pg';

/** A statement as it came to the server. */
export interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** One step of a plan. */
export interface Step {
  readonly what: string;
  readonly table: string | null;
  readonly index: string | null;
  /** What the index is asked for; null: it is walked from end to end. */
  readonly by: string | null;
}

export interface Explained {
  readonly steps: readonly Step[];
  /** Pages of tables and indexes that it looked at, where it was really made. */
  readonly pages: number;
}

/** Every statement that `work` sends to a server, each text once. */
export async function heardBy(work: () => Promise<unknown>): Promise<readonly Asked[]> {
  const methods = Client.prototype as unknown as Record<'query', (...given: unknown[]) => unknown>;
  const { query } = methods;
  const heard = new Map<string, Asked>();
  methods.query = function listening(this: unknown, ...given: unknown[]): unknown {
    const [asked] = given as [string | { readonly text: string; readonly values?: readonly unknown[] }];
    const { text, values = [] } = typeof asked === 'string' ? { text: asked } : asked;
    if (/^(select|update|delete|insert|with)\b/i.test(text.trim())) heard.set(text, { text, values });
    return query.apply(this, given);
  };
  try {
    await work();
  } finally {
    methods.query = query;
  }
  return [...heard.values()];
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Node[];
}

/**
 * How a server goes about a statement: with its values, and as it does once it no longer looks at them, which it may from
 * the sixth time on. With its values it is really made, and taken back.
 * @param without an index that is not there meanwhile
 */
export async function explain(db: Client, { text, values }: Asked, without?: string): Promise<{ readonly first: Explained; readonly later: Explained }> {
  const ask = async (options: string, given: readonly unknown[]): Promise<Explained> => {
    const { rows } = await db.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(`explain (format json, ${options}) ${text}`, [...given]);
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan === undefined) throw new Error(`no plan: ${text}`);
    return { steps: stepsOf(plan), pages: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0) };
  };
  await db.query('begin');
  try {
    if (without !== undefined) await db.query(`drop index ${without}`);
    return { later: await ask('generic_plan', []), first: await ask('analyze, buffers', values) };
  } finally {
    await db.query('rollback');
  }
}

function stepsOf(node: Node): Step[] {
  return [{ what: node['Node Type'], table: node['Relation Name'] ?? null, index: node['Index Name'] ?? null, by: node['Index Cond'] ?? null }, ...(node.Plans ?? []).flatMap(stepsOf)];
}
