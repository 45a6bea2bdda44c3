import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { closeLater } from './installation.ts';

/** A way to a server that can be cut in the worst manner: both ends stand, and nothing comes through any more. */
export interface Wire {
  readonly port: number;
  /** Every connection that stands now is half open from now on; new ones come through. */
  freeze(): void;
  /** Every connection is cut, and nobody listens any more: what is behind it has gone to another address. */
  close(): Promise<void>;
}

export async function openWire(to: number): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [pair, [far, near] as const]) one.on('error', () => other.destroy()).on('close', () => (pairs.delete(pair), other.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  closeLater(close);
  return {
    close,
    port: (server.address() as AddressInfo).port,
    freeze() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
        far.resume();
      }
    },
  };
}
