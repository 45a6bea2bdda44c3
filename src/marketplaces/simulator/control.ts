import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import type { SimulatedMarketplace } from './brain.ts';
import { rule } from './faults.ts';
import { newOrder } from './order.ts';
import { json } from './reply.ts';

/** Where a simulated marketplace is controlled, beside the marketplace's own addresses. */
export const controlPath = '/simulator/';

const id = z.string().min(1);
const units = z.array(z.strictObject({ lineId: id, quantity: z.int().min(1) })).min(1);

const event = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('add'), order: newOrder }),
  z.strictObject({ do: z.literal('pay'), order: id }),
  z.strictObject({ do: z.literal('request-cancel'), order: id }),
  z.strictObject({ do: z.literal('cancel'), order: id }),
  z.strictObject({ do: z.literal('ship-by-hand'), order: id, carrier: id.optional(), tracking: id.optional(), lines: units.optional() }),
]);

/**
 * Controls one simulated marketplace from another process: JSON in, JSON out.
 * Only for callers that address this machine as such and send JSON: no page in a browser can do that behind its user's back.
 */
export function control(name: string, marketplace: SimulatedMarketplace, request: HttpRequest): HttpAnswer {
  const url = new URL(request.url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return problem(403, 'only for callers on this machine');
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /simulator/':
      return json(200, description(name, marketplace));
    case 'GET /simulator/ledger': {
      const { ledger } = marketplace;
      return json(200, { packages: ledger.packages(), effects: ledger.effects(), requests: ledger.requests() });
    }
    case 'POST /simulator/faults':
      return posted(request, rule, (read) => json(201, { rule: marketplace.faults.add(read) }));
    case 'DELETE /simulator/faults':
      marketplace.faults.repair();
      return json(200, { rules: [] });
    case 'POST /simulator/orders':
      return posted(request, event, (read) => json(200, { order: happen(marketplace, read) }));
    default:
      return problem(404, 'there is no such address here; GET /simulator/ lists them');
  }
}

/** Lets it happen; the number of the order it happened to. */
function happen({ world }: SimulatedMarketplace, read: z.input<typeof event>): string {
  if (read.do === 'add') return world.add(read.order).id;
  if (read.do === 'pay') world.pay(read.order);
  else if (read.do === 'request-cancel') world.requestCancel(read.order);
  else if (read.do === 'cancel') world.cancel(read.order);
  else world.shipByHand(read.order, read);
  return read.order;
}

function description(name: string, { world, faults }: SimulatedMarketplace): unknown {
  return {
    what: `A simulated ${name}. It listens to this machine only, and nothing here is real.`,
    orders: world.orders().map((order) => order.id),
    faults: faults.list().map(({ left, ...standing }) => ({ ...standing, left: left === Infinity ? 'always' : left })),
    revoked: faults.revoked,
    clockAheadMs: world.skew,
    addresses: {
      'GET /simulator/ledger': 'packages, effects and requests so far',
      'POST /simulator/faults': '{ "call": "*", "times": 1, "fault": { "kind": "cut-after" } }; also "order" and "probability"',
      'DELETE /simulator/faults': 'everything behaves again',
      'POST /simulator/orders':
        '{ "do": "add", "order": { "lines": [{ "sku": "MUG" }] } }, or "pay", "request-cancel", "cancel", "ship-by-hand" with the number as "order"',
    },
  };
}

function posted<Schema extends z.ZodType>(request: HttpRequest, schema: Schema, act: (body: z.input<Schema>) => HttpAnswer): HttpAnswer {
  const type = Object.entries(request.headers).find(([header]) => header.toLowerCase() === 'content-type')?.[1] ?? '';
  if (!/^application\/json\b/i.test(type)) return problem(415, 'send JSON, with "content-type: application/json"');
  const text = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body ?? new Uint8Array());
  try {
    const body = JSON.parse(text) as z.input<Schema>;
    const checked = schema.safeParse(body);
    // What is handed on is what was sent: who receives it reads it by the same schema.
    return checked.success ? act(body) : problem(400, z.prettifyError(checked.error));
  } catch (error) {
    return problem(400, error instanceof Error ? error.message : 'not understood');
  }
}

function problem(status: number, detail: string): HttpAnswer {
  return json(status, { status, detail });
}
