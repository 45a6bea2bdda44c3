import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';
import { fetchTransport } from '../../src/runtime/http.ts';
import { timeout } from '../../src/runtime/timeout.ts';

describe('a time-out in a process that is held up', () => {
  it('lets what has arrived meanwhile be heard first', async () => {
    const server = createServer((_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '2' });
      // The answer is with the system, on its way to us; nobody reads it while nothing runs here.
      outgoing.end('ok', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const limit = timeout(systemClock, 2_000);
    try {
      const answer = await fetchTransport()({ method: 'GET', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, headers: {}, body: null }, limit.signal);
      expect(new TextDecoder().decode(answer.body)).toBe('ok');
    } finally {
      limit.done();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    }
  });

  it('comes all the same where nothing has arrived', async () => {
    const limit = timeout(systemClock, 100);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    expect(limit.signal.aborted).toBe(false);
    await new Promise((resolve) => limit.signal.addEventListener('abort', resolve));
    expect(limit.expired()).toBe(true);
  });

  it('that was called off while it was held up does not come', async () => {
    let came = false;
    const cancel = systemClock.after(20, () => (came = true));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    setTimeout(cancel, 10);
    await systemClock.sleep(150);
    expect(came).toBe(false);
  });
});
