import { startSimulator } from '../../../src/marketplaces/simulator/simulator.ts';
import type { Simulator, SimulatorOptions } from '../../../src/marketplaces/simulator/simulator.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { fetchTransport, NoAnswer, sendTo } from '../../../src/runtime/http.ts';
import type { HttpRequest } from '../../../src/runtime/http.ts';
import { amazonOrder, amazonStage, ebayOrder, ebayStage, heard, seeded } from './stage.ts';
import type { Heard } from './stage.ts';

/** Both marketplaces on real sockets, with one order each that was placed an hour ago. */
export interface Sockets {
  readonly simulator: Simulator;
  /**
   * What the socket brings: a whole answer, or the code of what went wrong.
   * @param leave the caller hangs up as soon as the request has arrived (`ABORTED`)
   */
  send(request: HttpRequest, leave?: 'leave'): Promise<Heard | string>;
  /** Requests with good tokens. */
  readonly confirm: () => HttpRequest;
  readonly read: () => HttpRequest;
  readonly fulfil: () => HttpRequest;
  readonly list: () => HttpRequest;
  readonly exchange: HttpRequest;
}

export async function sockets(options: Partial<SimulatorOptions> = {}): Promise<Sockets> {
  const now = systemClock.now();
  const placedAt = now - 3_600_000;
  const orders = {
    amazon: [{ id: amazonOrder, placedAt, lines: [{ lineId: '10000000000001', sku: 'MUG', quantity: 3 }] }],
    ebay: [{ id: ebayOrder, placedAt, lines: [{ lineId: '20000000000001', sku: 'MUG', quantity: 3 }] }],
  };
  const simulator = await startSimulator({ clock: systemClock, random: seeded(3), pace: 1000, orders, ...options });
  const amazon = fetchTransport(sendTo(simulator.amazon.endpoint));
  const ebay = fetchTransport(sendTo(simulator.ebay.endpoint));
  // The stages only lend the form of a right token exchange.
  const exchanges = { amazon: amazonStage().exchange, ebay: ebayStage().exchange };

  const send: Sockets['send'] = async (request, leave) => {
    const side = request.url.includes('ebay') ? 'ebay' : 'amazon';
    const { ledger } = simulator[side].brain;
    const before = ledger.requests().length;
    const leaving = new AbortController();
    const answer = (side === 'ebay' ? ebay : amazon)(request, AbortSignal.any([leaving.signal, AbortSignal.timeout(20_000)]));
    try {
      if (leave !== undefined) {
        // A rejection that comes before it is awaited below is no surprise.
        answer.catch(() => undefined);
        while (ledger.requests().length === before) await systemClock.sleep(5);
        leaving.abort();
      }
      return heard(await answer);
    } catch (error) {
      if (error instanceof NoAnswer) return error.code;
      throw error;
    }
  };
  const token = async (exchange: HttpRequest): Promise<string> => ((await send(exchange)) as Heard).body.access_token;
  const [amazonToken, ebayToken] = [await token(exchanges.amazon), await token(exchanges.ebay)];

  const amazonHeaders = { 'x-amz-access-token': amazonToken, 'user-agent': 'Test/1.0', 'content-type': 'application/json' };
  const ebayHeaders = { authorization: `Bearer ${ebayToken}`, 'content-type': 'application/json' };
  const shippedAt = Temporal.Instant.fromEpochMilliseconds(now - 1_800_000).toString({ smallestUnit: 'millisecond' });
  let told = 0;
  return {
    simulator,
    send,
    exchange: exchanges.amazon,
    confirm: () => {
      told += 1;
      const packageDetail = { packageReferenceId: String(told), carrierCode: 'GLS', trackingNumber: `GLS${told}`, shipDate: shippedAt, orderItems: [{ orderItemId: '10000000000001', quantity: 1 }] };
      const body = JSON.stringify({ marketplaceId: 'A13V1IB3VIYZZH', packageDetail });
      return { method: 'POST', url: `https://amazon.example/orders/v0/orders/${amazonOrder}/shipmentConfirmation`, headers: amazonHeaders, body };
    },
    read: () => ({ method: 'GET', url: `https://amazon.example/orders/2026-01-01/orders/${amazonOrder}?includedData=PACKAGES`, headers: amazonHeaders, body: null }),
    fulfil: () => {
      told += 1;
      const body = JSON.stringify({ lineItems: [{ lineItemId: '20000000000001', quantity: 1 }], shippedDate: shippedAt, shippingCarrierCode: 'GLS', trackingNumber: `GLS${told}` });
      return { method: 'POST', url: `https://ebay.example/sell/fulfillment/v1/order/${ebayOrder}/shipping_fulfillment`, headers: ebayHeaders, body };
    },
    list: () => ({ method: 'GET', url: 'https://ebay.example/sell/fulfillment/v1/order', headers: ebayHeaders, body: null }),
  };
}
