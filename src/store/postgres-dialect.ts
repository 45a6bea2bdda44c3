import { OperatorNode, PostgresAdapter, PostgresDialect, PostgresQueryCompiler, PrimitiveValueListNode, sql, ValueNode } from 'kysely';
import type { BinaryOperationNode, DialectAdapter, Kysely, PostgresPool, QueryCompiler, RawBuilder } from 'kysely';
import type { Clock } from '../runtime/clock.ts';

/** What statements need to know of a PostgreSQL database beyond their own text; see {@link serverOf}. */
export class ServerAdapter extends PostgresAdapter {
  /** Of every column, by `table.column`; read once the schema stands. */
  readonly types = new Map<string, string>();
  /** What times are compared by instead of the server's own clock. */
  readonly clock: Pick<Clock, 'now'> | undefined;

  constructor(clock: Pick<Clock, 'now'> | undefined) {
    super();
    this.clock = clock;
  }
}

/** The server behind a database or a transaction; null on SQLite. */
export function serverOf<T>(db: Pick<Kysely<T>, 'getExecutor'>): ServerAdapter | null {
  const { adapter } = db.getExecutor();
  return adapter instanceof ServerAdapter ? adapter : null;
}

/** Stands before a column that SQLite is not to be led by: a plus keeps it from the column's index. PostgreSQL goes by what it has counted. */
export function unled<T>(db: Pick<Kysely<T>, 'getExecutor'>): RawBuilder<unknown> {
  return sql.raw(serverOf(db) === null ? '+' : '');
}

/** PostgreSQL as the store speaks it. */
export class ServerDialect extends PostgresDialect {
  readonly adapter: ServerAdapter;

  constructor(pool: PostgresPool, clock: Pick<Clock, 'now'> | undefined) {
    super({ pool });
    this.adapter = new ServerAdapter(clock);
  }

  override createAdapter(): DialectAdapter {
    return this.adapter;
  }

  override createQueryCompiler(): QueryCompiler {
    return new ArrayCompiler();
  }
}

/** A list is one parameter, however long it is: one text of a statement serves all lengths, and is prepared once. */
class ArrayCompiler extends PostgresQueryCompiler {
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const { operator, rightOperand } = node;
    if (!OperatorNode.is(operator) || !PrimitiveValueListNode.is(rightOperand) || (operator.operator !== 'in' && operator.operator !== 'not in')) return super.visitBinaryOperation(node);
    this.visitNode(node.leftOperand);
    this.append(operator.operator === 'in' ? ' = any(' : ' <> all(');
    this.visitNode(ValueNode.create(rightOperand.values));
    this.append(')');
  }
}
