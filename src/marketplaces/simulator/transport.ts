import type { Clock } from '../../runtime/clock.ts';
import { NoAnswer } from '../../runtime/http.ts';
import type { Transport } from '../../runtime/http.ts';
import type { SimulatedMarketplace } from './brain.ts';

/**
 * Carries requests to a simulated marketplace without a socket. Under a simulated clock nothing waits for real,
 * and a run can be replayed from its seed.
 */
export function withoutSockets(marketplace: Pick<SimulatedMarketplace, 'answer'>, clock: Clock): Transport {
  return async (request, signal) => {
    if (signal.aborted) throw new NoAnswer('ABORTED', false);
    const reply = marketplace.answer(request);
    if (reply.ending === 'cut') throw new NoAnswer('ECONNRESET', true);
    if (reply.ending === 'never') return never(signal);
    if (reply.after > 0) await clock.sleep(reply.after, signal);
    if (signal.aborted) throw new NoAnswer('ABORTED', true);
    const answer = reply.answer();
    if (reply.ending === 'half') throw new NoAnswer('UND_ERR_SOCKET', true);
    return answer;
  };
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new NoAnswer('ABORTED', true)), { once: true });
  });
}
