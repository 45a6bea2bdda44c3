import { Client, Pool } from 'pg';

/** What is under way at a server: a test's clock stands still, and waits for it. */
let underWay = 0;
const waiting: (() => void)[] = [];

function begun(): void {
  underWay += 1;
}

function ended(): void {
  underWay -= 1;
  if (underWay === 0) for (const wake of waiting.splice(0)) wake();
}

/** Has every statement counted, and every connection that is opened. */
export function watchServer(): void {
  watch(Client.prototype, 'query');
  watch(Pool.prototype, 'connect');
}

function watch(prototype: object, name: string): void {
  const methods = prototype as Record<string, (...given: unknown[]) => unknown>;
  const method = methods[name];
  if (method === undefined || method.name === 'counted') return;
  methods[name] = function counted(this: unknown, ...given: unknown[]): unknown {
    const result = method.apply(this, given);
    if (!(result instanceof Promise)) return result;
    begun();
    return result.finally(ended);
  };
}

/** Everything that can go on without time passing has gone on. */
export async function settled(): Promise<void> {
  for (let calm = 0; calm < 3; ) {
    if (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    calm = underWay > 0 ? 0 : calm + 1;
  }
}
