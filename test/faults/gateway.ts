import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer as createWire } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { fetchTransport, sendTo } from '../../src/runtime/http.ts';
import type { HttpAnswer } from '../../src/runtime/http.ts';
import { closeLater } from './installation.ts';

/** What becomes of an answer on its way: the marketplace has done what it was asked for, and the caller does not hear of it. */
export const troubles = {
  /** Not a byte, ever; the socket stays open. */
  silence: () => undefined,
  /** Headers, then a body of which a byte comes each second. */
  'slow body': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    drip(outgoing.socket, '{"errors":'.padEnd(1_000).split(''));
  },
  /** A header each half second, and no end of them. */
  'headers without end': ({ socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\n');
    drip(socket, Array.from({ length: 1_000 }, (_, n) => `x-${n}: ${n}\r\n`), 500);
  },
  /** Headers as fast as they are taken, and no end of them. */
  'a flood of headers': ({ socket }) => {
    socket?.write(`HTTP/1.1 204 No Content\r\n${Array.from({ length: 20_000 }, (_, n) => `x-${n}: ${'y'.repeat(60)}\r\n`).join('')}`);
  },
  /** A hundred megabytes of JSON, with their length. */
  'a body of 100 MB': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': String(flood) });
    pour(outgoing, flood);
  },
  /** The same in chunks, whose sum nobody was told. */
  'a body of 100 MB in chunks': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    pour(outgoing, flood);
  },
} as const satisfies Record<string, (outgoing: ServerResponse) => void>;

export type Trouble = keyof typeof troubles;

const flood = 100 * 1024 * 1024;

/** Which requests are struck; null: none. */
export type Strikes = (request: { readonly method: string; readonly path: string }) => Trouble | null;

/** A gateway on loopback before a marketplace. Gives its address. */
export async function openGateway(endpoint: string, strikes: Strikes): Promise<string> {
  const onward = fetchTransport(sendTo(endpoint));
  const server = createServer((incoming, outgoing) => {
    void pass(incoming).then((answer) => {
      const trouble = strikes({ method: incoming.method ?? '', path: incoming.url ?? '' });
      if (trouble !== null) troubles[trouble](outgoing);
      else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.on('clientError', (_, socket) => socket.destroy());

  async function pass(incoming: IncomingMessage): Promise<HttpAnswer> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    return onward({ method: incoming.method ?? '', url: new URL(incoming.url ?? '/', endpoint).href, headers, body: chunks.length === 0 ? null : Buffer.concat(chunks).toString() }, new AbortController().signal);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeLater(() => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function drip(socket: Socket | null, parts: readonly string[], pause = 1_000): void {
  const rest = [...parts];
  const dripping = setInterval(() => {
    const next = rest.shift();
    if (next === undefined || socket === null || socket.destroyed) return clearInterval(dripping);
    socket.write(next);
  }, pause);
  socket?.on('error', () => undefined).once('close', () => clearInterval(dripping));
}

function pour(outgoing: ServerResponse, bytes: number): void {
  const part = Buffer.alloc(1024 * 1024, '[0],');
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !outgoing.destroyed) {
      left -= part.length;
      if (!outgoing.write(part)) return void outgoing.once('drain', more);
    }
    outgoing.end();
  };
  more();
}

/** A line to a marketplace that can go dead: nothing is closed, nothing arrives any more. Who calls anew gets a new one. */
export interface Line {
  readonly endpoint: string;
  /** Connections that are open now. */
  open(): number;
  /** Every connection of this moment goes dead. */
  die(): void;
  /** Nobody listens there any more, and every connection is reset. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export async function openLine(endpoint: string): Promise<Line> {
  const there = Number(new URL(endpoint).port);
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createWire((here) => {
    const beyond = connect(there, '127.0.0.1');
    const pair = [here, beyond] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [beyond, here] as const]) {
      from.on('error', () => undefined);
      from.on('data', (bytes: Buffer) => void to.write(bytes));
      from.once('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  closeLater(down);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    open: () => pairs.size,
    die() {
      for (const pair of pairs) for (const socket of pair) socket.removeAllListeners('data').pause();
    },
    down,
    up: () => listen(port),
  };
}
