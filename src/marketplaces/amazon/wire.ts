import { NoAnswer } from '../../runtime/http.ts';
import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import type { Tools } from '../marketplace.ts';

/** One request on the wire: its answer, or why there was none. */
export type Heard =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'silence'; readonly sent: boolean; readonly fault: string; readonly interrupted: boolean };

type Wire = (request: HttpRequest, signal: AbortSignal) => Promise<Heard>;

/** The transport with a time-out by our clock, and no exceptions. Each request has the whole of `tools.timeout`. */
export function timedWire(tools: Tools): Wire {
  return async (request, signal) => {
    const done = new AbortController();
    const late = new AbortController();
    void tools.clock.sleep(tools.timeout, done.signal).then(() => {
      if (!done.signal.aborted) late.abort();
    });
    try {
      return { kind: 'answer', answer: await tools.transport(request, AbortSignal.any([signal, late.signal])) };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (late.signal.aborted) return { kind: 'silence', sent: error.sent, fault: 'TIMEOUT', interrupted: false };
      if (signal.aborted) return { ...cutOff(signal), sent: error.sent };
      return { kind: 'silence', sent: error.sent, fault: error.code, interrupted: false };
    } finally {
      done.abort();
    }
  };
}

/** The caller's signal ended it: by a time-out of its own, or because everything stops. */
export function cutOff(signal: AbortSignal): Heard & { readonly kind: 'silence' } {
  const timedOut: unknown = signal.reason;
  const late = timedOut instanceof Error && timedOut.name === 'TimeoutError';
  return { kind: 'silence', sent: false, fault: late ? 'TIMEOUT' : 'ABORTED', interrupted: !late };
}
